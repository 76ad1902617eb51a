"""Every word that reaches the screen passes geo.wording: no other literal of the screen's modules looks like words.

The rule is about all literals, not only those in a call of Streamlit: a sentence may be put together far from there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCREEN = [
    ROOT / "app.py",
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "geo" / "views").rglob("*.py")),
    *sorted((ROOT / "geo" / "cli").rglob("*.py")),
]
# Functions of geo.wording that take English: the sentences must be written out in their call.
SENTENCES = {"_": 1, "N_": 1, "_n": 2, "text": 1, "text_n": 2}
# What a person reads begins with a capital or has two words; keys, codes, formats and file names have neither.
WORDS = re.compile(r"\b[A-Z][a-z]{2,}|[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}|[a-z]{2,} \{\}|\{\} [a-z]{2,}")
# Where even one small word is read: the first argument of these calls, and these arguments of any call.
TEXT_CALLS = re.compile(
    r"(?<!_LOG)\.(title|header|subheader|markdown|caption|write|info|warning|error|success|toast|button|download_button|"
    r"link_button|checkbox|toggle|selectbox|multiselect|radio|slider|select_slider|number_input|text_input|text_area|"
    r"date_input|file_uploader|segmented_control|pills|expander|popover|spinner|progress|metric)\Z"
)
TEXT_ARGUMENTS = {"label", "help", "placeholder", "title", "alt", "display_text", "tooltip"}
# Errors of a programmer, lines of the log and what the server refuses are English; so is what a program compares.
NOT_READ = re.compile(r"(\w*Error|_Refused|log\.event|_LOG\.\w+|re\.compile|TypeVar|ParamSpec|ContextVar|getLogger)\Z")
_COLUMN = "name of a column, marked where its frame is made"
# Module -> how a literal begins that looks like words -> why it is none.
ALLOWED: dict[str, dict[str, str]] = {
    "geo/views/access/hot_spots.py": {"Smoothed rate": _COLUMN},
    "geo/views/access/plots.py": {"Feature": "GeoJSON"},
    "geo/views/access/years.py": {"District": _COLUMN},
    "geo/views/assets.py": {
        "{}\n(function () {": "JavaScript",
        **dict.fromkeys(("Atlas Na", "NotoNa", "Source Sans", "@font-face"), "font"),
    },
    "geo/views/language.py": {"English": "name of a language in itself"},
    "geo/views/folium_map.py": {"\n        {% macro": "template of folium", "AtlasUpdate": "name of a class in folium"},
    "geo/cli/__init__.py": {"would be": "outcome in a JSON report"},
    "geo/views/gate.py": {"Something went wrong": "answer of the server, which draws no page"},
    "geo/views/response_headers.py": dict.fromkeys(("default-src", "{}; frame-ancestors"), "content security policy"),
    "geo/views/map.py": {"default-src": "content security policy", "<!doctype html>": "HTML"},
    "geo/views/overview.py": {"District": _COLUMN},
    "geo/views/components.py": {"const STYLES": "JavaScript"},
    "geo/views/embed.py": {"OCHA COD-AB": "a name"},
    "geo/views/link.py": {"<iframe src": "HTML to be copied"},
    "geo/views/english.py": {"export default": "script of a component"},
    "geo/views/sheets/validation.py": {"no different": "verdict of the back-test"},
    "geo/views/validation.py": {"no different": "verdict of the back-test", "Page": _COLUMN},
}


def module(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the literals outside the door, {} for each value put into an f-string."""
    yield from _inside(ast.parse(path.read_text("utf-8")))


def small_words(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the literals that a call shows as they are, whatever they look like."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            shown = [word.value for word in node.keywords if word.arg in TEXT_ARGUMENTS]
            if TEXT_CALLS.search(ast.unparse(node.func)):
                shown += node.args[:1]
            for value in shown:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and re.search("[a-z]", value.value):
                    yield node.lineno, value.value


def _inside(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.lineno, node.value
        return
    if isinstance(node, ast.JoinedStr):
        yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    for child in _read_parts(node):
        yield from _inside(child)


def _read_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that can reach a reader: not docstrings, annotations, keys looked up or errors."""
    if isinstance(node, ast.JoinedStr):
        yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))
    elif isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if not NOT_READ.search(name):
            yield node.func
            yield from node.args[SENTENCES.get(name, 0) :]
            yield from (word.value for word in node.keywords)
    elif isinstance(node, ast.Compare):
        yield from (part for part in (node.left, *node.comparators) if not isinstance(part, ast.Constant))
    elif isinstance(node, ast.Subscript):
        yield node.value
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        return
    elif isinstance(node, ast.AnnAssign):
        yield from (part for part in (node.target, node.value) if part)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from (*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one))
        yield from _without_docstring(node.body)
    elif isinstance(node, ast.ClassDef | ast.Module):
        yield from _without_docstring(node.body)
    else:
        yield from ast.iter_child_nodes(node)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    is_text = body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1:] if is_text else body


@pytest.mark.parametrize("path", SCREEN, ids=module)
def test_no_words_reach_the_screen_outside_the_door(path: Path) -> None:
    allowed = tuple(ALLOWED.get(module(path), {}))
    words = [(line, text) for line, text in literals(path) if WORDS.search(text)]
    found = [f"{path}:{line}: {text!r}" for line, text in words if not text.startswith(allowed or "\0")]
    found += [f"{path}:{line}: {text!r}" for line, text in small_words(path)]
    assert not found, "Not through geo.wording:\n" + "\n".join(found)


def test_nothing_is_allowed_that_is_no_longer_there() -> None:
    for name, allowed in ALLOWED.items():
        texts = [text for _, text in literals(ROOT / name)]
        assert all(any(text.startswith(start) for text in texts) for start in allowed), name


@pytest.mark.parametrize("path", [*SCREEN, *sorted((ROOT / "geo").rglob("*.py"))], ids=module)
def test_what_passes_the_door_can_be_extracted(path: Path) -> None:
    """A sentence that is put together before the door has no entry in the catalogue."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENTENCES:
            for sentence in node.args[: SENTENCES[node.func.id]]:
                parts = {type(part) for part in ast.walk(sentence)}
                assert not parts & {ast.JoinedStr, ast.BinOp}, f"{path}:{node.lineno}: put together before the door"


@pytest.mark.parametrize("path", sorted((ROOT / "geo").rglob("*.py")), ids=module)
def test_a_constant_that_passes_the_door_is_marked(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args]
    passed = {ast.unparse(call.args[0]) for call in calls if call.func.id in SENTENCES}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            unmarked = {ast.unparse(target) for target in node.targets} & passed
            assert not unmarked, f"{path}:{node.lineno}: {unmarked} is not marked with N_"


@pytest.mark.parametrize("path", SCREEN, ids=module)
def test_the_door_is_not_used_as_a_name_for_nothing(path: Path) -> None:
    names = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name))
    for name in names:
        assert name.id != "_" or isinstance(name.ctx, ast.Load), f"{path}:{name.lineno}: `_` is geo.wording's"


def words_of(code: str) -> list[str]:
    return [text for _, text in _inside(ast.parse(code)) if WORDS.search(text)]


@pytest.mark.parametrize(
    "code",
    [
        'st.title("Duplicates")',
        'st.button("merge them", key=f"merge_{key}")',
        'st.caption(f"{n} rows")',
        'st.caption(f"the first {n}")',
        'st.markdown(", ".join(["not located", _("Rows")]))',
        'st.text_input(_("Sheet"), placeholder="the only one")',
        'frame = pd.DataFrame({"Column": values})',
        'parts.append("more rows" if n else "")',
        'text = _("{n} rows", n="no rows")',
        'alt.Axis(title="Recorded incidents")',
        'def draw(title="Table of this map"): pass',
        'LABEL: str = "All undecided"',
    ],
)
def test_the_rule_finds_words_outside_the_door(code: str) -> None:
    assert words_of(code)


def test_the_rule_finds_a_small_word_where_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text('st.button("ok")\nst.text_input(_("Sheet"), placeholder="any")\n_LOG.error("error %s")\n')
    assert [text for _, text in small_words(path)] == ["ok", "any"]


@pytest.mark.parametrize(
    "code",
    [
        '"""A module."""',
        'st.title(_("Duplicates"), key="upload_file")',
        'names = {"date": N_("Date")}',
        'st.session_state["Some key"]',
        'if label == "Some key": pass',
        'raise ValueError(f"{code!r} is not a month")',
        'st.download_button(label, data, "refused-rows.csv", "text/csv")',
        'alt.X("yearmonth(day):T", axis=alt.Axis(format=",d"))',
        '_n("{n} row", "{n} rows", n)',
    ],
)
def test_the_rule_lets_codes_and_marked_sentences_pass(code: str) -> None:
    assert not words_of(code)
