"""A citation names what is shown, its version, day and address, in forms that reference managers read."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

from geo.atlas import Atlas
from geo.export.citation import ATLAS_VERSION, Citation, citation_of
from geo.export.columns import DISTRICTS, INCIDENTS
from geo.export.notes import notes_of
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.filters import Filters

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://atlas.example/points?from=2024-01-01&group=ttp%2Ciskp&version=0123456789ab"


def at_address(view: ExportedView) -> ExportedView:
    return replace(view, settings=replace(view.settings, address=ADDRESS))


def bibtex_fields(entry: str) -> tuple[str, str, dict[str, str]]:
    """Return (type, key, fields) of one entry, counting braces as BibTeX does."""
    kind, key, body = re.fullmatch(r"@(\w+)\{([^,\s]+),\n(.*)\n\}\n", entry, re.DOTALL).groups()  # type: ignore[union-attr]
    fields = {}
    for line in body.split("\n"):
        name, value = re.fullmatch(r"  ([a-z]+) = \{(.*)\},", line).groups()  # type: ignore[union-attr]
        depth = 0
        for sign in value:
            depth += (sign == "{") - (sign == "}")
            assert depth >= 0
        assert depth == 0
        fields[name] = value
    return kind, key, fields


def test_the_text_names_title_version_day_address_and_sources(whole_view: ExportedView) -> None:
    view = at_address(whole_view)
    said = citation_of(notes_of(view, DISTRICTS)).text()
    version = view.version
    assert said.startswith("KP Incident Atlas contributors (2026): People killed, per 100,000 residents a year by dis")
    for part in (view.period, f"version {ATLAS_VERSION}", version.code, "28 November 2026", ADDRESS, "GeoNames"):
        assert part in said


def test_filters_and_count_are_cited_in_every_form(atlas: Atlas) -> None:
    narrow = Filters(targets=("police",), fatal_only=True, sources="register")
    notes = notes_of(atlas.exported(ViewSettings(narrow)), INCIDENTS)
    cited = citation_of(notes)
    for form in (cited.text(), cited.bibtex(), cited.csl_json()):
        assert all(said in form for said in ("Target: Police", "Fatal incidents only", notes.shown))
    assert "Target: Police" in cited.title


def test_bibtex_is_one_entry_whose_braces_close(whole_view: ExportedView) -> None:
    view = at_address(whole_view)
    kind, key, fields = bibtex_fields(citation_of(notes_of(view, INCIDENTS)).bibtex())
    assert (kind, key) == ("misc", f"kp-atlas-{view.version.code}-{notes_of(view, INCIDENTS).settings_hash}")
    assert fields["year"] == "2026"
    assert fields["url"] == ADDRESS
    assert fields["author"] == "{KP Incident Atlas contributors}"


def test_signs_with_a_meaning_in_bibtex_are_written_out() -> None:
    hostile = Citation("k", r"50 % {a \cmd_x & #1 $y ~ ^", date(2026, 1, 2), "1", "data", ("credit",))
    title = bibtex_fields(hostile.bibtex())[2]["title"]
    assert title == (
        r"{50 \% \textbraceleft{}a \textbackslash{}cmd\_x \& \#1 \$y \textasciitilde{} \textasciicircum{}}"
    )  # fmt: skip


def test_csl_has_the_keys_of_its_schema(whole_view: ExportedView) -> None:
    view = at_address(whole_view)
    (item,) = json.loads(citation_of(notes_of(view, DISTRICTS)).csl_json())
    # Keys and types of https://github.com/citation-style-language/schema, csl-data.json.
    allowed = {"id", "type", "title", "author", "issued", "container-title", "publisher", "version", "note", "URL"}
    assert set(item) == allowed
    assert item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[2026, 11, 28]]}
    assert item["author"] == [{"literal": "KP Incident Atlas contributors"}]
    assert all(isinstance(item[name], str) for name in allowed - {"author", "issued"})


def test_without_an_address_none_is_claimed(whole_view: ExportedView) -> None:
    cited = citation_of(notes_of(whole_view, INCIDENTS))
    assert "URL" not in cited.csl()[0]
    assert "url" not in bibtex_fields(cited.bibtex())[2]
    assert "http" not in cited.text()


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == ATLAS_VERSION
    assert f"version: {ATLAS_VERSION}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
