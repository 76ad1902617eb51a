"""Names of tolls by their words; cells of tolls with words: the number of the column, or not stated and said."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.toll_columns import toll_head
from geo.ingest.notes import NoteKind


def toll(name: str) -> tuple[str, str] | None:
    head = toll_head(name)
    return (head.assigned, head.verb) if head else None


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("شہید", ("killed_victims", "victims")),
        ("شہداء", ("killed_victims", "victims")),
        ("شهداء", ("killed_victims", "victims")),
        ("شہداء کی تعداد", ("killed_victims", "victims")),
        ("شہید پولیس اہلکار", ("killed_police", "victims")),
        ("شہید اہلکار", ("killed_forces", "victims")),
        ("ایف سی اہلکار شہید", ("killed_military", "victims")),
        ("شہید فوجی", ("killed_military", "victims")),
        ("شہید شہری", ("killed_civilian", "victims")),
        ("زخمی", ("injured_total", "injured")),
        ("زخمی افراد", ("injured_total", "injured")),
        ("زخمی اہلکار", ("injured_total", "injured")),
        ("زخمیوں کی تعداد", ("injured_total", "injured")),
        ("ہلاک", ("killed_total", "killed")),
        ("ہلاکتیں", ("killed_total", "killed")),
        ("کل ہلاکتیں", ("killed_total", "killed")),
        ("جاں بحق", ("killed_total", "killed")),
        ("جاں بحق افراد", ("killed_total", "killed")),
        ("ہلاک دہشت گرد", ("killed_militant", "killed")),
        ("ہلاک دہشتگرد", ("killed_militant", "killed")),
        ("ہلاک دہشت\u200cگرد", ("killed_militant", "killed")),
        ("ہلاک ہونے والے دہشت گرد", ("killed_militant", "killed")),
        ("Shaheed police", ("killed_police", "victims")),
        ("Shaheed ahlkar", ("killed_forces", "victims")),
        ("zakhmi", ("injured_total", "injured")),
        ("Zakhmi afrad", ("injured_total", "injured")),
        ("halak", ("killed_total", "killed")),
        ("Halak dehshat gard", ("killed_militant", "killed")),
        ("Kul halakatein", ("killed_total", "killed")),
        ("Martyred (Police)", ("killed_police", "victims")),
        ("SFs martyred", ("killed_forces", "victims")),
        ("Inj.", ("injured_total", "injured")),
        ("Dead", ("killed_total", "killed")),
        ("KIA", ("killed_total", "killed")),
        ("WIA", ("injured_total", "injured")),
        ("KIA/WIA", None),
        ("Casualties", None),
        ("Total casualties", None),
        ("Police casualties", None),
        ("جانی نقصان", None),
        ("Officials killed", None),
    ],
)
def test_the_name_of_a_toll_is_read_by_its_words(name, right):
    assert toll(name) == right


def read_cells(read, name: str, *cells: str):
    rows = "".join(f'2024-03-{day:02d},Bannu,"{cell}"\n' for day, cell in enumerate(cells, start=1))
    result = read(f"Date,District,{name}\n{rows}")
    assert result.n_refused == 0
    return result


@pytest.mark.parametrize(
    ("name", "cell", "number"),
    [
        ("Killed", "6*", 6),
        ("Killed", "4[1]", 4),
        ("Killed", "4 [note 1][a]", 4),
        ("Killed", "6 **", 6),
        ("Killed", "02 x FC", 2),
        ("Killed", "2 x policemen", 2),
        ("Killed", "03 (one critical)", 3),
        ("Injured", "03 (one critical)", 3),
        ("Injured", "3 (2 serious)", 3),
        ("Killed", "2 killed, 5 injured", 2),
        ("Injured", "2 killed, 5 injured", 5),
        ("Killed", "02 shaheed, 05 injured", 2),
        ("Injured", "02 shaheed and 05 zakhmi", 5),
        ("Killed", "1 (police)", 1),
        ("Killed", "2 police, 3 civilians", 5),
        ("Killed", "2 police + 3 FC", 5),
        ("Killed", "two policemen martyred", 2),
        ("Killed", "3 (2 injured)", 3),
        ("Killed", "شہید 2، زخمی 5", 2),
        ("Killed", "2 killed/5 injured", 2),
        ("Injured", "2 killed 5 injured", 5),
        ("Killed", "2 killed (1 police, 1 FC)", 2),
        ("Killed", "police 2, FC 3", 5),
        ("Killed", "3 including 2 police", 3),
        ("Killed", "1 (driver)", 1),
        ("Killed", "02 Nos", 2),
        ("Killed", "2 (FC-1 Police-1)", 2),
        ("Killed", "2~3", 2),
        ("Killed", "~3", 3),
        ("Killed", "NIL.", 0),
        ("Killed", "N.A", None),
        ("Killed", "3 casualties", None),
        ("Killed", "1 SI", 1),
        ("Killed", "1 FC man", 1),
        ("Killed", "2 women", 2),
        ("Killed", "1 (cop)", 1),
        ("Police martyred", "2 police, 3 FC", 2),
        ("Police martyred", "1 (police)", 1),
        ("Police martyred", "02 (constable)", 2),
        ("Police martyred", "0 police, 3 FC", 0),
        ("Police injured", "2 police, 3 FC", 2),
        ("Security forces killed", "2 policemen", 2),
        ("Killed", "Nil", 0),
        ("Killed", "—", None),
        # What stays open is not stated, and said.
        ("Killed", "2+3", None),
        ("Killed", "2 killed, 5", None),
        ("Killed", "several", None),
        ("Killed", "3 (or 4)", None),
        ("Killed", "2 (plus 3 militants)", None),
        # Other people than the column counts.
        ("Police martyred", "02 x FC", None),
        ("Police martyred", "3 civilians", None),
        ("Civilians killed", "1 (police)", None),
        ("Civilians killed", "2 (policemen shot dead)", None),
        ("Civilians killed", "3 (2 police, 1 FC)", None),
        ("Civilians killed", "3 (3 police)", None),
        ("Police martyred", "3 (plus 1 FC)", None),
        # A smaller number of another side and the occasion say nothing of them all.
        ("Civilians killed", "3 (2 police)", 3),
        ("Civilians killed", "3 including 2 police", 3),
        ("Police martyred", "3 (1 FC)", 3),
        ("Civilians killed", "3 (attack on police)", 3),
        ("Civilians killed", "2 (police firing)", 2),
        ("Civilians killed", "2 (پولیس پر حملہ)", 2),
        ("Civilians killed", "2 (IED blast near FC post)", 2),
        ("Killed", "3 (injured)", None),
        ("Militants killed", "2 shaheed", None),
        ("Killed", "3 injured", None),
        ("Injured", "3 killed", None),
        ("Police injured", "2 FC", None),
    ],
)
def test_the_number_of_a_cell_is_the_one_of_its_column_or_is_not_stated(read, name, cell, number):
    result = read_cells(read, name, cell, "4")
    head = toll_head(name)
    canonical = {"injured_total": "injured", "killed_total": "killed_best"}.get(head.assigned, head.assigned)
    canonical = "killed_best" if canonical in ("killed_forces", "killed_victims") else canonical
    assert result.rows[canonical].to_pylist() == [number, 4]
    told = {
        word
        for note in result.notes
        if note.kind in (NoteKind.NUMBERS_IN_WORDS, NoteKind.UNREADABLE_COUNTS, NoteKind.COUNTS_OF_OTHERS)
        for word, _, _ in note.values["words"]
    }
    said_otherwise = (NoteKind.WORDS_FOR_ZERO, NoteKind.WORDS_FOR_NOT_STATED, NoteKind.RANGES_KEPT)
    assert cell in told or any(note.kind in said_otherwise for note in result.notes)


def test_people_of_another_side_are_said_to_be_left_out(read):
    result = read_cells(read, "Police martyred", "02 x FC", "3 civilians", "1")
    (note,) = [one for one in result.notes if one.kind is NoteKind.COUNTS_OF_OTHERS]
    assert [word for word, _, _ in note.values["words"]] == ["02 x FC", "3 civilians"]
