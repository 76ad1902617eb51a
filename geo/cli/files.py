"""Files that a command reads or writes."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

from geo.problems import AtlasError, Problem, ProblemCode
from geo.wording import _, text


def to_read(name: str) -> Path:
    """Return the path of a file that can be opened; what else is given ends the command with the reason."""
    path = Path(name)
    try:
        path.open("rb").close()
    except OSError as error:
        raise ArgumentTypeError(_("{path!r} cannot be read: {reason}", path=name, reason=error.strerror)) from None
    return path


def write(path: Path, content: str, *, is_new: bool = False) -> None:
    """Write a text file; raises AtlasError if that fails. is_new: never replace a file that exists."""
    write_bytes(path, content.encode(), is_new=is_new)


def write_bytes(path: Path, content: bytes, *, is_new: bool = False) -> None:
    """Write a file; raises AtlasError if that fails. is_new: never replace a file that exists."""
    try:
        with path.open("xb" if is_new else "wb") as file:
            file.write(content)
    except OSError as error:
        problem = Problem(
            ProblemCode.SETTING, text("The file cannot be written: {reason}.", reason=error.strerror), value=str(path)
        )
        raise AtlasError([problem]) from error
