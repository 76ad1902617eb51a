"""What people and programs do to a table before they pass it on: each change leaves the answer as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from benchmarks.field_sheet import DATA_SHEET, OF_RECORDS, Sheet

_STYLES: tuple[tuple[str, str], ...] = (
    ("%d/%m/%Y", "DMY"),
    ("%d-%m-%Y", "DMY"),
    ("%d.%m.%Y", "DMY"),
    ("%m/%d/%Y", "MDY"),
    ("%d/%m/%Y %H:%M", "DMY"),
    ("%d %B %Y", ""),
    ("%d-%b-%y", ""),
    ("%d-%b-%Y", ""),
    ("%B %d, %Y", ""),
    ("%A, %B %d, %Y", ""),
    ("%a %d %b %Y", ""),
    ("%Y%m%d", ""),
    ("%Y/%m/%d", ""),
    ("%Y-%m-%dT%H:%M:%S", ""),
    ("%Y-%m-%d %H:%M:%S.000", ""),
    ("%d/%m/%y", "DMY"),
    ("%m/%d/%y", "MDY"),
    ("%m/%d/%Y %I:%M:%S %p", "MDY"),
    ("%-d-%-m-%Y", "DMY"),
    ("%-d/%-m/%Y", "DMY"),
    ("%-d %B, %Y", ""),
    ("%-dth of %B %Y", ""),
    ("%d%b%Y", ""),
    ("%d/%b/%Y", ""),
    ("%Y-%b-%d", ""),
    ("%b %d %Y", ""),
    ("%b. %d, %Y", ""),
    ("%d.%b.%Y", ""),
    ("%a, %d %b %Y %H:%M:%S", ""),
    ("%Y.%m.%d", ""),
    ("%Y-%m-%dT%H:%M:%SZ", ""),
    ("%d-%B-%Y (%A)", ""),
    ("serial", ""),
)
_SPELLINGS = {
    "Dera Ismail Khan": ("D.I.Khan", "DI Khan", "D. I. Khan"),
    "South Waziristan": ("S.Waziristan", "South Waziristan Agency", "SWA"),
    "Khyber": ("Khyber Agency", "KHYBER"),
    "Kurram": ("Kurram Agency", "Kurrum"),
    "Bajaur": ("Bajaur Agency", "Bajour"),
    "Lower Dir": ("Dir Lower", "Dir (Lower)"),
    "Swat": ("SWAT", "District Swat"),
    "Charsadda": ("Charsada", "CHARSADDA"),
}
_AROUND_DISTRICTS = (
    "District {}",
    "{} District",
    "Distt: {}",
    "{}, KP",
    "{} (KP)",
    " {} ",
    "{}, Khyber Pakhtunkhwa",
    "Distt. {}",
)
_AROUND_NAMES = ("{} ", " {}", "{}*", "{}:", "{}.", "{}\u00a0", "{}\n", "{} (as reported)")
_FOOTNOTES = (
    "Source: press reports",
    "Note: figures are provisional",
    "Prepared by: Incident desk",
    "* under verification",
)
_NOTHING = ("NaN", "NULL", "null", "N/A", "#N/A", "nan", "-", "--", "NA", "n.a.", "None")
_STRANGE_WORDS = ("Quadcopter drop", "Misc.", "N/K", "Polio team", "Unclassified", "see remarks", "BDS call")
# A vertical tab, an escape and a C1 control character, as old databases and copied pages leave them.
_CONTROLS = ("\x0b", "\x1b", "\x85", "\x1f")
_SPOILT = ("ï»¿", "ï..", "X.U.FEFF.")


# --- changes: each returns whether it could be made -------------------------------------------------------


def _rename(sheet: Sheet) -> bool:
    if sheet.is_named:
        write = sheet.rng.choice((str.upper, str.lower, str.title, lambda name: name.replace("_", " ")))
        sheet.names = [write(name) for name in sheet.names]
        return True
    taken = {name.casefold() for name in sheet.names}
    open_places = [
        (place, name)
        for place, column in enumerate(sheet.columns)
        for name in (column.names if column else ())
        if name.casefold() not in taken
    ]
    if not open_places:
        return False
    place, name = sheet.rng.choice(open_places)
    sheet.names[place] = name
    return True


def _drop(sheet: Sheet) -> bool:
    places = [place for place, column in enumerate(sheet.columns) if column is not None and not column.is_needed]
    if not places:
        return False
    gone = set(sheet.rng.sample(places, sheet.rng.randint(1, min(3, len(places)))))
    _keep(sheet, [place for place in range(len(sheet.names)) if place not in gone])
    return True


def _reorder(sheet: Sheet) -> bool:
    order = list(range(len(sheet.names)))
    sheet.rng.shuffle(order)
    _keep(sheet, order)
    return True


def _keep(sheet: Sheet, places: Sequence[int]) -> None:
    sheet.names = [sheet.names[place] for place in places]
    sheet.columns = [sheet.columns[place] for place in places]
    sheet.rows = [[row[place] for place in places] for row in sheet.rows]


def _date_style(sheet: Sheet) -> bool:
    places = sheet.places("date")
    if not places:
        return False
    style, order = sheet.rng.choice(_STYLES)
    for place in places:
        sheet.rewrite(place, lambda _number, cell: _written(cell, style))
    if order:
        sheet.answers["date_order"] = order
    sheet.changes.append(style)
    return True


def _mixed_dates(sheet: Sheet) -> bool:
    """Write dates in two ways that each have one meaning."""
    places = sheet.places("date")
    styles = sheet.rng.sample([style for style, order in _STYLES if not order], 2)
    for place in places:
        sheet.rewrite(place, lambda number, cell: _written(cell, styles[number % 2]))
    return bool(places)


def _written(cell: str, style: str) -> str:
    day = date.fromisoformat(cell)
    # The number that a spreadsheet program keeps for a day.
    return str(day.toordinal() - date(1899, 12, 30).toordinal()) if style == "serial" else day.strftime(style)


def _index(sheet: Sheet) -> bool:
    if sheet.container in OF_RECORDS:
        return False
    _insert(sheet, 0, sheet.rng.choice(("", "", "Unnamed: 0")), [str(number) for number in range(len(sheet.rows))])
    return True


def _repeat_name(sheet: Sheet) -> bool:
    """Add a column of other content under a name that the table has already, as merged tables do."""
    if sheet.container in OF_RECORDS:
        return False
    name = sheet.names[sheet.rng.choice(sheet.places("mark", "word", "text"))]
    _insert(sheet, len(sheet.names), name, ["AFP" if number % 2 else "" for number in range(len(sheet.rows))])
    return True


def _insert(sheet: Sheet, place: int, name: str, cells: Sequence[str]) -> None:
    sheet.names.insert(place, name)
    sheet.columns.insert(place, None)
    for row, cell in zip(sheet.rows, cells, strict=True):
        row.insert(place, cell)


def _control(sheet: Sheet) -> bool:
    places = sheet.places("text", "mark")
    if sheet.container.startswith("xlsx") or not places:
        return False  # a workbook cannot hold them
    place, mark, hit = sheet.rng.choice(places), sheet.rng.choice(_CONTROLS), sheet.rng.randrange(3)
    sheet.rewrite(place, lambda number, cell: f"{cell} {mark}end" if number % 3 == hit else cell)
    return True


def _strange_words(sheet: Sheet) -> bool:
    places = sheet.places("word")
    if not places:
        return False
    place = sheet.rng.choice(places)
    sheet.rewrite(place, lambda _number, cell: sheet.rng.choice(_STRANGE_WORDS) if sheet.rng.random() < 0.4 else cell)
    return True


def _spellings(sheet: Sheet) -> bool:
    places = sheet.places("district")
    for place in places:
        sheet.rewrite(place, lambda _number, cell: sheet.rng.choice(_SPELLINGS.get(cell, (cell,))))
    return bool(places)


def _around_districts(sheet: Sheet) -> bool:
    around, places = sheet.rng.choice(_AROUND_DISTRICTS), sheet.places("district")
    for place in places:
        sheet.rewrite(place, lambda _number, cell: around.format(cell))
    return bool(places)


def _around_names(sheet: Sheet) -> bool:
    for place in sheet.rng.sample(range(len(sheet.names)), min(3, len(sheet.names))):
        column = sheet.columns[place]
        around = sheet.rng.choice(
            _AROUND_NAMES if column is None or column.role in ("word", "text") else _AROUND_NAMES[:-1]
        )
        sheet.names[place] = around.format(sheet.names[place])
    return True


def _words_for_nothing(sheet: Sheet) -> bool:
    """Write a word for nothing into blank cells and into some cells of words."""
    word = sheet.rng.choice(_NOTHING)
    for place in range(len(sheet.names)):
        column = sheet.columns[place]
        share = 0.2 if column is not None and column.role == "word" else 0.0
        sheet.rewrite(
            place, lambda _number, cell, share=share: word if not cell or sheet.rng.random() < share else cell
        )
    return True


def _floats(sheet: Sheet) -> bool:
    """Write whole numbers with a fraction, as programs do for columns with blank cells."""
    places = [
        place
        for place in sheet.places("killed", "")
        if all(row[place].isdigit() and len(row[place]) < 4 for row in sheet.rows)
    ]
    for place in places:
        sheet.rewrite(place, lambda _number, cell: f"{cell}.0")
    return bool(places)


def _footnotes(sheet: Sheet) -> bool:
    if sheet.container in OF_RECORDS:
        return False
    width = len(sheet.names)
    lines = sheet.rng.sample(_FOOTNOTES, sheet.rng.randint(1, 2))
    sheet.below += [[""] * width, *([line, *[""] * (width - 1)] for line in lines)]
    return True


def _header_again(sheet: Sheet) -> bool:
    """Repeat the row of names under the table, as pages put together have it."""
    if sheet.container in OF_RECORDS:
        return False
    sheet.below.append(list(sheet.names))
    return True


def _title(sheet: Sheet) -> bool:
    if sheet.container in OF_RECORDS:
        return False
    title = sheet.rng.choice(
        ("KP incidents - prepared by the safety desk", "Confidential", "List of incidents (updated)")
    )
    sheet.above = [[title], []] if sheet.rng.random() < 0.5 else [[title]]
    return True


def _total(sheet: Sheet) -> bool:
    """Write a row of sums under the table, with its name in the first column."""
    counts = [place for place in sheet.places("killed", "") if all(row[place].isdigit() for row in sheet.rows)]
    row = [""] * len(sheet.names)
    for place in counts:
        row[place] = str(sum(int(one[place]) for one in sheet.rows))
    row[0] = sheet.rng.choice(("Total", "TOTAL", "Grand Total", "Total:"))
    if sheet.is_named or sheet.columns[0] is None:
        return False
    sheet.below.append(row)
    return True


def _blank_rows(sheet: Sheet) -> bool:
    if sheet.container in OF_RECORDS:
        return False
    sheet.below += [[""] * len(sheet.names) for _ in range(sheet.rng.randint(1, 5))]
    return True


def _decimal_comma(sheet: Sheet) -> bool:
    places = sheet.places("degrees")
    for place in range(len(sheet.names)) if places else ():
        sheet.rewrite(place, lambda _number, cell: re.sub(r"\A(-?\d+)\.(\d+)\Z", r"\1,\2", cell))
    if places:
        sheet.container = "csv ;"
        sheet.changes[0] = "csv ;"
        sheet.answers["decimal_mark"] = ","
    return bool(places)


def _byte_order_mark(sheet: Sheet) -> bool:
    if not sheet.container.startswith("csv") or sheet.container.split(", ")[-1] in ("utf-16", "cp1252", "sep="):
        return False
    sheet.start = sheet.rng.choice(("\ufeff", "\ufeff", *_SPOILT))
    return True


def _toll_words(sheet: Sheet) -> bool:
    """Write tolls as people do: Nil, at least 3, 2 to 3 (the least figure counts), nothing where nothing is known."""
    places = sheet.places("killed")
    if not places or any(column and column.name == "killed_civilians" for column in sheet.columns):
        return False

    def written(number: int, cell: str) -> str:
        if sheet.rng.random() < 0.1:
            sheet.truths[number] = replace(sheet.truths[number], killed=None)
            return sheet.rng.choice(("", "-", "N/A", "unknown"))
        killed = int(float(cell))
        if killed == 0:
            return sheet.rng.choice(("Nil", "nil", "0", "NIL", "Zero"))
        return sheet.rng.choice(
            (cell, f"{killed}+", f"{killed}-{killed + 2}", f"at least {killed}", f"{killed} to {killed + 1}")
        )

    for place in places:
        sheet.rewrite(place, written)
    return True


def _curly(sheet: Sheet) -> None:
    """Write quotation marks and a dash that old encodings have, as word processors do."""
    for place in sheet.places("text", "mark"):
        sheet.rewrite(place, lambda _number, cell: f"{cell} – the “town’s” café")


def _numbers_of_columns(sheet: Sheet) -> bool:
    """Write the numbers of the columns under their names, as official tables do."""
    if sheet.container in OF_RECORDS or sheet.is_named:
        return False
    sheet.under = [str(number) for number in range(1, len(sheet.names) + 1)]
    return True


def _lines_of_facts(sheet: Sheet) -> bool:
    """Write lines about the report above the table: a name and what it is."""
    if sheet.container in OF_RECORDS:
        return False
    facts = [["Report:", "KP incidents"], ["Date:", "5 January 2024"], ["District:", "All"], ["Prepared by", "Desk"]]
    sheet.above += sheet.rng.sample(facts, sheet.rng.randint(1, 3))
    return True


def _label_of_total(sheet: Sheet) -> bool:
    """Write a row of sums with its name in the column of districts, or with none."""
    places = sheet.places("district")
    if sheet.is_named or not places:
        return False
    row = [""] * len(sheet.names)
    for place in sheet.places("killed"):
        row[place] = "99"
    row[places[0]] = sheet.rng.choice(
        ("Total", "G. Total", "Grand total", "Sub Total", "KP Total", "کل", "Total:", "", "All districts")
    )
    sheet.below.append(row)
    return True


CHANGES: dict[str, Callable[[Sheet], bool]] = {
    "another name of a column": _rename,
    "a column dropped": _drop,
    "columns in another order": _reorder,
    "dates in another style": _date_style,
    "dates in two styles": _mixed_dates,
    "a column of row numbers": _index,
    "a repeated name": _repeat_name,
    "control characters": _control,
    "unknown words": _strange_words,
    "spellings of districts": _spellings,
    "words around districts": _around_districts,
    "marks around names": _around_names,
    "words for nothing": _words_for_nothing,
    "numbers with fractions": _floats,
    "footnotes": _footnotes,
    "names again below": _header_again,
    "numbers of columns": _numbers_of_columns,
    "title above": _title,
    "lines of facts above": _lines_of_facts,
    "total under districts": _label_of_total,
    "total below": _total,
    "blank rows below": _blank_rows,
    "byte order mark": _byte_order_mark,
    "tolls in words": _toll_words,
    "decimal comma": _decimal_comma,
}
_CONTAINERS = (
    *("csv", "csv", "csv", "csv ;", "csv |", "csv, all quoted", "csv, utf-16", "tab"),
    *("csv, sep=", "csv, cp1252", "csv, CR", "csv, columns to the right"),
    *("xlsx", "xlsx text", "xlsx, cover", "xlsx, from B3", "json list", "json lines", "json, members"),
    *("json, columns", "json, split", "parquet"),
)


def change(sheet: Sheet) -> None:
    """Put a table into a container and change it in one to four ways."""
    sheet.container = sheet.rng.choice(_CONTAINERS)
    sheet.changes.append(sheet.container)
    sheet.answers |= {"sheet": DATA_SHEET, "encoding": "cp1252"}
    if sheet.container == "csv, cp1252":
        _curly(sheet)
    # The order of the table below matters: a style is written before the rows are moved.
    for name in sorted(sheet.rng.sample(list(CHANGES), sheet.rng.randint(1, 4)), key=list(CHANGES).index):
        if name == "dates in two styles" and "dates in another style" in sheet.changes:
            continue
        if CHANGES[name](sheet):
            sheet.changes.append(name)
