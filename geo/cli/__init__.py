"""The command line: load files and look after the store without a browser.

Exit codes: 0 done, 2 refused (the problems are printed), 1 the store, a setting or a service is unusable.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import districts as geo_districts
from geo import intake, place_decisions, word_decisions
from geo import settings as geo_settings
from geo.analysis.counting.compare import NotComparable
from geo.analysis.index.profiles import CannotCompute
from geo.cli import (
    access,
    account,
    answers,
    compare,
    export,
    fetch,
    figures,
    files,
    mappings,
    places,
    report,
    store,
    stories,
    words,
)
from geo.ingest import AnswersNeeded, ReadOptions, ReadResult
from geo.ingest.mapping.mappings import NamedMapping, to_toml
from geo.ingest.notes import Note
from geo.ingest.tables import SUM_OF_OTHERS
from geo.policy import at_machine
from geo.problems import AtlasError, Problem, ProblemCode, ProblemKind, RejectedUpload, rejected
from geo.settings import APP_ROOT, Settings, SharedPlace, StorePlace
from geo.store import Store
from geo.text import line_text
from geo.wording import _, _n, format_list, text

if TYPE_CHECKING:
    from geo.bulk import BulkOptions

DONE, UNUSABLE, REFUSED = 0, 1, 2


def kp_atlas() -> int:
    """Run the command of this process: `kp-atlas ...` or `python -m geo ...`."""
    # Mappings and records are read back as UTF-8, and hold names that the system's encoding may not have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return main(sys.argv[1:])


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = geo_settings.current()
        if options.store is not None:
            settings = replace(settings, store_path=options.store)
        run: Callable[[argparse.Namespace, Settings], int] = options.run
        return run(options, settings)
    except (RejectedUpload, CannotCompute, NotComparable) as refused:
        _print_problems(refused, options)
        return REFUSED
    except AtlasError as error:
        _print_problems(error, options)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    program = "kp-atlas" if Path(sys.argv[0]).stem == "kp-atlas" else "python -m geo"
    parser = argparse.ArgumentParser(prog=program, description=_("KP Incident Atlas on the command line."))
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--store", type=Path, help=_("folder of the store (default: the setting ATLAS_STORE)"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], int], what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[shared], help=what, description=what)
        added.set_defaults(run=run)
        return added

    serve = command("serve", _serve, _("open the atlas in the browser"))
    serve.add_argument("--port", type=int, default=8501, help=_("port to listen on, 8501 by default"))
    ingest = command("ingest", _ingest, _("check a file and store its rows as one batch"))
    ingest.add_argument("file", type=files.to_read)
    ingest.add_argument("--dry-run", action="store_true", help=_("check only, store nothing"))
    ingest.add_argument(
        "--accept-valid", action="store_true", help=_("store the valid rows of a file with refused rows")
    )
    ingest.add_argument("--replaces", type=int, metavar="BATCH", help=_("the file is a new edition of this batch"))
    ingest.add_argument("--keep-repeated", action="store_true", help=_("equal rows of the file are separate incidents"))
    ingest.add_argument("--report", type=Path, help=_("write the result of the check as JSON"))
    ingest.add_argument("--all-problems", action="store_true", help=_("print each problem, not one line for a kind"))
    answers.add(ingest, answers.ANSWERS)
    ingest.add_argument("--save-mapping", type=mappings.name, metavar="NAME", help=_("keep the mapping under a name"))
    mappings.add_propose(command("propose", mappings.propose, _("write a mapping of an unknown table, to be checked")))
    kept = command("mappings", mappings.list_kept, _("list the kept mappings"))
    kept.add_argument("--export", metavar="NAME", help=_("print this one as TOML"))
    places.add(
        command("places", places.run, _("list what place names were decided to mean, decide one or take one back"))
    )
    words.add(command("words", words.run, _("list what words were decided to mean, decide one or take one back")))
    stories.add(
        command("stories", stories.run, _("list stories, print one, take one in, remove one or bring one back"))
    )
    _add_bulk(command("bulk", _bulk, _("load files larger than memory as one batch, on threads or a Dask cluster")))
    fetch.add(command("fetch", partial(fetch.run, ingest=_ingest), _("fetch from UCDP or ACLED with your own access")))
    store.add(command)
    figures.add(command("figure", figures.figure, _("draw a figure from settings, or check a PDF figure")))
    figures.add_brief(command("brief", figures.brief, _("write a brief of two pages on a district or the province")))
    access.add(command("access", access.access, _("print the access-constraint index, one record a district")))
    compare.add(command("compare", compare.run, _("print the rates of one period against another, by district")))
    report.add(command("report", report.report, _("write the brief of a month and what it restates")))
    export.add(command("export", export.export, _("write what a view shows to a file, with its notes")))
    return parser


def _add_bulk(bulk: argparse.ArgumentParser) -> None:
    bulk.add_argument(
        "inputs", type=Path, nargs="+", metavar="INPUT", help=_("csv, csv.gz or Parquet files, or folders")
    )
    bulk.add_argument("--out", type=Path, required=True, help=_("new folder for parts, cube, rejects and manifest"))
    bulk.add_argument("--scheduler", help=_("Dask scheduler, for example tcp://host:8786 (default: threads)"))
    bulk.add_argument("--no-store", action="store_true", help=_("write the folder only, store nothing"))
    bulk.add_argument("--label", help=_("name of the batch (default: that of the first input)"))
    answers.add(bulk, answers.OF_TEXTS)
    bulk.add_argument(
        "--chunk-mb", type=int, default=64, help=_("size of the pieces; a worker needs ten times as much")
    )


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    """Run the app as `streamlit run app.py` does, on the store of this command."""
    folder = settings.store_path.folder if isinstance(settings.store_path, SharedPlace) else settings.store_path
    command = [sys.executable, "-m", "streamlit", "run", str(APP_ROOT / "app.py"), "--server.port", str(options.port)]
    try:
        return subprocess.call(command, env=os.environ | {"ATLAS_STORE": str(folder.absolute())})
    except KeyboardInterrupt:
        return DONE


def _require_layout_of(service: str, source: str, file: str) -> None:
    """Raise RejectedUpload if records that were fetched from a service do not have its layout; "" is no service."""
    if not source.startswith(service):
        message = text("The records have another layout than those of {service} had.", service=service.upper())
        raise rejected(ProblemCode.COLUMNS, message, text("Download the file by hand and match its columns."), file)


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    opened, actor = Store.open(settings.store_path), at_machine(settings).actor
    given = answers.given(options)
    try:
        mapping = _mapping(options, opened)
        given = mapping.options(given) if mapping else given
        checked = intake.check(
            options.file,
            options.file.name,
            opened,
            geo_districts.load(),
            settings,
            given,
            replaces=options.replaces,
            keep_repeated=options.keep_repeated,
        )
        _require_layout_of(getattr(options, "service", ""), checked.result.source, options.file.name)
    except RejectedUpload as refusal:
        notes = refusal.notes if isinstance(refusal, AnswersNeeded) else ()
        answered = _answer_report(given, refusal.problems, options, notes)
        _write_report(options.report, _refusal_report(refusal) | answered)
        raise
    result = checked.result
    report = account.report(checked) | _answer_report(given, result.problems, options, result.notes)
    for line in (*answers.lines((), options, result.notes), *account.told(checked)):
        print(line_text(line), file=sys.stderr)
    try:
        if options.dry_run:
            print(account.summary(checked))
            intake.require_acceptable(checked, options.file.name, accept_valid=options.accept_valid)
            _print_left_out(result, options)
            _write_report(options.report, report | {"outcome": "would be accepted"})
            return DONE
        record = intake.accept(
            checked, options.file, options.file.name, opened, accept_valid=options.accept_valid, actor=actor
        )
    except RejectedUpload as refusal:
        outcome = "would be refused" if options.dry_run else "refused"
        _write_report(options.report, report | {"outcome": outcome} | _problems(refusal))
        raise
    _print_left_out(result, options)
    if mapping and options.save_mapping:
        opened.save_mapping(options.save_mapping, to_toml(replace(mapping, name=options.save_mapping)), actor=actor)
    _write_report(options.report, report | {"outcome": "accepted", "batch": record.batch_id})
    print(_("batch {number:d}: {text}", number=record.batch_id, text=account.summary(checked)))
    return DONE


def _print_left_out(result: ReadResult, options: argparse.Namespace) -> None:
    """Print which rows of an accepted file are not stored, and why; what `account.told` says is not repeated."""
    kinds = tuple(one for one in result.problem_kinds if one.example.message.template != SUM_OF_OTHERS.template)
    if kinds:
        n = result.n_refused - result.n_sums
        line = _n(
            "{n} row of the file is refused and not stored:", "{n} rows of the file are refused and not stored:", n
        )
        print(line, file=sys.stderr)
        _print_problems(RejectedUpload(result.problems, sum(kind.n for kind in kinds), kinds), options)


def _mapping(options: argparse.Namespace, opened: Store) -> NamedMapping | None:
    if options.mapping is not None:
        return mappings.chosen(options.mapping, opened)
    if options.save_mapping is not None:
        raise rejected(ProblemCode.SETTING, text("--save-mapping needs --mapping."))
    return None


def _bulk(options: argparse.Namespace, settings: Settings) -> int:
    from geo import bulk

    if options.chunk_mb < 1:
        raise rejected(ProblemCode.SETTING, text("--chunk-mb is at least 1."), value=str(options.chunk_mb))
    known = None if options.no_store else _known(settings.store_path)
    result = bulk.load(
        options.inputs,
        options.out,
        options=_bulk_options(options, known),
        limits=settings.limits,
        scheduler=options.scheduler,
        report=lambda share, text: print(f"{share:4.0%} {text}", file=sys.stderr),
    )
    stated = result.manifest
    print(
        account.rows_line(
            stated["format"],
            stated["n_rows_in"],
            stated["n_accepted"],
            stated["n_refused"],
            stated["n_duplicates"],
            stated["n_located"],
            stated["n_outside"],
        )
    )
    if not options.no_store:
        actor = at_machine(settings).actor
        record = bulk.register(result, Store.open(settings.store_path), label=options.label, actor=actor)
        print(_("batch {number:d}: {text}", number=record.batch_id, text=record.label))
    return DONE


def _bulk_options(options: argparse.Namespace, known: Store | None) -> BulkOptions:
    """Return how files are read in bulk: as answered, and as was decided in the store that is known."""
    from geo import bulk

    return bulk.BulkOptions(
        date_order=options.date_order,
        decimal_mark=options.decimal_mark,
        encoding=options.encoding,
        swap_axes=bool(options.swap_axes),
        chunk_mb=options.chunk_mb,
        date_year=options.date_year,
        decided=place_decisions.by_source(known) if known else {},
        initiator=options.initiator,
        words=word_decisions.for_next_file(known) if known else {},
        counted=options.counted,
        blank_cells=options.blank_cells,
    )


def _known(place: StorePlace) -> Store | None:
    """Return the store whose decisions are used; one that is not there yet knows none, and is not made to be asked."""
    folder = place.folder if isinstance(place, SharedPlace) else place
    return Store.open(place) if folder.exists() else None


def _refusal_report(refusal: RejectedUpload) -> dict[str, Any]:
    return {"outcome": "refused", "accepted": 0} | _problems(refusal)


def _answer_report(
    given: ReadOptions, problems: Iterable[Problem], options: argparse.Namespace, notes: Iterable[Note] = ()
) -> dict[str, Any]:
    return {"answers": answers.used(given), "questions": answers.asked(problems, options, notes)}


def _problems(error: AtlasError) -> dict[str, Any]:
    return {"problems_total": error.n_total, "problems": [problem.in_words() for problem in error.problems]}


def _write_report(path: Path | None, report: dict[str, Any]) -> None:
    if path is not None:
        files.write(path, json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n")


def _print_problems(error: AtlasError, options: argparse.Namespace) -> None:
    is_each = getattr(options, "all_problems", False) or not error.kinds
    for kind in () if is_each else error.kinds:
        print(line_text(_of_kind(kind)), file=sys.stderr)
    for problem in error.problems if is_each else ():
        print(line_text(str(problem)), file=sys.stderr)
    if not is_each and error.n_total > len(error.kinds):
        print(_("{n} problems in all; --all-problems prints each.", n=error.n_total), file=sys.stderr)
    elif error.n_total > len(error.problems):
        print(_("... {n} problems in all", n=error.n_total), file=sys.stderr)
    notes = error.notes if isinstance(error, AnswersNeeded) else ()
    for line in answers.lines(error.problems, options, notes):
        print(line_text(line), file=sys.stderr)


def _of_kind(kind: ProblemKind) -> str:
    """Return the first problem of a kind, with the number of its problems and their first rows where it has several."""
    if kind.n == 1:
        return str(kind.example)
    named = format_list([*map(str, kind.rows)]) + (_(", ") + "..." if kind.n > len(kind.rows) else "")
    return _("{n} times (rows {rows}). First: {problem}", n=kind.n, rows=named, problem=str(kind.example))
