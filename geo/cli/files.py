"""Files that a command is told to read or to write."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

from geo.problems import AtlasError, Problem, ProblemCode


def to_read(text: str) -> Path:
    """Return the path of a file that can be opened; what else is given ends the command with the reason."""
    path = Path(text)
    try:
        path.open("rb").close()
    except OSError as error:
        raise ArgumentTypeError(f"{text!r} cannot be read: {error.strerror}") from None
    return path


def write(path: Path, text: str, what: str, *, is_new: bool = False) -> None:
    """Write a text; raises AtlasError if that fails. is_new: a file that is there already is left alone."""
    try:
        with path.open("x" if is_new else "w", encoding="utf-8") as lines:
            lines.write(text)
    except OSError as error:
        problem = Problem(ProblemCode.SETTING, f"The {what} cannot be written: {error.strerror}.", value=str(path))
        raise AtlasError([problem]) from error
