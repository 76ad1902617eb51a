"""The files themselves: equal input gives equal bytes; PDFs are tagged, archival, and carry what they show."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from geo.figure import maps
from geo.figure.attachments import attached
from geo.figure.figure import KINDS, draw
from geo.figure.letters import COVERAGE, FONTS, MISSING, covered, drawable
from geo.figure.sheet import Key, Sheet
from geo.filters import Filters
from tests.figure.toy_view import EVERY, sheet

HOSTILE = (
    '#import "x.typ": *',
    '#read("/etc/passwd")',
    "$ sum_x $ *bold* _it_ `code` <label> @ref // comment /* */",
    '"); #panic() //',
    "</text></svg><script>alert(1)</script>",
    "&lt; &amp; \\u{41} \\ \n = heading\n- item",
    "<svg onload=alert(1)>",
    "\x00\x07\x1b[31m\u202eabc\u202c",
    "ضلع بنوں خیبر پختونخوا",
    "\U0001f4a3 \u4e2d\u6587 \ue000 \uffff",
    "=HYPERLINK(1)",
    "+1;@x\t-2",
    "",
    "x" * 600,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("page", "name"), EVERY)
def test_equal_sheets_give_equal_bytes(page: str, name: str, kind: str) -> None:
    made = sheet(page, figure=name)
    assert draw(made, kind) == draw(sheet(page, figure=name), kind)


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.figure.toy_view import sheet; from geo.figure.figure import draw, KINDS; "
        "print([hashlib.sha256(draw(sheet(), kind)).hexdigest() for kind in KINDS])"
    )
    root = Path(__file__).parents[2]
    runs = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Karachi"))
    ]
    assert runs[0] == runs[1]


def test_another_filter_gives_other_bytes() -> None:
    assert draw(sheet(), "svg") != draw(sheet(filters=Filters(targets=("police",))), "svg")


def test_png_has_three_sizes() -> None:
    sizes = [Image.open(io.BytesIO(draw(sheet(), kind))).size for kind in ("png", "png2", "png3")]
    width = sizes[0][0]
    assert width == 1160
    assert [size[0] for size in sizes] == [width, 2 * width, 3 * width]


def test_the_map_fills_as_many_districts_with_a_colour_as_the_class_has() -> None:
    made = sheet()
    drawing = maps.draw(made)
    for i, key in enumerate(made.keys[:-1]):
        fill = f"url(#hatch{i})" if key.mark == "hatched" else key.colour
        filled = re.findall(rf'<path d="[^"]*" fill="{re.escape(fill)}" stroke="#6f7680"', drawing)
        assert len(filled) == made.cells("class").count(str(i))


def test_the_scale_is_true() -> None:
    frame, outlines = maps.frame_of(), maps.outlines_of_maps()
    # Two inner points of districts: their distance on paper and on the ground, along the ellipsoid.
    from pyproj import Geod, Transformer

    (x1, y1), (x2, y2) = outlines.places[0], outlines.places[20]
    to_degrees = Transformer.from_crs(
        "+proj=aea +lat_1=32 +lat_2=36 +lat_0=34 +lon_0=71.5 +datum=WGS84", 4326, always_xy=True
    )
    lon, lat = to_degrees.transform(np.array([x1, x2]) * 1000, np.array([y1, y2]) * 1000)
    ground_km = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])[2] / 1000
    (a, b), (c, d) = frame.place(x1, y1), frame.place(x2, y2)
    assert np.hypot(a - c, b - d) / frame.scale == pytest.approx(ground_km, rel=0.005)


# --- PDF ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_pdf_is_tagged_archival_and_sound(page: str, name: str) -> None:
    made = sheet(page, figure=name)
    with pikepdf.open(io.BytesIO(draw(made, "pdf"))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert metadata["dc:title"] == made.title
        figures = [tag for tag in _tags(pdf.Root.StructTreeRoot) if tag.get("/S") == "/Figure"]
        assert [str(tag.Alt) for tag in figures] == [drawable(made.alt)]
        assert [str(file.obj.AFRelationship) for file in _attached(pdf)] == ["/Data", "/Source", "/Source"]
        assert not _fonts_outside(pdf)


def test_a_pdf_carries_data_settings_and_record() -> None:
    made = sheet()
    assert attached(draw(made, "pdf")) == made.files()
    assert b"embed" not in draw(made, "svg")


def _tags(node: pikepdf.Object) -> list[pikepdf.Object]:
    found, kids = [], node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid, *_tags(kid)]
    return found


def _attached(pdf: pikepdf.Pdf) -> list[pikepdf.AttachedFileSpec]:
    return [pdf.attachments[name] for name in ("data.csv", "settings.toml", "figure.json")]


def _fonts_outside(pdf: pikepdf.Pdf) -> list[str]:
    """Return the fonts of the pages that the file does not hold."""
    fonts = [font for page in pdf.pages for font in page.resources.get("/Font", {}).values()]
    parts = [font.DescendantFonts[0] for font in fonts]
    return [str(part.BaseFont) for part in parts if not {"/FontFile2", "/FontFile3"} & set(part.FontDescriptor.keys())]


# --- hostile texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", HOSTILE)
def test_a_text_is_never_markup(said: str) -> None:
    made = sheet("trends", figure="parts", by="group")
    hostile = replace(
        made,
        title=f"Title {said}",
        lines=(said, *made.lines),
        keys=(Key(said, "area", "#000000"), *made.keys[1:]),
        axis=said,
        alt=f"Alt {said}",
        notes=(said,),
        facts=((said, said),),
        rows=tuple((said or "x", *row[1:]) for row in made.rows),
    )
    with pikepdf.open(io.BytesIO(draw(hostile, "pdf"))) as pdf:
        assert pdf.open_metadata()["dc:title"] == drawable(f"Title {said}")
        assert pdf.check_pdf_syntax() == []
    assert draw(hostile, "png")[:4] == b"\x89PNG"
    picture = draw(hostile, "svg").decode()
    assert "<script" not in picture
    assert "onload=alert" not in picture.split("<desc>")[1].split("</desc>")[1]


@pytest.mark.parametrize("said", HOSTILE)
def test_a_hostile_name_stays_text_on_a_map(said: str) -> None:
    made = sheet("points")
    hostile = replace(made, words={**made.words, "PK503": said, "Afghanistan": said})
    assert b"/Figure" in draw(hostile, "pdf") or draw(hostile, "pdf")[:5] == b"%PDF-"
    assert "<script" not in maps.draw(hostile)


def test_characters_without_a_shape_are_replaced_and_controls_dropped() -> None:
    assert drawable("a\x00b\u202e \n c\u4e2d") == f"ab c{MISSING}"
    assert drawable("\ud800") == MISSING
    assert drawable("بنوں") == "بنوں"


def test_the_list_of_characters_is_that_of_the_fonts() -> None:
    from fontTools.ttLib import TTFont

    def of(*names: str) -> set[int]:
        return set.intersection(*(set(TTFont(FONTS / f"{name}.ttf").getBestCmap()) for name in names))

    expected = of("NotoSans-Regular", "NotoSans-Bold") | of("NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold")
    assert covered() == expected, f"write {COVERAGE.name} anew"


def test_the_fonts_come_with_their_licence_and_stay_small() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 3_000_000


def test_a_sheet_of_the_pseudo_language_is_drawn() -> None:
    made: Sheet = replace(sheet(), language="qps")
    assert draw(made, "pdf")[:5] == b"%PDF-"
