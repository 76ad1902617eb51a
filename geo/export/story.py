"""A story: a named list of views with a sentence each, and its TOML text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from geo.export.view_settings import FORMAT, ViewSettings, from_parts, lines_of, parsed
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.text import printable, quoted, shortened
from geo.wording import Text, text

MOST_VIEWS, MOST_BYTES = 50, 200_000
LONGEST_NAME, LONGEST_SENTENCE = 80, 600
# Pages whose address is a view.
PAGES = ("overview", "points", "districts", "trends", "compare", "district", "no_go", "validation", "published")
_HEAD = (
    "# A story of the KP Incident Atlas: views with a sentence each. Take it in: kp-atlas stories --import FILE.toml"
)
_KEYS = frozenset({"format", "story", "views"})


@dataclass(frozen=True, slots=True)
class StoryView:
    """One view of a story, and what is said of it."""

    sentence: str
    settings: ViewSettings


@dataclass(frozen=True, slots=True)
class Story:
    """Views in the order in which they are shown. name: also tells the story from others."""

    name: str
    views: tuple[StoryView, ...]


def to_toml(story: Story) -> str:
    """Return a story as TOML text; equal stories give equal text."""
    lines = [_HEAD, f"format = {FORMAT}", f"story = {quoted(story.name)}"]
    for view in story.views:
        lines += ["", "[[views]]", f"sentence = {quoted(view.sentence)}", *lines_of(view.settings, "views.")]
    return "\n".join(lines) + "\n"


def from_toml(content: str, file: str = "") -> Story:
    """Return the story of a TOML text; raises RejectedUpload naming everything in it that is not usable.

    file: the name that problems state.
    """
    if len(content.encode("utf-8", errors="replace")) > MOST_BYTES:
        message = text("The file is larger than any story: {n} bytes at most.", n=MOST_BYTES)
        raise rejected(ProblemCode.TOO_LARGE, message, file=file)
    parts = parsed(content, file)
    if parts.get("format") != FORMAT or not isinstance(parts.get("views"), list):
        message = text("This is no story that this version reads.")
        hint = text("It has the lines format = {number:d} and story = \"...\", and a table [[views]] for each view.",
                    number=FORMAT)  # fmt: skip
        raise rejected(ProblemCode.WRONG_TYPE, message, hint, file)
    wrong = [
        _problem(text("A story has nothing of this name."), name, parts[name], file)
        for name in parts
        if name not in _KEYS
    ]
    name = _plain(parts.get("story"), LONGEST_NAME)
    if not name:
        message = text("A story has a name of 1 to {n} characters on one line.", n=LONGEST_NAME)
        wrong.append(_problem(message, "story", parts.get("story", ""), file))
    views = parts["views"]
    if not 0 < len(views) <= MOST_VIEWS:
        message = text("A story has 1 to {n} views.", n=MOST_VIEWS)
        raise RejectedUpload([*wrong, _problem(message, "views", len(views), file)])
    found = []
    for n, values in enumerate(views, start=1):
        try:
            found.append(_view(values, file))
        except RejectedUpload as error:
            wrong += [replace(problem, column=f"views {n}: {problem.column}") for problem in error.problems]
    if wrong:
        raise RejectedUpload(wrong)
    return Story(name, tuple(found))


def usable_sentence(sentence: object) -> str:
    """Return what is said of a view, white space folded; "" if it is no text, too long, or holds control characters."""
    return _plain(sentence, LONGEST_SENTENCE)


def _view(values: Any, file: str) -> StoryView:
    if not isinstance(values, dict):
        raise RejectedUpload([_problem(text("A view is a table [[views]]."), "views", values, file)])
    sentence, wrong = usable_sentence(values.get("sentence")), []
    if not sentence:
        message = text("A view has a sentence of 1 to {n} characters on one line.", n=LONGEST_SENTENCE)
        wrong.append(_problem(message, "sentence", values.get("sentence", ""), file))
    if values.get("page") not in PAGES:
        message = text("A view is on one of the pages: {pages}.", pages=", ".join(PAGES))
        wrong.append(_problem(message, "page", values.get("page", ""), file))
    try:
        settings = from_parts({name: value for name, value in values.items() if name != "sentence"}, file)
    except RejectedUpload as error:
        raise RejectedUpload([*wrong, *error.problems]) from error
    if wrong:
        raise RejectedUpload(wrong)
    return StoryView(sentence, settings)


def _plain(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        return ""
    return value.strip() if printable(value) == value.strip() else ""


def _problem(message: Text, name: str, value: object, file: str) -> Problem:
    return Problem(
        ProblemCode.SETTING, message, file=file, column=printable(name)[:80], value=shortened(printable(str(value)), 80)
    )
