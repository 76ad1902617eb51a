"""The lines of evidence as JSON values: one object a district; see docs/access.schema.json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from geo.analysis.evidence.lines import DistrictEvidence, Evidence, Official
from geo.analysis.evidence.statements import Statement


def evidence_values(found: Evidence) -> dict[str, Any]:
    """Return the evidence of a window as values that json.dumps takes; floats have four decimals."""
    together = found.synthesis
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "sources": [
            {
                "publisher": column.publisher,
                "kind": column.kind,
                "from": column.first.isoformat(),
                "to": column.last.isoformat(),
                "url": column.url or None,
                "attacks_per_100000_and_year_of_the_typical_district": round(together.levels[column.publisher], 4),
            }
            for column in together.columns
        ],
        "province": _statements(found.province),
        "districts": [_district(one, found) for one in found.districts],
    }


def _district(one: DistrictEvidence, found: Evidence) -> dict[str, Any]:
    return {
        "pcode": one.pcode,
        "name": one.name,
        "reported": {
            "described_no_go": _statements(one.described),
            "denied": _statements(one.denied),
            "other": _statements(one.said),
        },
        "published_totals": [_official(official) for official in one.officials],
        "recorded": {
            "attacks_by_source": dict(one.recorded),
            "index_class": one.index_class,
            "held_of_published": one.held,
            "published": one.stated,
            "is_comparable": one.is_comparable,
        },
        "together": _together(one),
        "contradictions": [str(code) for code in one.contradictions],
        "narrowed_most_by": [
            {
                "publisher": missing.publisher or None,
                "from": missing.first.isoformat(),
                "to": missing.last.isoformat(),
                "interval_shorter_by": round(missing.by, 4),
            }
            for missing in found.narrowing(one.pcode)
        ],
    }


def _together(one: DistrictEvidence) -> dict[str, Any]:
    """Return the rate ratio; without a source only the prior speaks, which is no result."""
    is_stated = one.n_publishers > 0
    values = {
        "class_at_half_sigma": one.together_half,
        "class_at_twice_sigma": one.together_twice,
        "rate_ratio": round(one.ratio, 4),
        "rate_ratio_low_90": round(one.low, 4),
        "rate_ratio_high_90": round(one.high, 4),
        "probability_above_three": round(one.probability, 4),
    }
    return {
        "class": one.together if is_stated else "no_source",
        **{name: value if is_stated else None for name, value in values.items()},
        "n_publishers": one.n_publishers,
    }


def _official(official: Official) -> dict[str, Any]:
    total = official.total
    return {
        "publisher": total.publisher,
        "from": total.first.isoformat(),
        "to": total.last.isoformat(),
        "attacks": total.value,
        "per_100000_and_year": round(official.rate, 4),
        "low_90": round(official.low, 4),
        "high_90": round(official.high, 4),
        "in_the_register": official.recorded,
        "url": total.url,
        "page_date": total.day and total.day.isoformat(),
        "note": total.note,
    }


def _statements(said: Sequence[Statement]) -> list[dict[str, Any]]:
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in asdict(statement).items()}
        for statement in said
    ]
