"""Which column says what was done: the one that tells most kinds, whatever its name and a few long cells."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.column_proposals import propose_columns
from geo.ingest.notes import NoteKind


def attacks(result) -> list[str]:
    return result.rows["attack_type"].to_pylist()


FINER = [
    ("Category", "Sub-category", ["Terrorism,IED", "Terrorism,Target killing", "Crime,Kidnapping"]),
    ("Type", "Subtype", ["Terrorism,IED", "Terrorism,Target killing", "Other,Kidnapping"]),
    ("Event type", "Sub category", ["Attack,IED blast", "Attack,Targeted killing", "Crime,Abduction"]),
    ("Incident Category", "subCategory", ["Violence,IED", "Violence,Target killing", "Crime,Kidnapping"]),
    ("Nature", "Sub type of incident", ["Terrorism,IED", "Terrorism,Target killing", "Terrorism,Kidnapping"]),
]


@pytest.mark.parametrize(("broad", "fine", "kinds"), FINER)
@pytest.mark.parametrize("fine_first", [False, True])
def test_the_finer_of_two_columns_of_kinds_is_read(read, broad, fine, kinds, fine_first):
    cells = [one.split(",")[::-1] if fine_first else one.split(",") for one in kinds]
    names = [fine, broad] if fine_first else [broad, fine]
    rows = [f"2024-03-0{day},Bannu,{','.join(one)}" for day, one in enumerate(cells, start=1)]
    found = read("\n".join([f"Date,District,{','.join(names)}", *rows]) + "\n")
    assert attacks(found) == ["ied", "targeted_killing", "abduction"]
    proposed = {
        one.field: one.column
        for one in propose_columns({name: [line[place] for line in cells] for place, name in enumerate(names)})
    }
    assert proposed == {"attack_type": fine, "broad_type": broad}


def test_long_texts_of_a_few_rows_make_no_column_of_kinds_a_report(read):
    rows = [f"2024-03-{day:02},Bannu,Terrorism,{'IED' if day % 2 else 'Ambush'}" for day in range(1, 21)]
    rows += [f"2024-03-2{n},Bannu,Terrorism,not a kind {n}" for n in range(1, 4)]
    found = read("\n".join(["Date,District,Category,Sub-category", *rows]) + "\n")
    assert attacks(found)[:20] == ["ied", "ambush"] * 10


def test_a_blank_finer_cell_leaves_the_broad_word(read):
    found = read(
        "Date,District,Category,Sub-category\n2024-03-01,Bannu,IED,Ambush\n2024-03-02,Tank,IED,Kidnapping\n"
        "2024-03-03,Tank,IED,\n2024-03-04,Tank,,\n"
    )
    assert attacks(found) == ["ambush", "abduction", "ied", "unknown"]
    (columns,) = [note for note in found.notes if note.kind is NoteKind.COLUMNS_READ]
    assert "Category" in str(columns.values["columns"])


@pytest.mark.parametrize(
    "kinds", [["IED,night", "Ambush,day"], ["IED,", "Ambush,"], ["IED,remote", "Kidnapping,for ransom"]]
)
def test_a_column_of_details_is_no_finer_kind(read, kinds):
    rows = [f"2024-03-0{day},Bannu,{one}" for day, one in enumerate(kinds, start=1)]
    found = read("\n".join(["Date,District,Category,Sub-category", *rows]) + "\n")
    assert attacks(found)[0] == "ied"
    (left,) = [note for note in found.notes if note.kind is NoteKind.COLUMNS_NOT_USED]
    assert left.values["columns"] == "Sub-category"


def test_a_subtype_of_a_target_is_no_kind_of_attack(read):
    found = read(
        "Date,District,Target type,Subtype\n2024-03-01,Bannu,Police,Police patrol\n2024-03-02,Tank,Army,Checkpoint\n"
    )
    assert attacks(found) == ["unknown", "unknown"]


LONG = "Firing by unknown armed men riding a motorcycle on a police mobile van near the bazaar in the evening, no {}"


@pytest.mark.parametrize("name", ["Incident", "Attack", "What happened?"])
@pytest.mark.parametrize("kinds", [["IED blast"], ["Ambush", "IED blast"], ["Suicide attack"] * 2])
def test_a_few_long_cells_do_not_make_kinds_into_texts(read, name, kinds):
    # Kinds recur, long texts do not: of different texts most are long, of rows few.
    cells = [*(kinds * 6), *(f'"{LONG.format(n)}"' for n in range(3))]
    rows = [f"2024-03-{day:02},Bannu,{one}" for day, one in enumerate(cells, start=1)]
    found = read("\n".join([f"Date,District,{name}", *rows]) + "\n")
    assert "unknown" not in attacks(found)
    assert attacks(found)[-1] == "armed_assault"


def test_long_cells_with_a_few_short_ones_stay_texts(read):
    cells = [*(f'"{LONG.format(n)}"' for n in range(6)), "IED blast", "IED blast"]
    rows = [f"2024-03-{day:02},Bannu,{one}" for day, one in enumerate(cells, start=1)]
    found = read("\n".join(["Date,District,Incident", *rows]) + "\n")
    assert set(attacks(found)) == {"unknown"}


def test_a_column_of_words_is_no_number_of_incidents():
    columns = {"date": ["2024-03-04"] * 3, "attack": ["IED blast", "Ambush", "Suicide attack"]}
    assert {one.field: one.column for one in propose_columns(columns)}["attack_type"] == "attack"
    assert {one.field for one in propose_columns(columns | {"attack": ["1", "2", "3"]})} >= {"n_events"}
