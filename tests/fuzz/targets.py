"""What is fuzzed: each target takes bytes; any exception that leaves it is a fault of the program.

A refusal is no fault. A reader must also account for every row of what it accepts.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import signal
import tempfile
import traceback
import urllib.parse
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from geo import filters, settings
from geo.export import story as export_story
from geo.export import view_settings
from geo.ingest.containers.detection import read_table
from geo.ingest.conversion import convert_table, prepared
from geo.ingest.mapping import mappings
from geo.ingest.results import ReadOptions
from geo.ingest.values.counts import parse_count
from geo.ingest.values.point_text import parse_point
from geo.problems import BadSetting, RejectedUpload
from geo.schema import LIMITS

# Small enough that no input takes long; what is above them is refused, which is one of the answers.
_SMALL = {"unpacked_mb": 4, "line_mb": 1, "rows": 2000, "columns": 60, "cell_chars": 2000}
_LIMITS = {name: limit.default for name, limit in LIMITS.items()} | _SMALL
_OPTIONS = (ReadOptions(), ReadOptions(date_order="DMY", decimal_mark=","), ReadOptions(encoding="cp1256"))
_WORKBOOK_PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
_OLD_OFFICE, _OF_CHILD_BYTES, _FAILED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 3 << 30, 99
_LONGEST_OF_CHILD_S = 60
WHOLE = Path(__file__).with_name("whole")


def _read(content: bytes, options: ReadOptions = _OPTIONS[0]) -> None:
    with tempfile.TemporaryDirectory(prefix="kp-atlas-fuzz-") as folder:
        path = Path(folder, "upload")
        path.write_bytes(content)
        with contextlib.suppress(RejectedUpload):
            table = prepared(
                read_table(path, Path(folder), "upload", options, _LIMITS, lambda share: None), "", options
            )
            found = convert_table(table, "upload", options, _LIMITS)
            rows, refused = found.rows(), found.refused_rows()
            rows.validate(full=True)
            if len(rows) + len(refused) != found.findings.n_rows_in:
                raise AssertionError("a row is neither accepted nor refused")


def delimited(content: bytes) -> None:
    """Delimited text; the first byte chooses the answers of a person."""
    _read(content[1:], _OPTIONS[content[0] % len(_OPTIONS)] if content else _OPTIONS[0])


def json_text(content: bytes) -> None:
    """JSON, GeoJSON and lines of JSON."""
    _read(b"[" + content if content[:1] not in (b"[", b"{") else content)


def parquet(content: bytes) -> None:
    """Parquet: what its reader does before and after pyarrow."""
    _read(b"PAR1" + content.removeprefix(b"PAR1"))


def archive(content: bytes) -> None:
    """A zip archive as bytes."""
    _read(b"PK\x03\x04" + content.removeprefix(b"PK\x03\x04"))


def workbook(content: bytes) -> None:
    """A workbook with one part replaced; the first byte chooses which."""
    part = _WORKBOOK_PARTS[content[0] % len(_WORKBOOK_PARTS)] if content else _WORKBOOK_PARTS[0]
    _read(_with_part("table.xlsx", part, content[1:]))


def open_document(content: bytes) -> None:
    """An OpenDocument spreadsheet with other content."""
    _read(_with_part("table.ods", "content.xml", content))


def old_workbook(content: bytes) -> None:
    """An .xls file as bytes, read in a child with little memory.

    A few wrong bytes make calamine ask for gigabytes: the guard of uploads refuses such a file, the child here dies.
    """
    with tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            os.dup2(errors.fileno(), 2)
            _read_and_end(_OLD_OFFICE + content.removeprefix(_OLD_OFFICE))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    # Rust says so and aborts where it gets no memory; any other end is a fault, a crash of the reader too.
    if code != 0 and not (code == -signal.SIGABRT and "memory allocation of" in said):
        raise AssertionError(f"the reader of old workbooks ended with {code}: {said[-2000:]}")


def _read_and_end(content: bytes) -> NoReturn:
    import resource  # Windows has none

    code = _FAILED
    signal.alarm(_LONGEST_OF_CHILD_S)  # a reader that waits for ever ends, too
    signal.signal(signal.SIGABRT, signal.SIG_DFL)  # the fuzzer has its own handler, which would end otherwise
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_OF_CHILD_BYTES, _OF_CHILD_BYTES))
        _read(content)
        code = 0
    except MemoryError:
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def address(content: bytes) -> None:
    """The address of a page: what is usable survives its own address, the rest is named."""
    query = dict(urllib.parse.parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))
    found, ignored = filters.from_query(query)
    if filters.from_query(filters.to_query(found)) != (found, ()) or not set(ignored) <= set(filters.QUERY_KEYS):
        raise AssertionError(f"{query} gives {found}")


def mapping(content: bytes) -> None:
    """The mapping of columns: what is accepted is written and read again as it is."""
    with contextlib.suppress(RejectedUpload):
        found = mappings.from_toml(content.decode("utf-8", "replace"))
        if mappings.from_toml(mappings.to_toml(found)) != found:
            raise AssertionError("the mapping changed on its way")


def view(content: bytes) -> None:
    """The settings of a view: as a mapping."""
    with contextlib.suppress(RejectedUpload):
        found = view_settings.from_toml(content.decode("utf-8", "replace"))
        if view_settings.from_toml(view_settings.to_toml(found)) != found:
            raise AssertionError("the settings changed on their way")


def story(content: bytes) -> None:
    """A story: as the settings of a view."""
    with contextlib.suppress(RejectedUpload):
        found = export_story.from_toml(content.decode("utf-8", "replace"))
        if export_story.from_toml(export_story.to_toml(found)) != found:
            raise AssertionError("the story changed on its way")


def environment(content: bytes) -> None:
    """Settings of the environment, a line each: NAME=value."""
    pairs = (line.partition("=") for line in content.decode("utf-8", "replace").splitlines())
    with contextlib.suppress(BadSetting):
        settings.load({f"ATLAS_{name}": value for name, _, value in pairs})


def cells(content: bytes) -> None:
    """Numbers and places in one cell."""
    text = content.decode("utf-8", "replace")
    parse_count(text, allow_range=True)
    parse_point(text)
    json.dumps(text)


@functools.cache
def _parts(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(WHOLE / name) as whole:
        return {member: whole.read(member) for member in whole.namelist()}


def _with_part(name: str, part: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member, original in _parts(name).items():
            archive.writestr(member, content if member == part else original)
    return made.getvalue()


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        *(delimited, json_text, parquet, archive, workbook, open_document, old_workbook),
        *(address, mapping, view, story, environment, cells),
    )
}
