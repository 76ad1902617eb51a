"""Counts by group: a label of officials is no group, and all = named groups + not attributed."""

from __future__ import annotations

from datetime import date

from geo.analysis.counting.groups import by_group
from geo.districts import load_groups
from geo.filters import Filters
from geo.group_names import OFFICIAL_LABEL
from geo.incidents import build
from tests.real_tables import register
from tests.register_file import rows
from tests.toy import PCODES, row, table

LABEL = "ttp_or_allied_official_label"


def test_a_label_counts_as_no_group() -> None:
    keys = ["ttp", "ttp", "iskp", LABEL, "unid"]
    shown = build({"1": table(*(row(n, group_id=key) for n, key in enumerate(keys)))}, PCODES, "v")
    found = by_group(shown, Filters(groups=("iskp",)))
    assert dict(found.named) == {"ttp": 2, "iskp": 1}
    assert (dict(found.labels), found.n_unattributed) == ({LABEL: 1}, 2)
    assert found.families == {"ttp": ("ttp",), "iskp": ("iskp",)}


def test_counts_are_those_under_the_other_parts_of_the_filter() -> None:
    days = [date(2023, 1, 1), date(2024, 1, 1)]
    shown = build({"1": table(*(row(n, group_id="ttp", day=day) for n, day in enumerate(days)))}, PCODES, "v")
    assert dict(by_group(shown, Filters(start=date(2024, 1, 1))).named) == {"ttp": 1}


def test_the_register_names_as_many_groups_as_its_file() -> None:
    groups = load_groups()
    named = [row for row in rows() if row["group_claimed"]]
    labels = [r for r in named if groups.groups[groups.group_id(r["group_claimed"])].kind == OFFICIAL_LABEL]
    found = by_group(register(), Filters())
    assert sum(found.labels.values()) == len(labels)
    assert sum(found.named.values()) == len(named) - len(labels)
    assert sum(found.named.values()) + found.n_unattributed == len(rows())


def test_groups_have_a_family_and_a_dated_nature() -> None:
    groups = load_groups().groups
    assert groups["ttp"].family == "ttp"
    assert groups["tribal"].family == "tribal"
    taliban = groups["afghan_taliban"]
    assert (taliban.kind, taliban.kind_until, taliban.kind_after) == (
        "militant",
        date(2021, 8, 14),
        "foreign_government",
    )
