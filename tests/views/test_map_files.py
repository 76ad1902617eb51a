"""The map's files: one script without outside addresses or closing tags, the base map, files of points."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo import districts
from geo.views import assets
from geo.views.basemap import CREDITS, base_data
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry, PointsView
from geo.views.map import html_map
from geo.views.point_table import PointTable

PARTS = Path(assets.__file__).with_name("assets")


def test_the_script_asks_no_other_host_for_anything() -> None:
    own = "".join(path.read_text("utf-8") for path in sorted(PARTS.glob("*.js")) + sorted(PARTS.glob("*.css")))
    assert set(re.findall(r"https?://[^\s'\")]+", own)) <= {"http://www.w3.org/2000/svg"}
    addresses = set(re.findall(r"https?://[\w.-]+", assets.bundle("en")))
    # Leaflet names itself, the namespace of SVG and a bug report; none is fetched (see the browser tests).
    assert addresses <= {"http://www.w3.org", "https://leafletjs.com", "https://bugzilla.mozilla.org"}


def test_every_word_of_the_map_comes_from_python_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    english, english_script = base_data()["words"], assets.bundle("en")
    monkeypatch.setenv("ATLAS_LANGUAGE", "qps")
    data = base_data()
    shown = [*data["credits"], *(name for name, *_place in data["around"])]
    shown += [word for key, word in data["words"].items() if key not in ("language", "direction")]
    assert all(word.startswith("⟦") for word in shown)
    used = {
        key for path in PARTS.glob("*.js") for key in re.findall(r"(?:say\(|, )'(\w+)'[,)]", path.read_text("utf-8"))
    }
    assert set(english) - {"language", "direction"} <= used, "no word is without use"
    assert assets.bundle("qps") != english_script


def test_no_part_of_the_script_has_a_sentence_of_its_own() -> None:
    keys_and_types = {"Escape", "Enter", "Feature"}
    for path in PARTS.rglob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        found = set(re.findall(r"['`]([A-Z][a-z]+(?: [a-z]+)*[.?]?)['`]", code))
        assert found <= keys_and_types, path.name


def test_no_two_parts_of_the_script_use_one_name() -> None:
    script = "\n".join(path.read_text("utf-8") for path in sorted(PARTS.glob("*.js")))
    names = re.findall(r"^(?:function|const|class) (\w+)", script, flags=re.MULTILINE)
    assert len(names) > 100
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_the_script_may_stand_inside_a_page() -> None:
    assert "</script" not in assets.bundle("en").lower()
    assert "sourceMappingURL" not in assets.bundle("en")


def test_no_part_writes_markup_or_runs_text() -> None:
    for path in PARTS.rglob("*.js"):
        text = path.read_text("utf-8")
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "bindPopup",
        ):
            assert word not in text, f"{path.name}: {word}"


def test_every_part_is_in_the_script() -> None:
    assert {path.name for path in PARTS.glob("*.js")} == set(assets._PARTS)
    texts = [path for path in PARTS.rglob("*") if path.is_file() and path.suffix not in (".png", ".woff2")]
    assert all(len(path.read_text("utf-8").splitlines()) <= 400 for path in texts)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_script_is_valid_javascript(tmp_path: Path) -> None:
    path = tmp_path / "bundle.js"
    path.write_text(assets.bundle("en"), encoding="utf-8")
    subprocess.run(["node", "--check", str(path)], check=True, capture_output=True)


def test_the_base_map_has_every_district_with_a_place_inside_it() -> None:
    import shapely

    loaded = districts.load()
    drawn = {district["pcode"]: district for district in base_data()["districts"]}
    assert tuple(drawn) == loaded.pcodes
    assert base_data()["names"] == dict(loaded.names)
    for pcode, polygon in zip(loaded.pcodes, loaded.polygons, strict=True):
        places = drawn[pcode]["places"]
        assert drawn[pcode]["label"] == places[0]
        assert all(polygon.covers(shapely.Point(lon, lat)) for lat, lon in places)


def test_rings_are_those_of_the_boundary_file_to_four_decimals() -> None:
    import shapely

    loaded = districts.load()
    for district, polygon in zip(base_data()["districts"], loaded.polygons, strict=True):
        rebuilt = shapely.MultiPolygon(
            [
                ([(lon, lat) for lat, lon in rings[0]], [[(x, y) for y, x in hole] for hole in rings[1:]])
                for rings in district["rings"]
            ]
        )
        assert shapely.hausdorff_distance(rebuilt, polygon) < 1e-4


def test_southern_districts_are_named_before_all_others() -> None:
    rank = {district["pcode"]: district["rank"] for district in base_data()["districts"]}
    southern = {rank.pop(pcode) for pcode in districts.SOUTHERN_PCODES}
    assert max(southern) < min(rank.values())


def test_lines_around_leave_out_the_window_edge_and_the_province() -> None:
    import shapely

    loaded = districts.load()
    window = shapely.total_bounds([shapely.geometry.shape(f["geometry"]) for f in loaded.context_geojson["features"]])
    edge, province = shapely.box(*window).boundary, shapely.coverage_union_all(loaded.polygons)
    context = base_data()["context"]
    assert all(context[kind] for kind in ("country", "province", "lake"))
    for line in (*context["country"], *context["province"]):
        drawn = shapely.LineString([(lon, lat) for lat, lon in line])
        assert drawn.intersection(edge.buffer(0.001)).length < 0.01
        assert drawn.distance(province) > 0.05


def test_what_lies_around_costs_little_to_send() -> None:
    assert len(json.dumps(base_data()["context"], separators=(",", ":"))) < 60_000


def test_the_credits_name_every_source_and_disclaim_borders() -> None:
    text = " ".join(CREDITS)
    for part in ("OCHA", "CC BY 3.0 IGO", "GeoNames", "CC BY 4.0", "Natural Earth", "not authoritative"):
        assert part in text


def published(packed: bytes) -> str:
    return assets.points_link(packed, hashlib.sha256(packed).digest())


def test_files_of_points_are_kept_by_content_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_MOST_POINT_FILES", 3)
    links = [published(bytes([i]) * 10) for i in range(4)]
    assert len(set(links)) == 4
    assert published(b"\x03" * 10) == links[3]
    names = [link.rsplit("/", 1)[1] for link in links]
    present = [(assets._folder() / name).exists() for name in names]
    assert present == [False, True, True, True]
    assert gzip.decompress((assets._folder() / names[3]).read_bytes()) == b"\x03" * 10
    assert not list(assets._folder().glob("*.part"))


def test_the_name_of_a_file_of_points_cannot_be_worked_out_from_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    here = published(b"points")
    monkeypatch.setattr(assets, "_SECRET", b"another process")
    assert published(b"points") != here


def test_links_are_relative_so_that_a_base_path_is_kept() -> None:
    for link in (assets.map_link(), published(b"x")):
        assert link.startswith("../geo.views.assets.files/")


def saved(**changes: Any) -> str:
    """A saved map with one filled district."""
    legend = Legend("Title", (LegendEntry("1", "#fbe3c6"),))
    view = ChoroplethView(legend, (DistrictValue("PK503", 0, (("Value", "</script><script>1</script>"),)),))
    return html_map(**({"title": "A & <b>", "choropleth": view} | changes))


def test_a_saved_map_holds_everything_and_forbids_every_request() -> None:
    page = saved()
    assert "default-src 'none'" in page
    assert page.count("<script>") == page.count("</script>") == 2
    assert "<title>A &amp; &lt;b&gt;</title>" in page
    assert not re.findall(r"""(?:src|href)\s*=\s*["']https?:""", page.split("<script>")[0])


def test_a_saved_map_with_many_points_holds_them_too() -> None:
    n = 50_000
    is_near, colour = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.uint8)
    table = PointTable(np.linspace(70, 73, n), np.linspace(32, 35, n), is_near, colour, np.arange(n))
    view = PointsView(Legend("", ()), table, np.ones(n, dtype=bool), ("#000000",))
    assert len(saved(points=view)) - len(saved()) > 5 * n


def test_the_folium_map_is_the_same_for_every_update_and_names_one_file() -> None:
    from streamlit_folium import generate_js_hash, generate_leaflet_string

    from geo.views.folium_map import AtlasMap, update_layer

    scripts = []
    for text in ("QUJD", "REVG"):
        map_ = AtlasMap("../x/atlas.js", "south")
        map_.render()
        scripts.append(generate_js_hash(generate_leaflet_string(map_), "key"))
        assert map_.default_js == [("atlas", "../x/atlas.js")]
        assert map_.default_css == []
        layer = update_layer(text, "")
        layer.add_to(map_)
        layer.render()
        assert f'"{text}"' in generate_leaflet_string(layer)
        assert text not in map_.get_root().render(), "folium's own page does without it"
    assert scripts[0] == scripts[1]


def test_map_options_are_plain_numbers() -> None:
    from geo.views.folium_map import AtlasMap

    options = AtlasMap("x", "whole").options
    json.dumps(dict(options))
    assert options["minZoom"] < options["maxZoom"]
