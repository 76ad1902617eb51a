"""Archives held against their limits before anything in them is used; sizes are counted, not believed."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - a class, whatever zlib calls it

from geo.problems import Problem, ProblemCode, RejectedUpload

_BYTES_PER_MB = 1_000_000
_BLOCK_BYTES = 1 << 20
# Tables compress 5 to 40 times; only what is also large is suspicious.
_LARGEST_RATIO = 100
_LARGE_BYTES = 10_000_000
_LOCAL_HEADER_BYTES = 30
DAMAGE = (BadZipFile, ZlibError, EOFError, NotImplementedError, ValueError, OverflowError, struct.error)


def open_archive(path: Path, file: str, limits: Mapping[str, int]) -> ZipFile:
    """Return an archive whose directory is plausible.

    Raises RejectedUpload: DAMAGED_WORKBOOK for encrypted, overlapping, repeated or too many members,
    TRUNCATED when the directory is missing, EXPANDS_TOO_MUCH for stated sizes or ratios over the limits.
    """
    try:
        archive = ZipFile(path)
    except BadZipFile as error:
        message = "The archive has no directory: the file ends too early."
        problem = Problem(ProblemCode.TRUNCATED, message, "The file was cut off: get it again.", file)
        raise RejectedUpload([problem]) from error
    except DAMAGE as error:
        message = "The directory of the archive is damaged."
        problem = Problem(ProblemCode.DAMAGED_WORKBOOK, message, "Save it anew, or get it again.", file)
        raise RejectedUpload([problem]) from error
    members = archive.infolist()
    reason = _damage(members, limits["members"], path.stat().st_size)
    if reason:
        archive.close()
        hint = "Save it anew, without a password."
        raise RejectedUpload([Problem(ProblemCode.DAMAGED_WORKBOOK, reason, hint, file)])
    too_large = _expansion(members, limits["unpacked_mb"])
    if too_large:
        archive.close()
        raise RejectedUpload([_expands(too_large, file)])
    return archive


def member_blocks(archive: ZipFile, member: ZipInfo, file: str, most_bytes: int) -> Iterator[bytes]:
    """Yield the bytes of a member, counted; raises RejectedUpload when they are more than most_bytes or damaged."""
    n_bytes = 0
    try:
        with archive.open(member) as content:
            while block := content.read(_BLOCK_BYTES):
                n_bytes += len(block)
                if n_bytes > most_bytes:
                    raise RejectedUpload([_expands(f"A part unpacks to more than {most_bytes:,} bytes.", file)])
                yield block
    except DAMAGE as error:
        message = "A part of the archive is damaged or not what the directory says."
        problem = Problem(ProblemCode.DAMAGED_WORKBOOK, message, "Save it anew, or get it again.", file)
        raise RejectedUpload([problem]) from error


def _damage(members: list[ZipInfo], most_members: int, n_bytes: int) -> str:
    if len(members) > most_members:
        return f"The archive has {len(members):,} parts, the most is {most_members}."
    names = [member.filename for member in members]
    if not all(names):
        return "A part of the archive has no name."
    if len(set(names)) < len(names):
        return "The archive has two parts of the same name."
    if any(member.flag_bits & 0x1 for member in members):
        return "The archive is encrypted."
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        return "The archive holds a link to another file."
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        return "The archive uses an uncommon compression."
    if any(not 0 <= member.header_offset < n_bytes for member in members):
        return "A part of the archive lies outside it."
    ordered = sorted(members, key=lambda member: member.header_offset)
    for first, second in pairwise(ordered):
        if first.header_offset + _LOCAL_HEADER_BYTES + first.compress_size > second.header_offset:
            return "Parts of the archive overlap."
    return ""


def _expansion(members: list[ZipInfo], unpacked_mb: int) -> str:
    total = sum(member.file_size for member in members)
    if total > unpacked_mb * _BYTES_PER_MB:
        return f"The archive unpacks to {total / _BYTES_PER_MB:,.0f} MB, the most is {unpacked_mb:,} MB."
    for member in members:
        if member.file_size > max(_LARGE_BYTES, _LARGEST_RATIO * member.compress_size):
            return f"A part of the archive unpacks to more than {_LARGEST_RATIO} times its size."
    return ""


def _expands(message: str, file: str) -> Problem:
    return Problem(ProblemCode.EXPANDS_TOO_MUCH, message, "Split the table, or save it as CSV.", file)
