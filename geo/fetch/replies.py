"""Fetching page by page into a folder, from where an interrupted fetch goes on."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from geo.fetch.connection import Connection, FetchError
from geo.fetch.services import Service, envelope
from geo.problems import ProblemCode
from geo.wording import _, format_number, text

_MOST_PAGES = 2000
_QUERY = "query.txt"


def fetch(service: Service, folder: Path, connection: Connection) -> Path:
    """Return a file with all replies of a service, in the form that geo.ingest reads: a JSON list of replies.

    folder: keeps each reply byte for byte as page-N.json, and the query without credentials. What it holds is not asked
    for again. Raises FetchError when replies are missing, contradict each other, or cannot be kept.
    """
    whole = folder / f"{service.name}.json"
    _claim(folder, service)
    if whole.exists():
        connection.say(_("{file} is there already and is not fetched again.", file=whole))
    else:
        connection.say(_("Replies are kept in {folder}.", folder=folder))
        pages = _pages(service, folder, connection)
        _write(whole, b"[" + b",\n".join(page.read_bytes() for page in pages) + b"]\n")
    return whole


def _pages(service: Service, folder: Path, connection: Connection) -> list[Path]:
    """Return the files of all pages, in their order; those that are missing are fetched."""
    headers: Mapping[str, str] = {}
    pages: list[Path] = []
    n_rows = 0
    for number in count(service.first_page):
        page = folder / f"page-{number}.json"
        if page.exists():
            found = envelope(page.read_bytes(), service)
        else:
            headers = headers or service.log_in(connection)
            content = connection.reply(f"{service.address}&page={number}", headers, service.remedies)
            found = envelope(content, service)
            _write(page, content)
        pages.append(page)
        n_rows += found.n_rows
        in_all = "?" if found.n_total is None else format_number(found.n_total)
        connection.say(_("Page {page}: {n} of {total} events.", page=len(pages), n=n_rows, total=in_all))
        if found.newest and len(pages) == 1:
            connection.say(_("The account reads events up to {day} only.", day=found.newest))
        # Pages that are not counted end with an empty one: a short one may be a limit of the account.
        if len(pages) >= found.n_pages if found.n_pages is not None else not found.n_rows:
            break
        if len(pages) == _MOST_PAGES:
            raise FetchError(text("The service has more than {n} pages.", n=_MOST_PAGES))
    if not n_rows:
        raise FetchError(text("The service has no events for this query."), text(""), ProblemCode.EMPTY)
    if found.n_total not in (None, n_rows):
        message = text("The service states {total} events, but its pages hold {n}.", total=found.n_total, n=n_rows)
        raise FetchError(message, text("Delete the folder {folder} and start again.", folder=str(folder)))
    return pages


def _claim(folder: Path, service: Service) -> None:
    """Make a folder one of this query; raises FetchError if it holds the replies to another one."""
    query = folder / _QUERY
    asked = service.address.encode() + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_ours = not any(folder.iterdir()) if not query.exists() else query.read_bytes() == asked
    except OSError as error:
        raise _no_room(error, folder) from error
    if not is_ours:
        message = text("{folder} holds something else than the replies to this query.", folder=str(folder))
        raise FetchError(message, text("Name another folder with --out."), ProblemCode.SETTING)
    if not query.exists():
        _write(query, asked)


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears under its name whole or not at all."""
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _no_room(error, path) from error


def _no_room(error: OSError, path: Path) -> FetchError:
    reason = error.strerror or type(error).__name__
    message = text("{path} cannot be written: {reason}.", path=str(path), reason=reason)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return FetchError(message, text("Name another folder with --out."), ProblemCode.SETTING)
    hint = text("Make room, or name a folder on another disk with --out. Then run the same command again.")
    return FetchError(message, hint, ProblemCode.DISK_FULL)
