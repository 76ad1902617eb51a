"""The log: one JSON object a line, with the name of what happened and figures; never a text of a user or a file.

An error is logged by its class and the places in the code that it passed: its message may quote a file.
"""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any

_LOG = logging.getLogger("atlas")
_OURS = ("atlas", "geo")


def event(name: str, *, level: int = logging.INFO, **figures: str | int | float | bool) -> None:
    """Log that something happened. name: fixed words, docs/operations.md lists them. figures: no text of a user."""
    _LOG.log(level, name, extra={"figures": figures})


def error(found: BaseException) -> str:
    """Log the places of an error; returns the number under which they stand, for whoever met it."""
    number = secrets.token_hex(4)
    event("error", level=logging.ERROR, number=number, places=" | ".join(places_of(found)))
    return number


def places_of(error: BaseException) -> list[str]:
    """Return the class of an error and of those it followed from, each with the places it passed, one a line."""
    lines: list[str] = []
    for one in _chain(error):
        lines.append(type(one).__name__)
        lines += [
            f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(one.__traceback__)
        ]
    return lines


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those it followed from."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object without line ends or escape sequences."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        said |= getattr(record, "figures", {})
        if record.exc_info and record.exc_info[1]:
            said["places"] = places_of(record.exc_info[1])
        return json.dumps(said, ensure_ascii=True, default=str)


def _foreign(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    """Return a maker of records that holds back the texts of errors in the records of other programs' loggers."""

    @wraps(make)
    def made(*args: Any, **named: Any) -> logging.LogRecord:
        record = make(*args, **named)
        return record if record.name.partition(".")[0] in _OURS else without_messages(record)

    return made


def without_messages(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record with the classes and places of its errors in the place of their texts, wherever those stand."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(record.args, Mapping):
        record.args = {name: _without_text(one) for name, one in record.args.items()}
    elif record.args:
        record.args = tuple(map(_without_text, record.args))
    if isinstance(record.msg, BaseException):
        error, record.msg, record.args = error or record.msg, type(record.msg).__name__, None
    if error is not None:
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit: whoever logs must not meet it here
            said = str(record.msg)
        for one in _chain(error):
            # A message may have been made with the error in it.
            said = said.replace(str(one), type(one).__name__) if str(one) else said
        record.msg, record.args = f"{said}: {' | '.join(places_of(error))}", None
        record.exc_info = record.exc_text = None
    return record


def _without_text(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value


def configure() -> None:
    """Write the lines of this program to standard error; called by the server when it starts."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
    # Streamlit has a handler for each of its many loggers, and makes more of them while it runs.
    logging.setLogRecordFactory(_foreign(logging.LogRecord))
