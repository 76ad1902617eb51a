"""What is asked once in a run of a page: which data are shown must not differ between its parts, and costs to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_Value = TypeVar("_Value")
_ANSWERS: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("answers of this run", default=None)


@contextmanager
def one() -> Iterator[None]:
    """Keep the answers of `once` until the block ends."""
    token = _ANSWERS.set({})
    try:
        yield
    finally:
        _ANSWERS.reset(token)


def once(ask: Callable[[], _Value]) -> _Value:
    """Return the answer of a function, which is asked once in a run, and each time outside of one."""
    answers = _ANSWERS.get()
    if answers is None:
        return ask()
    if ask not in answers:
        answers[ask] = ask()
    answer: _Value = answers[ask]
    return answer


def changes_data() -> None:
    """Ask each time from here on: this run may change what it shows."""
    _ANSWERS.set(None)
