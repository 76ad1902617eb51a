"""Which files a run reads, what they are by their first bytes, and the unpacking of those that cannot be cut."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from geo.bulk.plan import BulkOptions, Input, work_folder
from geo.ingest.containers.encodings import as_utf8
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.store.files import appearing
from geo.text import file_label, printable
from geo.wording import text

_START_BYTES = 4096
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_READABLE = "Bulk loading reads delimited text, gzip of such text, and Parquet."


def find_inputs(paths: Sequence[Path], options: BulkOptions) -> tuple[Input, ...]:
    """Return the files to read: those named, and every file in the folders named, in the order of their names.

    Files and folders whose name begins with a dot or an underscore are ignored. Raises RejectedUpload for
    what does not exist, is empty or is of no readable kind: nothing in a folder is left out in silence.
    """
    found: list[Input] = []
    problems: list[Problem] = []
    for given in paths:
        files = list(_files(given)) if given.is_dir() else [(given, file_label(given.name))]
        if not files:
            problems.append(Problem(ProblemCode.EMPTY, text("The folder holds no files."), _READABLE, str(given)))
        for path, label in files:
            kind = _kind(path, options)
            if isinstance(kind, Problem):
                problems.append(replace(kind, file=label))
                continue
            state = path.stat()
            found.append(Input(str(path.resolve()), label, kind, state.st_size, state.st_mtime_ns))
    if problems:
        raise RejectedUpload(problems)
    return _with_own_labels(found)


def unpack(source: Input, out: str, options: BulkOptions) -> Input:
    """Return a packed input with the path of its text in UTF-8, written into the work folder if it is not there yet.

    Raises RejectedUpload for a damaged archive and for text in no readable encoding.
    """
    target = work_folder(out) / f"text-{source.key}.csv"
    if target.exists():
        return replace(source, text_path=str(target))
    with tempfile.TemporaryDirectory(dir=work_folder(out)) as name:
        folder = Path(name)
        text = _unzipped(Path(source.path), folder, source.label)
        encoded = as_utf8(text, folder, options.read_options(), source.label)
        with encoded.path.open("rb") as content, appearing(target) as handle:
            shutil.copyfileobj(content, handle)
    return replace(source, text_path=str(target))


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "_")) for part in inner.parts):
            yield path, printable(inner.as_posix())


def _kind(path: Path, options: BulkOptions) -> str | Problem:
    try:
        with path.open("rb") as content:
            start = content.read(_START_BYTES)
    except OSError as error:
        return Problem(
            ProblemCode.MISSING, text("The file cannot be read: {reason}.", reason=error.strerror), "Check the path."
        )
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        return Problem(ProblemCode.EMPTY, text("The file is empty."), text("Leave it out."))
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"\x1f\x8b", *_UTF16_MARKS)):
        return "packed"
    if b"\0" in start or start.lstrip()[:1] in (b"{", b"[", b"<"):
        return Problem(ProblemCode.WRONG_TYPE, text("This is not a delimited text."), _READABLE)
    return "packed" if options.encoding else "text"


def _unzipped(path: Path, folder: Path, label: str) -> Path:
    with path.open("rb") as content:
        if content.read(2) != b"\x1f\x8b":
            return path
    target = folder / "unzipped"
    try:
        with gzip.open(path) as content, target.open("wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk, not of the archive
        message = text("The archive is damaged or cut off.")
        raise rejected(ProblemCode.TRUNCATED, message, text("Download or copy it again."), label) from error
    return target


def _with_own_labels(found: Sequence[Input]) -> tuple[Input, ...]:
    """Number the labels that are used twice, so that every message names one file."""
    seen: dict[str, int] = {}
    named = []
    for one in found:
        seen[one.label] = seen.get(one.label, 0) + 1
        label = one.label if seen[one.label] == 1 else f"{one.label} ({seen[one.label]})"
        named.append(replace(one, label=label))
    return tuple(named)
