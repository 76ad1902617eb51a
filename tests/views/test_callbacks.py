"""Widget callbacks run before app.py: the page shows what goes wrong in one, never Streamlit's crash screen."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo import place_decisions
from geo.problems import Problem, ProblemCode, StoreError
from geo.store import Store
from geo.views import filters
from tests.pages.test_duplicates import two_sources
from tests.pages.test_pages import _own_store, run, texts
from tests.pages.test_upload import GOOD, UNKNOWN_TABLE, button, upload

__all__ = ["_own_store", "two_sources"]

ROOT = Path(__file__).resolve().parents[2]
SCREEN = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "geo" / "views").rglob("*.py"))]
CALLBACKS = ("on_click", "on_change", "on_select")
# Handed on to the map, which calls them from its own guarded callback.
CALLED_BY_THE_MAP = {"overview.follow", "incident_list.follow", "on_click"}


# --- every callback passes the door -----------------------------------------------------------------------


def guarded_functions(tree: ast.Module) -> set[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {f.name for f in functions if any(ast.unparse(d).endswith("guarded") for d in f.decorator_list)}


GUARDED = {path: guarded_functions(ast.parse(path.read_text("utf-8"))) for path in SCREEN}
GUARDED_ANYWHERE = {f"{path.stem}.{name}" for path, names in GUARDED.items() for name in names}


def callbacks(path: Path) -> Iterator[tuple[int, ast.expr]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, word.value) for word in node.keywords if word.arg in CALLBACKS)


def passes_the_door(value: ast.expr, path: Path) -> bool:
    if isinstance(value, ast.Constant):
        return value.value in ("ignore", "rerun")
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).endswith("guarded")
    name = ast.unparse(value)
    return name in GUARDED[path] or name in GUARDED_ANYWHERE or name in CALLED_BY_THE_MAP


@pytest.mark.parametrize("path", SCREEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_callback_passes_the_door(path: Path) -> None:
    for line, value in callbacks(path):
        assert passes_the_door(value, path), f"{path}:{line}: {ast.unparse(value)} is not messages.guarded"


def test_the_scan_knows_the_callbacks() -> None:
    found = {ast.unparse(value) for path in SCREEN for _, value in callbacks(path)}
    assert {"_use", "_decide", "_change", "_take_back", "filters.select_district"} <= found


# --- what the page shows ----------------------------------------------------------------------------------

MESSAGE = "The catalogue cannot be written."


def fail(*_args: Any, **_kwargs: Any) -> None:
    raise StoreError([Problem(ProblemCode.STORE, MESSAGE, "Free some space.")])


def mapping_to_save() -> AppTest:
    app = upload(UNKNOWN_TABLE)
    app.text_input(key="mapping_name").set_value("office list").run()
    return app


def stored_batch() -> AppTest:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    return app


def undone_batch() -> AppTest:
    app = stored_batch()
    button(app, "Undo").click().run()
    return app


def merged_pair() -> AppTest:
    app = run("duplicates")
    button(app, "One event").click().run()
    app.segmented_control(key="option_view").set_value("decided").run()
    return app


def remembered_name() -> AppTest:
    from geo.views import cached

    place_decisions.remember(cached.store(), "template", {"Waziristan": "PK525"})
    return run("upload")


@pytest.mark.slow
@pytest.mark.usefixtures("two_sources")
@pytest.mark.parametrize(
    ("prepare", "label", "method"),
    [
        (mapping_to_save, "Read the file with this mapping", "save_mapping"),
        (stored_batch, "Undo", "undo"),
        (undone_batch, "Redo", "redo"),
        (stored_batch, "Hide", "set_shown"),
        (lambda: run("duplicates"), "One event", "replace_decisions"),
        (lambda: run("duplicates"), "Two events", "replace_decisions"),
        (merged_pair, "Undo", "replace_decisions"),
        (remembered_name, "Withdraw", "replace_decisions"),
    ],
)
def test_a_store_that_cannot_write_is_named_and_the_page_stays(
    prepare: Callable[[], AppTest], label: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = prepare()
    with monkeypatch.context() as broken:
        broken.setattr(Store, method, fail)
        button(app, label).click().run()
    assert not app.exception
    assert "This cannot be done. What was stored before has not changed." in texts(app)
    assert any(MESSAGE in frame.value.to_string() for frame in app.dataframe)
    app.run()
    assert "This cannot be done" not in texts(app)
    assert not app.exception


@pytest.mark.case(66)
@pytest.mark.slow
def test_any_other_error_of_a_callback_is_a_number_on_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = run()
    with monkeypatch.context() as broken:
        broken.setattr(filters, "_CHOICES", None)
        next(found for found in app.sidebar.button if found.label == "Reset all filters").click()
        app.run()
    assert "Something went wrong on this page (number " in texts(app)
    [logged] = [record for record in caplog.records if record.name == "atlas" and record.message == "error"]
    assert "TypeError" in logged.figures["places"]
    assert logged.figures["number"] in texts(app)
    assert "NoneType" not in texts(app) + logged.figures["places"]
