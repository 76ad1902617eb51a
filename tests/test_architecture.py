"""The rules of the house, read from the imports of every module."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Each layer may import itself and the layers after it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("app", "pages"),
    ("geo.cli", "geo.__main__"),
    ("geo.atlas",),
    ("geo.views",),
    ("geo.export",),
    ("geo.figure",),
    (
        "geo.embedded",
        "geo.intake",
        "geo.place_decisions",
        "geo.proposals",
        "geo.added_totals",
        "geo.review",
        "geo.bulk",
        "geo.fetch",
        "geo.record",
        *("geo.recoding", "geo.stored_words", "geo.word_decisions"),
    ),
    ("geo.analysis",),
    ("geo.incidents", "geo.merging", "geo.summaries"),
    ("geo.ingest", "geo.store", "geo.districts"),
    ("geo.filters", "geo.names", "geo.shown_names", "geo.sources", "geo.verbatim"),
    ("geo.gazetteer", "geo.group_names"),
    (
        "geo.schema",
        "geo.problems",
        "geo.text",
        "geo.settings",
        "geo.policy",
        "geo.log",
        "geo.publishers",
        "geo.temporary",
        "geo.data_files",
    ),
    ("geo.codes", "geo.glossary", "geo.vocabularies", "geo.wording"),
)
STRANGERS = {("geo.store", "geo.ingest"), ("geo.ingest", "geo.store")}
ONLY_IN: dict[str, tuple[str, ...]] = {
    "typst": ("geo.figure.typesetting",),
    "pypdf": ("geo.figure.attachments",),
    "streamlit": ("app", "pages", "geo.views"),
    "folium": ("geo.views.folium_map",),
    "streamlit_folium": ("geo.views.map",),
    "sqlite3": ("geo.store",),
    "psycopg": ("geo.store.postgres",),
    "dask": ("geo.bulk.execution",),
    "distributed": ("geo.bulk.execution",),
    "pyogrio": ("geo.districts", "geo.export.geopackage"),
    "xlsxwriter": ("geo.export.workbook",),
    "fiona": (),
    "urllib.request": ("geo.fetch",),
    "http": ("geo.fetch", "geo.views.gate", "geo.views.readiness"),  # names of statuses
    "socket": ("geo.views.serving",),  # settings of the server's own connections
    "pickle": (),
    "marshal": (),
    "shelve": (),
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_ATTRIBUTES = {
    "read_file": ("geo.districts",),
    "read_pickle": (),
    "to_pickle": (),
    "html": ("geo.views.page_style",),  # a style sheet
    "system": (),
}
LONGEST_MODULE, LONGEST_PAGE, LONGEST_APP = 400, 120, 60


def modules() -> list[tuple[str, Path]]:
    """Return (dotted name, path) of every module of the product."""
    found = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "geo").rglob("*.py"))]
    return [(".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), p) for p in found]


def imports(path: Path) -> list[tuple[int, str]]:
    """Return (line, full name) of everything a module imports, at any depth; `from a import b` gives a and a.b."""
    names: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names.append((node.lineno, node.module or ""))
            names += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return names


def layer(name: str) -> int | None:
    for number, prefixes in enumerate(LAYERS):
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes):
            return number
    return None


def is_in(name: str, homes: tuple[str, ...]) -> bool:
    return any(name == home or name.startswith(f"{home}.") for home in homes)


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_go_one_way(name: str, path: Path) -> None:
    own = layer(name)
    if name == "geo":
        own = 0  # its public names are looked up when they are asked for
    assert own is not None, f"{name} has no layer: add it to LAYERS"
    for line, target in imports(path):
        theirs = layer(target)
        if theirs is None:
            continue
        assert theirs >= own, f"{path}:{line}: {name} may not import {target}"
        assert not any(is_in(name, (a,)) and is_in(target, (b,)) for a, b in STRANGERS), f"{path}:{line}: {target}"
        if own == 0 and name.startswith("pages."):
            assert not target.startswith("pages"), f"{path}:{line}: pages never import one another"


@pytest.mark.case(52)
@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_edge_libraries_stay_at_the_edge(name: str, path: Path) -> None:
    for line, target in imports(path):
        homes = next((homes for library, homes in ONLY_IN.items() if is_in(target, (library,))), None)
        assert homes is None or is_in(name, homes), f"{path}:{line}: {target} belongs in {homes}"


@pytest.mark.case(52)
@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_no_code_runs_text(name: str, path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                assert called.id not in FORBIDDEN_CALLS, f"{path}:{node.lineno}: {called.id}"
            if isinstance(called, ast.Attribute) and called.attr in FORBIDDEN_ATTRIBUTES:
                homes = FORBIDDEN_ATTRIBUTES[called.attr]
                assert is_in(name, homes), f"{path}:{node.lineno}: .{called.attr}()"
            for keyword in node.keywords:
                assert keyword.arg != "unsafe_allow_html", f"{path}:{node.lineno}"
                assert keyword.arg != "shell" or getattr(keyword.value, "value", None) is False, f"{path}:{node.lineno}"


def test_the_style_sheets_of_pages_hold_no_markup_and_ask_for_nothing() -> None:
    for name in ("page.css", "embed.css", "print.css", "directions.css"):
        sheet = (ROOT / "geo" / "views" / "assets" / name).read_text("utf-8")
        assert not re.search(r"<|@import|url", sheet), name


SQL_VERBS = ("select ", "insert ", "update ", "delete ", "create ", "drop ", "alter ", "pragma ", "attach ", "vacuum ")


@pytest.mark.case(50)
@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_sql_is_never_put_together_from_text(name: str, path: Path) -> None:
    if not is_in(name, ONLY_IN["sqlite3"]):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)).lstrip().lower()
            assert not text.startswith(SQL_VERBS), f"{path}:{node.lineno}: SQL as an f-string"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute":
            first = node.args[0]
            assert not isinstance(first, ast.BinOp | ast.JoinedStr), f"{path}:{node.lineno}: SQL built in place"


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_modules_stay_short(name: str, path: Path) -> None:
    longest = LONGEST_APP if name == "app" else LONGEST_PAGE if name.startswith("pages.") else LONGEST_MODULE
    assert len(path.read_text("utf-8").splitlines()) <= longest


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'streamlit','folium','geopandas','pandas','pyarrow','shapely','numpy','scipy'}"
    code = f"import sys, geo; bad = {heavy} & set(sys.modules); sys.exit(str(bad) if bad else 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_module_is_named_for_nothing() -> None:
    names = {path.stem for _, path in modules()}
    assert not names & {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
