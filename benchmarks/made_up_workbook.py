"""A made-up workbook in the layout of the Global Terrorism Database, written as a stream: sheets of hundreds of MB."""

from __future__ import annotations

import string
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from geo.districts import load

# As START publishes them, in order.
_NAMES = """
eventid iyear imonth iday approxdate extended resolution country country_txt region region_txt provstate city latitude
longitude specificity vicinity location summary crit1 crit2 crit3 doubtterr alternative alternative_txt multiple
success suicide attacktype1 attacktype1_txt attacktype2 attacktype2_txt attacktype3 attacktype3_txt targtype1
targtype1_txt targsubtype1 targsubtype1_txt corp1 target1 natlty1 natlty1_txt targtype2 targtype2_txt targsubtype2
targsubtype2_txt corp2 target2 natlty2 natlty2_txt targtype3 targtype3_txt targsubtype3 targsubtype3_txt corp3 target3
natlty3 natlty3_txt gname gsubname gname2 gsubname2 gname3 gsubname3 motive guncertain1 guncertain2 guncertain3
individual nperps nperpcap claimed claimmode claimmode_txt claim2 claimmode2 claimmode2_txt claim3 claimmode3
claimmode3_txt compclaim weaptype1 weaptype1_txt weapsubtype1 weapsubtype1_txt weaptype2 weaptype2_txt weapsubtype2
weapsubtype2_txt weaptype3 weaptype3_txt weapsubtype3 weapsubtype3_txt weaptype4 weaptype4_txt weapsubtype4
weapsubtype4_txt weapdetail nkill nkillus nkillter nwound nwoundus nwoundte property propextent propextent_txt
propvalue propcomment ishostkid nhostkid nhostkidus nhours ndays divert kidhijcountry ransom ransomamt ransomamtus
ransompaid ransompaidus ransomnote hostkidoutcome hostkidoutcome_txt nreleased addnotes scite1 scite2 scite3 dbsource
INT_LOG INT_IDEO INT_MISC INT_ANY related
"""
COLUMNS = tuple(_NAMES.split())
_FIRST_DAY, _N_DAYS = date(1970, 1, 1), 51 * 365
_SMALL_NUMBERS = """
extended vicinity crit1 crit2 crit3 doubtterr multiple success suicide attacktype1 targtype1 targsubtype1 natlty1
guncertain1 individual nperps nperpcap claimed weaptype1 weapsubtype1 nkillus nwoundus nwoundte property ishostkid
INT_LOG INT_IDEO INT_MISC INT_ANY
"""
_WORDS: dict[str, tuple[str, ...]] = {
    "country_txt": ("Pakistan",),
    "region_txt": ("South Asia",),
    "provstate": ("Khyber Pakhtunkhwa", "Balochistan", "Sindh", "Federally Administered Tribal Areas"),
    "attacktype1_txt": ("Bombing/Explosion", "Armed Assault", "Assassination", "Unknown"),
    "targtype1_txt": ("Police", "Military", "Private Citizens & Property", "Business"),
    "targsubtype1_txt": ("Police Patrol", "Military Checkpoint", "Unnamed Civilian", ""),
    "natlty1_txt": ("Pakistan",),
    "gname": ("Unknown", "Tehrik-i-Taliban Pakistan (TTP)", "Khorasan Chapter of the Islamic State", "Lashkar-e-Islam"),
    "weaptype1_txt": ("Explosives", "Firearms", "Unknown"),
    "weapsubtype1_txt": ("Unknown Explosive Type", "Vehicle", "Grenade", ""),
    "dbsource": ("START Primary Collection",),
}
# Column -> words of its sentence and share of rows that have one; no two are alike, as in the original.
_SENTENCES: dict[str, tuple[int, float]] = {
    "summary": (40, 0.7),
    "location": (8, 0.3),
    "corp1": (4, 0.8),
    "target1": (5, 1.0),
    "motive": (20, 0.3),
    "weapdetail": (8, 0.6),
    "propcomment": (6, 0.3),
    "addnotes": (15, 0.15),
    "scite1": (12, 0.65),
    "scite2": (12, 0.4),
    "scite3": (12, 0.2),
}
_VOCABULARY = "police reported men killed near village Tuesday road claimed responsibility station"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BLOCK_ROWS = 5_000


def gtd_xlsx(path: Path, rows: int, seed: int = 20250101) -> None:
    """Write a workbook of 135 columns, texts as shared strings, blanks as cells with a style: the longest way."""
    texts = _SharedTexts(path.with_suffix(".texts"))
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name, content in _frame().items():
                archive.writestr(name, content)
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                sheet.write(_row_xml(1, [texts.cell(name) for name in COLUMNS]))
                for start in range(0, rows, _BLOCK_ROWS):
                    block = _block(min(_BLOCK_ROWS, rows - start), start, seed + start, texts)
                    sheet.write(b"".join(_row_xml(start + k + 2, cells) for k, cells in enumerate(block)))
                sheet.write(b"</sheetData></worksheet>")
            texts.close()
            with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as target:
                target.write(f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{_MAIN}">'.encode())
                with texts.path.open("rb") as source:
                    while data := source.read(1 << 20):
                        target.write(data)
                target.write(b"</sst>")
    finally:
        texts.close()
        texts.path.unlink(missing_ok=True)


class _SharedTexts:
    """The shared strings of a workbook, written to a file as they come; cells hold their numbers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8")
        self._number_of: dict[str, int] = {}
        self._n_texts = 0

    def cell(self, text: str, *, is_kept: bool = True) -> str:
        """Return type and value of a cell with this text, "" for a blank; texts that come once are not kept."""
        if not text:
            return ""
        number = self._number_of.get(text) if is_kept else None
        if number is None:
            number = self._n_texts
            self._n_texts += 1
            self._file.write(f"<si><t>{text.replace('&', '&amp;')}</t></si>")
            if is_kept:
                self._number_of[text] = number
        return f' t="s"><v>{number}'

    def close(self) -> None:
        self._file.close()


def _block(rows: int, start: int, seed: int, texts: _SharedTexts) -> Iterator[tuple[str, ...]]:
    rng = np.random.default_rng(seed)
    days = [_FIRST_DAY + timedelta(days=(start + k) % _N_DAYS) for k in range(rows)]
    columns: dict[str, list[str]] = {name: [""] * rows for name in COLUMNS}
    columns |= {name: _numbers(rng.integers(0, 3, rows)) for name in _SMALL_NUMBERS.split()}
    columns |= {name: [texts.cell(word) for word in rng.choice(words, rows)] for name, words in _WORDS.items()}
    columns |= {name: _sentences(rng, rows, *told, texts) for name, told in _SENTENCES.items()}
    columns |= {
        "eventid": _numbers(f"{day:%Y%m%d}{(start + k) // _N_DAYS:04}" for k, day in enumerate(days)),
        "iyear": _numbers(day.year for day in days),
        "imonth": _numbers(day.month for day in days),
        "iday": _numbers(day.day for day in days),
        "country": _numbers([153] * rows),
        "region": _numbers([6] * rows),
        "city": [texts.cell(name) for name in rng.choice([*load().names.values(), "Unknown"], rows)],
        "latitude": _numbers(rng.uniform(31.0, 36.9, rows).round(6)),
        "longitude": _numbers(rng.uniform(69.2, 74.1, rows).round(6)),
        "specificity": _numbers(rng.integers(1, 5, rows)),
        "nkill": _numbers(rng.geometric(0.4, rows) - 1),
        "nkillter": _numbers(rng.integers(0, 2, rows)),
        "nwound": _numbers(rng.geometric(0.3, rows) - 1),
    }
    return zip(*columns.values(), strict=True)


def _numbers(values: object) -> list[str]:
    return [f"><v>{value}" for value in values]  # type: ignore[attr-defined]


def _sentences(rng: np.random.Generator, rows: int, n_words: int, share: float, texts: _SharedTexts) -> list[str]:
    words = rng.choice(np.array(_VOCABULARY.split()), (rows, n_words))
    numbers, is_there = rng.integers(0, 10**9, rows), rng.random(rows) < share
    return [
        texts.cell(f"{number} {' '.join(line)}", is_kept=False) if is_filled else ""
        for number, line, is_filled in zip(numbers, words.tolist(), is_there, strict=True)
    ]


def _row_xml(row: int, cells: tuple[str, ...] | list[str]) -> bytes:
    inner = "".join(
        f'<c r="{letters}{row}"{cell}</v></c>' if cell else f'<c r="{letters}{row}" s="0"/>'
        for letters, cell in zip(_LETTERS, cells, strict=True)
    )
    return f'<row r="{row}">{inner}</row>'.encode()


def _frame() -> dict[str, str]:
    """Return the small parts that every workbook has."""
    kinds = {"workbook.xml": "sheet.main", "worksheets/sheet1.xml": "worksheet", "sharedStrings.xml": "sharedStrings"}
    overrides = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_TYPES}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    relation = '<Relationship Id="rId{}" Type="' + _OFFICE + '/{}" Target="{}"/>'
    relations = '<Relationships xmlns="' + _PACKAGE + '/relationships">{}</Relationships>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": relations.format(relation.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations.format(
            relation.format(1, "worksheet", "worksheets/sheet1.xml")
            + relation.format(2, "sharedStrings", "sharedStrings.xml")
        ),
    }


_ALPHABET = string.ascii_uppercase
_LETTERS = [a + b for a in ("", *_ALPHABET) for b in _ALPHABET][: len(COLUMNS)]
