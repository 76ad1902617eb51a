"""The files that a PDF of the atlas carries; the only module that reads PDF."""

from __future__ import annotations

import io
import logging

from geo.figure.sheet import BRIEF, DATA, FIGURE, SETTINGS
from geo.problems import ProblemCode, rejected
from geo.wording import text

MOST_BYTES = 50_000_000


def attached(pdf: bytes, file: str = "") -> dict[str, str]:
    """Return data, settings and the record of a figure or brief from a PDF; raises RejectedUpload if it has none.

    file: the name that problems state.
    """
    import pypdf
    from pypdf.errors import PyPdfError

    if len(pdf) > MOST_BYTES:
        raise rejected(ProblemCode.TOO_LARGE, text("The file is larger than any figure of the atlas."), file=file)
    # Its reader writes to the log what it mends; whoever asks here is told that the file differs.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        found = {name: contents[0] for name, contents in pypdf.PdfReader(io.BytesIO(pdf)).attachments.items()}
        names = (DATA, SETTINGS, BRIEF if BRIEF in found else FIGURE)
        return {name: found[name].decode("utf-8") for name in names}
    except KeyError as error:
        message = text("The PDF carries no figure of the atlas: {name} is missing.", name=str(error.args[0]))
        raise rejected(ProblemCode.WRONG_TYPE, message, file=file) from error
    except (PyPdfError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        raise rejected(ProblemCode.WRONG_TYPE, text("The PDF is damaged."), file=file) from error


def count_pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    import pypdf

    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
