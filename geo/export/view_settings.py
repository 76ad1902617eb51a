"""The settings of a view as TOML: everything that is needed to make its numbers, pictures and files again."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.export.map_position import MapPosition, from_values
from geo.filters import QUERY_KEYS, Filters, from_query, to_query
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.publishers import web_address
from geo.text import quoted, quoted_all, shortened
from geo.wording import text

FORMAT = 1
HASH_LENGTH = 12
THEMES = ("light", "dark")
_HEAD = (
    "# A view of the KP Incident Atlas. Make its files again: kp-atlas export settings.toml --format pack --out new.zip"
)
_WORD = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")
_VERSION = re.compile(r"[0-9a-f]{12}\Z|\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?\Z")
_LONGEST_OPTION, _LONGEST_ADDRESS = 400, 8_000
_LISTS = frozenset({"group", "attack", "target", "began", "district", "data"})  # filters of several codes
_CHOICES: dict[str, Mapping[str, str]] = {"measure": MEASURES, "per": NORMALISERS}
_TABLES = frozenset({"data", "filters", "options", "map"})
_SINGLE = frozenset({"page", "language", "theme"})


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """Everything that decides what a view shows.

    filters: which incidents. page: address of the page, such as "overview". options: page options as the address has
    them, for example {"measure": "killed", "per": "per_100k"}; an option at its default may be left out.
    data_version: code of geo.export.data_version, "" for any. shown_until: last day whose incidents the publication
    delay lets through, None where it withholds nothing. map_position: None for the whole province.
    theme: "light" or "dark". language: of the words in files and pictures. address: where the view can be opened, ""
    where nobody else can.
    """

    filters: Filters = field(default_factory=Filters)
    page: str = "overview"
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    data_version: str = ""
    shown_until: date | None = None
    map_position: MapPosition | None = None
    theme: str = "light"
    language: str = "en"
    address: str = ""

    @property
    def measure(self) -> str:
        """What is counted: a key of MEASURES."""
        return self.options.get("measure", next(iter(MEASURES)))

    @property
    def per(self) -> str:
        """How it is shown: a key of NORMALISERS."""
        return self.options.get("per", next(iter(NORMALISERS)))


def to_toml(view: ViewSettings) -> str:
    """Return the settings as TOML text; equal settings give equal text, in whatever order choices were made."""
    return "\n".join([_HEAD, f"format = {FORMAT}", *lines_of(view)]) + "\n"


def lines_of(view: ViewSettings, inside: str = "") -> list[str]:
    """Return the settings as lines of TOML. inside: what stands before the names of tables, such as "views."."""
    query = to_query(view.filters)
    lines = [
        f"page = {quoted(view.page)}",
        f"language = {quoted(view.language)}",
        f"theme = {quoted(view.theme)}",
        "",
        f"[{inside}data]",
        f"version = {quoted(view.data_version)}",
        *([f"shown_until = {view.shown_until.isoformat()}"] if view.shown_until else []),
        *([f"address = {quoted(view.address)}"] if view.address else []),
        "",
        f"[{inside}filters]",
        *(f"{key} = {_filter_value(key, query[key])}" for key in QUERY_KEYS if key in query),
        "",
        f"[{inside}options]",
        *(f"{key} = {quoted(value)}" for key, value in sorted(view.options.items())),
    ]
    if view.map_position:
        place = view.map_position
        lines += [
            "",
            f"[{inside}map]",
            *(f"{name} = {float(getattr(place, name))!r}" for name in MapPosition.__slots__),
        ]
    return lines


def from_toml(content: str, file: str = "") -> ViewSettings:
    """Return the settings of a TOML text; raises RejectedUpload naming everything in it that is not usable.

    file: the name that problems state.
    """
    parts = parsed(content, file)
    if parts.pop("format", None) != FORMAT:
        message = text("These are no settings of a view that this version reads.")
        hint = text("The file has a line: format = {number:d}.", number=FORMAT)
        raise rejected(ProblemCode.WRONG_TYPE, message, hint, file)
    return from_parts(parts, file)


def parsed(content: str, file: str = "") -> dict[str, Any]:
    """Return what a TOML text holds; raises RejectedUpload for a text that is none."""
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = text("These are no settings of a view: {reason}.", reason=shortened(str(error), 200))
        raise rejected(ProblemCode.WRONG_TYPE, message, text("It is a TOML file."), file) from error


def from_parts(parts: Mapping[str, Any], file: str = "") -> ViewSettings:
    """Return the settings that the parsed lines of `lines_of` hold; raises RejectedUpload naming what is not usable."""
    tables = {name: parts.get(name, {}) for name in _TABLES}
    wrong = [name for name in parts if name not in _TABLES | _SINGLE]
    wrong += [name for name, table in tables.items() if not isinstance(table, dict)]
    if wrong:
        raise RejectedUpload([_unusable(name, parts[name], file) for name in wrong])
    filters, wrong = _filters(tables["filters"])
    problems = [_unusable(f"filters.{key}", tables["filters"][key], file) for key in wrong]
    problems += [_unusable(name, value, file) for name, value in _wrong_values(parts, tables)]
    if problems:
        raise RejectedUpload(problems)
    return ViewSettings(
        filters=filters,
        page=parts.get("page", "overview"),
        options=tables["options"],
        data_version=tables["data"].get("version", ""),
        shown_until=tables["data"].get("shown_until"),
        map_position=from_values(tables["map"]),
        theme=parts.get("theme", THEMES[0]),
        language=parts.get("language", "en"),
        address=tables["data"].get("address", ""),
    )


def settings_hash(view: ViewSettings) -> str:
    """Return the first characters of the SHA-256 of the settings file without its address, by which files name them."""
    return hashlib.sha256(to_toml(replace(view, address="")).encode()).hexdigest()[:HASH_LENGTH]


def _filter_value(key: str, value: str) -> str:
    if key in _LISTS:
        return quoted_all(sorted(value.split(",")))
    if key in ("from", "to"):
        return value  # TOML has dates of its own
    return "true" if key == "fatal" else quoted(value)


def _filters(table: Mapping[str, Any]) -> tuple[Filters, list[str]]:
    """Return the filter and the keys that are not usable."""
    query = {key: _as_address(key, value) for key, value in table.items()}
    filters, ignored = from_query({key: value for key, value in query.items() if value and key in QUERY_KEYS})
    unknown = [key for key, value in query.items() if key not in QUERY_KEYS or not value]
    return filters, [*ignored, *unknown]


def _as_address(key: str, value: Any) -> str:
    """Return a value as the address writes it, "" for one of another kind."""
    if key in ("from", "to"):
        return value.isoformat() if type(value) is date else ""
    if key == "fatal":
        return "1" if value is True else ""
    if key in _LISTS:
        is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return ",".join(value) if is_list else ""
    return value if isinstance(value, str) else ""


def _wrong_values(parts: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """Return (name, value) of everything outside the filters that is not usable."""
    forms = {"page": _WORD, "language": _LANGUAGE}
    wrong = [(name, parts[name]) for name, form in forms.items() if name in parts and not _has_form(parts[name], form)]
    if parts.get("theme", THEMES[0]) not in THEMES:
        wrong.append(("theme", parts["theme"]))
    data, place = tables["data"], tables["map"]
    is_usable: dict[str, Callable[[Any], bool]] = {
        "version": lambda value: _has_form(value, _VERSION),
        "shown_until": lambda value: type(value) is date,
        "address": lambda value: _is_plain(value, _LONGEST_ADDRESS) and web_address(value) is not None,
    }
    wrong += [
        (f"data.{name}", value) for name, value in data.items() if name not in is_usable or not is_usable[name](value)
    ]
    for name, value in tables["options"].items():
        is_text = _is_plain(value, _LONGEST_OPTION)
        if not _WORD.match(name) or not is_text or value not in _CHOICES.get(name, {value: ""}):
            wrong.append((f"options.{name}", value))
    if place and from_values(place) is None:
        wrong.append(("map", place))
    return wrong


def _has_form(value: Any, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.match(value) is not None


def _is_plain(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _unusable(name: str, value: Any, file: str) -> Problem:
    message = text("This setting of a view is unknown or has a value that cannot be used.")
    return Problem(ProblemCode.SETTING, message, file=file, column=name, value=shortened(str(value), 80))
