"""The command that fetches from UCDP or ACLED with the user's own token or account, and stores like an upload."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from platformdirs import user_data_path

from geo.fetch import Connection, FetchError, NotThere, acled, fetch, ucdp
from geo.problems import ProblemCode, RejectedUpload
from geo.settings import Settings
from geo.wording import _, text

_DONE = 0
_RELEASE = "26.1"


def add(parser: ArgumentParser) -> None:
    """Add the options of `fetch`."""
    parser.add_argument("service", choices=("ucdp", "acled"))
    parser.add_argument(
        "--version", metavar="RELEASE", help=_("release of UCDP GED, {release} by default", release=_RELEASE)
    )
    parser.add_argument(
        "--candidate", action="store_true", help=_("the monthly candidate releases of the year of that release")
    )
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help=_("last day of ACLED events, as 2026-10-07: today")
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help=_("where the replies are kept"))
    parser.add_argument(
        "--base-url", metavar="URL", help=_("address of a mirror or a test server instead of the service")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("fetch and check only, store nothing"))
    parser.add_argument("--accept-valid", action="store_true", help=_("store the valid rows if others are refused"))
    parser.add_argument("--replaces", type=int, metavar="BATCH", help=_("the release is a new edition of this batch"))


def run(options: Namespace, settings: Settings, ingest: Callable[[Namespace, Settings], int]) -> int:
    """Fetch, then check and store the replies as `ingest` does with a file.

    ingest: the command of that name. Raises FetchError, and what ingest raises.
    """
    if options.service == "acled" and (options.version or options.candidate):
        raise FetchError(
            text("ACLED has no releases."), text("Leave out --version and --candidate."), ProblemCode.SETTING
        )
    if options.candidate and options.replaces is not None:
        raise FetchError(text("--replaces is for one release."), text("Leave out --candidate."), ProblemCode.SETTING)
    for file in _fetched(options, settings, Connection(_say)):
        # What ingest can be asked but a service never raises a question about.
        unasked = {"file": file, "keep_repeated": False, "report": None, "mapping": None, "save_mapping": None}
        try:
            ingest(Namespace(**vars(options) | unasked), settings)
        except RejectedUpload as refusal:
            # Earlier months are stored already when a new one is fetched.
            if not options.candidate or refusal.problems[0].code is not ProblemCode.DUPLICATE_ID or refusal.n_total > 1:
                raise
            _say(str(refusal.problems[0]))
    return _DONE


def _fetched(options: Namespace, settings: Settings, connection: Connection) -> Iterator[Path]:
    """Yield the file of each release, as soon as it is there."""
    if options.service == "acled":
        _say(
            _("ACLED's terms do not allow rows to be passed on or published; the atlas shows and exports totals only.")
        )
        service = acled(options.until or datetime.now(UTC).date(), settings, options.base_url)
        yield fetch(service, options.out or _folder(service.name), connection)
        return
    release = options.version or _RELEASE
    for month in count(1):
        named = f"{release.split('.')[0]}.0.{month}" if options.candidate else release
        service = ucdp(named, settings, options.base_url)
        try:
            yield fetch(service, options.out / named if options.out else _folder(service.name), connection)
        except NotThere:
            if not options.candidate or month == 1:
                raise
            return
        if not options.candidate:
            return


def _folder(name: str) -> Path:
    # Not in the folder of the store, which holds nothing but the store.
    return user_data_path("kp-incident-atlas-fetched", appauthor=False) / name


def _say(line: str) -> None:
    print(line, file=sys.stderr)
