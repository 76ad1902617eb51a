"""Text encodings: UTF-8 and UTF-16 are recognised, older ones must be stated; bytes without a meaning are marked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.ingest.containers.marks import NO_MEANING
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CUT_OFF
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.text import printable
from geo.wording import N_, text

# Encodings that cannot be recognised, with their names marked for translation.
ASKED_ENCODINGS = {"cp1252": N_("Windows-1252 (Western European)"), "cp1256": N_("Windows-1256 (Arabic and Urdu)")}
SAME_IN_BOTH = N_("Windows-1252 or Windows-1256, the same text in both")
# Bytes that the encodings read differently; all others leave nothing to ask.
_DIFFERENT = bytes(
    byte for byte in range(256) if len({bytes([byte]).decode(name, "replace") for name in ASKED_ENCODINGS}) > 1
)
_DIFFERS = re.compile(b"[" + re.escape(_DIFFERENT) + b"]")
_CELL_ENDS = re.compile(rb"[,;\t|\r\n\"]")
_IN_A_WORD = re.compile(rb"[\x80-\xff]{3}")
_MOST_SAMPLES, _MOST_DIFFERENT = 3, 5_000
_LONGEST_SAMPLE = 40  # bytes
# Name of the way in which decoders here treat bytes without a meaning.
_WITH_MARKS = "atlas-marks"
# Letters of Western Europe and of transliteration, Arabic script, punctuation; and what is there by chance or not text.
_PLAUSIBLE = re.compile("[\u00a0-\u017f\u0600-\u06ff\u0750-\u077f\u0900-\ufdff\ufe70-\U0010ffff]")
_BY_CHANCE = re.compile("[\u0080-\u009f\u0180-\u05ff]")
_BLOCK_BYTES = 128 << 10  # stays in the cache of one core while it is looked at
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text file in UTF-8, its first `skip` bytes a byte order mark, and a note on its encoding."""

    path: Path
    skip: int
    note: Note


def as_utf8(path: Path, folder: Path, options: ReadOptions, file: str) -> EncodedText:
    """Return the file as UTF-8 text, transcoded into the folder where needed.

    Bytes without a meaning in the encoding become marks.NO_MEANING, so that their rows are noted. Raises
    RejectedUpload: ENCODING (with byte offset and row) when the encoding must be stated, TRUNCATED when the file ends
    in the middle of a character.
    """
    with path.open("rb") as lines:
        start = lines.read(4096)
    encoding = next((name for mark, name in _BOMS if start.startswith(mark)), None) or _utf16_without_mark(start)
    is_either = False
    # Older encodings read any bytes, so a wrong guess would garble names without an error: UTF-8 or ask.
    if encoding in (None, "utf-8-sig"):
        failed_at = _first_undecodable(path, file)
        if failed_at is None:
            return EncodedText(path, _n_mark_bytes(start), _note("UTF-8"))
        encoding = options.encoding or ("utf-8" if _is_utf8_with_flaws(path) else None)
        if encoding is None:
            if asked := _asked(path, failed_at, file):
                raise RejectedUpload([asked])
            encoding, is_either = next(iter(ASKED_ENCODINGS)), True
    target = folder / "text.utf8"
    _transcode(path, target, encoding or "utf-8", file)
    names = {**ASKED_ENCODINGS, "utf-8": "UTF-8"}
    return EncodedText(target, 0, _note(SAME_IN_BOTH if is_either else names.get(encoding or "", "UTF-16")))


def _n_mark_bytes(start: bytes) -> int:
    """Return how many bytes of byte order marks a UTF-8 file begins with; two programs may each have written one."""
    n_bytes = 0
    while start.startswith(codecs.BOM_UTF8, n_bytes):
        n_bytes += len(codecs.BOM_UTF8)
    return n_bytes


def _marked(error: UnicodeError) -> tuple[str, int]:
    """Return what a decoder puts for bytes without a meaning; a file that is cut off stays an error."""
    if not isinstance(error, UnicodeDecodeError) or error.reason in ("truncated data", "unexpected end of data"):
        raise error
    return NO_MEANING, error.end


codecs.register_error(_WITH_MARKS, _marked)


def _is_utf8_with_flaws(path: Path) -> bool:
    """Whether the characters that are plausible in UTF-8 are at least as many as the bytes that are none.

    Bytes of older encodings hardly ever form such characters; those of cp1256 form Greek to Hebrew letters by chance.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(_WITH_MARKS)
    n_good = n_bad = 0
    for block in blocks(path):
        content = decoder.decode(block)
        if not content.isascii():
            n_good += len(_PLAUSIBLE.findall(content))
            n_bad += len(_BY_CHANCE.findall(content))
    return n_good >= max(n_bad, 1)


def _note(encoding: str) -> Note:
    return Note(NoteKind.ENCODING, values={"encoding": text(encoding)})


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks."""
    with path.open("rb") as lines:
        while block := lines.read(_BLOCK_BYTES):
            yield block


def _utf16_without_mark(start: bytes) -> str | None:
    """Return the name of UTF-16 without a byte order mark: Latin text has a zero in every other byte."""
    if len(start) < 16:
        return None
    even, odd = start[0::2].count(0) / len(start[0::2]), start[1::2].count(0) / len(start[1::2])
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else None


def _first_undecodable(path: Path, file: str) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    for block in blocks(path):
        pending = len(decoder.getstate()[0])
        # Most blocks of most tables are ASCII, which needs no decoding.
        if pending or not block.isascii():
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return offset - pending + error.start
        offset += len(block)
    left = len(decoder.getstate()[0])
    if left:
        raise _cut_off(path, offset, file)
    return None


def _cut_off(path: Path, offset: int, file: str) -> RejectedUpload:
    row = _row_at(path, offset)
    message = text("The file ends in the middle of a character; the last whole row is {last_row:d}.", last_row=row - 1)
    return rejected(ProblemCode.TRUNCATED, message, CUT_OFF, file, row=row)


def _row_at(path: Path, offset: int) -> int:
    """Return the line of a byte, first line 1."""
    n_lines, left = 1, offset
    for block in blocks(path):
        n_lines += block[:left].count(b"\n")
        left -= len(block)
        if left <= 0:
            break
    return n_lines


def _asked(path: Path, offset: int, file: str) -> Problem | None:
    """Return the question for the encoding with cells that the candidates read differently; None if none differs."""
    samples: dict[bytes, None] = {}
    n_in_words = n_different = 0
    first = None
    for start, block, place in _different(path):
        first = start + place if first is None else first
        n_different += 1
        # Words in Arabic script are written in such bytes throughout, words of Western Europe in one or two.
        n_in_words += bool(_IN_A_WORD.search(block[max(place - 2, 0) : place + 3]))
        if len(samples) < _MOST_SAMPLES:
            samples[_cell_around(block, place)] = None
    if first is None:
        return None
    readings = "; ".join(
        f"{name}: " + ", ".join(repr(printable(sample.decode(name, errors="replace"))) for sample in samples)
        for name in ASKED_ENCODINGS
    )
    message = text("The text is not UTF-8 from byte {offset} on.", offset=offset)
    proposed = "cp1256" if 2 * n_in_words > n_different else "cp1252"
    hint = text("State the encoding ({readings}), or save the file as CSV UTF-8.", readings=readings, proposed=proposed)
    return Problem(ProblemCode.ENCODING, message, hint, file, row=_row_at(path, first))


def _different(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Yield offset of the block, block and place in it of the first bytes that the encodings read differently."""
    start = n_found = 0
    for block in blocks(path):
        for match in _DIFFERS.finditer(block):
            yield start, block, match.start()
            n_found += 1
            if n_found == _MOST_DIFFERENT:
                return
        start += len(block)


def _cell_around(block: bytes, place: int) -> bytes:
    """Return the cell that holds the byte at a place, shortened around it."""
    left, right = max(place - _LONGEST_SAMPLE // 2, 0), place + _LONGEST_SAMPLE // 2
    before = _CELL_ENDS.split(block[left:place])[-1]
    return (before + _CELL_ENDS.split(block[place:right])[0]).strip()


def _transcode(path: Path, target: Path, encoding: str, file: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)(_WITH_MARKS)
    offset = 0
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            for block in blocks(path):
                out.write(decoder.decode(block))
                offset += len(block)
            out.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise _cut_off(path, offset, file) from error
