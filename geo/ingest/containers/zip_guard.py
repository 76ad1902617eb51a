"""Archives are checked against their limits before anything in them is used; sizes are counted, not trusted."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - it is a class

from geo.ingest.tables import CUT_OFF
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import N_, Text, text

_BYTES_PER_MB = 1_000_000
_BLOCK_BYTES = 1 << 20
# Tables compress 5 to 40 times; a higher ratio is suspicious only in a large member.
_LARGEST_RATIO = 100
_LARGE_BYTES = 10_000_000
_LOCAL_HEADER_BYTES = 30
_SAVE_AGAIN = text("Save it again, or download it again.")
UNPACKS_TO = N_("The file unpacks to {n} MB; the limit is {most} MB.")
DAMAGE = (BadZipFile, ZlibError, EOFError, NotImplementedError, ValueError, OverflowError, struct.error)


def open_archive(path: Path, file: str, limits: Mapping[str, int]) -> ZipFile:
    """Return an archive whose directory is plausible.

    Raises RejectedUpload: DAMAGED_WORKBOOK for encrypted, overlapping, repeated or too many members,
    TRUNCATED when the directory is missing, EXPANDS_TOO_MUCH for stated sizes or ratios over the limits.
    """
    try:
        archive = ZipFile(path)
    except BadZipFile as error:
        message = text("The archive has no directory: the file ends too early.")
        raise rejected(ProblemCode.TRUNCATED, message, CUT_OFF, file) from error
    except DAMAGE as error:
        message = text("The directory of the archive is damaged.")
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, _SAVE_AGAIN, file) from error
    members = archive.infolist()
    reason = _damage(members, limits["members"], path.stat().st_size)
    if reason:
        archive.close()
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, reason, text("Save it again, without a password."), file)
    too_large = _expansion(members, limits["unpacked_mb"])
    if too_large:
        archive.close()
        raise _expands(too_large, file)
    return archive


def member_blocks(archive: ZipFile, member: ZipInfo, file: str, most_bytes: int) -> Iterator[bytes]:
    """Yield the bytes of a member, counted; raises RejectedUpload when they are more than most_bytes or damaged."""
    n_bytes = 0
    try:
        with archive.open(member) as content:
            while block := content.read(_BLOCK_BYTES):
                n_bytes += len(block)
                if n_bytes > most_bytes:
                    raise _expands(text("A part unpacks to more than {most} bytes.", most=most_bytes), file)
                yield block
    except DAMAGE as error:
        message = text("A part of the archive is damaged or not what the directory says.")
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, _SAVE_AGAIN, file) from error


def _damage(members: list[ZipInfo], most_members: int, n_bytes: int) -> Text | None:
    if len(members) > most_members:
        return text("The archive has {n} parts; the limit is {most}.", n=len(members), most=most_members)
    names = [member.filename for member in members]
    if not all(names):
        return text("A part of the archive has no name.")
    if len(set(names)) < len(names):
        return text("The archive has two parts of the same name.")
    if any(member.flag_bits & 0x1 for member in members):
        return text("The archive is encrypted.")
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        return text("The archive holds a link to another file.")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        return text("The archive uses an uncommon compression.")
    if any(not 0 <= member.header_offset < n_bytes for member in members):
        return text("A part of the archive lies outside it.")
    ordered = sorted(members, key=lambda member: member.header_offset)
    for first, second in pairwise(ordered):
        if first.header_offset + _LOCAL_HEADER_BYTES + first.compress_size > second.header_offset:
            return text("Parts of the archive overlap.")
    return None


def _expansion(members: list[ZipInfo], unpacked_mb: int) -> Text | None:
    total = sum(member.file_size for member in members)
    if total > unpacked_mb * _BYTES_PER_MB:
        return text(UNPACKS_TO, n=round(total / _BYTES_PER_MB), most=unpacked_mb)
    for member in members:
        if member.file_size > max(_LARGE_BYTES, _LARGEST_RATIO * member.compress_size):
            return text("A part of the archive unpacks to more than {n} times its size.", n=_LARGEST_RATIO)
    return None


def _expands(message: Text, file: str) -> RejectedUpload:
    return rejected(ProblemCode.EXPANDS_TOO_MUCH, message, text("Split the table, or save it as CSV."), file)
