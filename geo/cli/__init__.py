"""The command line: load files and look after the store without a browser.

Exit codes: 0 done, 2 refused (the problems are printed), 1 the store or a setting is unusable.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from geo import districts as geo_districts
from geo import intake, place_decisions
from geo import settings as geo_settings
from geo.analysis.index import request as access_request
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import CannotCompute, refusal
from geo.analysis.index.report import records_as_csv, records_as_json
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import LONGEST_WINDOW_MONTHS, SHORTEST_WINDOW_MONTHS
from geo.analysis.locating import place_names
from geo.cli import answers, files, mappings, places
from geo.filters import Filters
from geo.incidents import select
from geo.ingest import ReadOptions
from geo.ingest.mapping.mappings import NamedMapping, to_toml
from geo.ingest.notes import note_text
from geo.intake import Checked
from geo.problems import AtlasError, Problem, ProblemCode, RejectedUpload
from geo.schema import SOURCES
from geo.settings import Settings, SharedPlace, StorePlace
from geo.store import Store

DONE, UNUSABLE, REFUSED = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = geo_settings.load()
        if options.store is not None:
            settings = replace(settings, store_path=options.store)
        run: Callable[[argparse.Namespace, Settings], int] = options.run
        return run(options, settings)
    except (RejectedUpload, CannotCompute) as refused:
        _print_problems(refused, options)
        return REFUSED
    except AtlasError as error:
        _print_problems(error, options)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="KP Incident Atlas on the command line.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--store", type=Path, help="folder of the store (default: the setting ATLAS_STORE)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[shared], help=text, description=text)
        added.set_defaults(run=run)
        return added

    ingest = command("ingest", _ingest, "check a file and store its rows as one batch")
    ingest.add_argument("file", type=files.to_read)
    ingest.add_argument("--dry-run", action="store_true", help="check only, store nothing")
    ingest.add_argument("--accept-valid", action="store_true", help="store the valid rows of a file with refused rows")
    ingest.add_argument("--replaces", type=int, metavar="BATCH", help="the file is a new edition of this batch")
    ingest.add_argument("--keep-repeated", action="store_true", help="equal rows of the file are separate incidents")
    ingest.add_argument("--report", type=Path, help="write the result of the check as JSON")
    answers.add(ingest, answers.ANSWERS)
    ingest.add_argument("--save-mapping", type=mappings.name, metavar="NAME", help="keep the mapping under a name")
    mappings.add_propose(command("propose", mappings.propose, "write a mapping of an unknown table, to be checked"))
    kept = command("mappings", mappings.list_kept, "list the kept mappings")
    kept.add_argument("--export", metavar="NAME", help="print this one as TOML")
    places.add(command("places", places.run, "list what place names were decided to mean, decide one or take one back"))
    _add_bulk(command("bulk", _bulk, "load files larger than memory as one batch, on threads or a Dask cluster"))
    for name, text in (("undo", "take a batch out of every view"), ("redo", "bring an undone batch back")):
        command(name, _flip, text).add_argument("batch", type=int)
        commands.choices[name].set_defaults(verb=name)
    command("list", _list, "list the batches, undone ones too")
    command("verify", _verify, "check every file and the audit chain against the catalogue")
    command("backup", _backup, "write a copy of one generation of the store").add_argument("folder", type=Path)
    command("restore", _restore, "make a store from a backup").add_argument("folder", type=Path)
    index = command("access", _access, "print the access-constraint index, one record a district")
    index.add_argument("--from", dest="first", type=_month, required=True, help="first month, as 2025-01")
    index.add_argument("--to", dest="last", type=_month, required=True, help="last month, as 2025-12")
    index.add_argument("--source", choices=list(SOURCES), help="needed if several sources are loaded")
    index.add_argument("--police", action="store_true", help="attacks on police alone")
    index.add_argument("--format", choices=("json", "csv"), default="json")
    return parser


def _add_bulk(bulk: argparse.ArgumentParser) -> None:
    bulk.add_argument("inputs", type=Path, nargs="+", metavar="INPUT", help="csv, csv.gz or Parquet files, or folders")
    bulk.add_argument("--out", type=Path, required=True, help="new folder for parts, cube, rejects and manifest")
    bulk.add_argument("--scheduler", help="Dask scheduler, for example tcp://host:8786 (default: threads)")
    bulk.add_argument("--no-store", action="store_true", help="write the folder only, store nothing")
    bulk.add_argument("--label", help="name of the batch (default: that of the first input)")
    answers.add(bulk, answers.OF_TEXTS)
    bulk.add_argument("--chunk-mb", type=int, default=64, help="size of the pieces; a worker needs ten times as much")


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2025-01") from None


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    store = Store.open(settings.store_path)
    told = answers.given(options)
    try:
        mapping = _mapping(options, store)
        told = mapping.options(told) if mapping else told
        checked = intake.check(
            options.file,
            options.file.name,
            store,
            geo_districts.load(),
            settings,
            told,
            replaces=options.replaces,
            keep_repeated=options.keep_repeated,
        )
    except RejectedUpload as refusal:
        _write_report(options.report, _refusal_report(refusal) | _answer_report(told, refusal.problems, options))
        raise
    report = _report(checked) | _answer_report(told, checked.result.problems, options)
    try:
        if options.dry_run:
            print(_summary(checked))
            intake.require_acceptable(checked, options.file.name, accept_valid=options.accept_valid)
            _write_report(options.report, report | {"outcome": "would be accepted"})
            return DONE
        record = intake.accept(checked, options.file, options.file.name, store, accept_valid=options.accept_valid)
    except RejectedUpload as refusal:
        outcome = "would be refused" if options.dry_run else "refused"
        _write_report(options.report, report | {"outcome": outcome} | _problems(refusal))
        raise
    if mapping and options.save_mapping:
        store.save_mapping(options.save_mapping, to_toml(replace(mapping, name=options.save_mapping)))
    _write_report(options.report, report | {"outcome": "accepted", "batch": record.batch_id})
    print(f"batch {record.batch_id}: {_summary(checked)}")
    return DONE


def _mapping(options: argparse.Namespace, store: Store) -> NamedMapping | None:
    if options.mapping is not None:
        return mappings.chosen(options.mapping, store)
    if options.save_mapping is not None:
        raise RejectedUpload([Problem(ProblemCode.SETTING, "--save-mapping needs --mapping.")])
    return None


def _bulk(options: argparse.Namespace, settings: Settings) -> int:
    from geo import bulk

    if options.chunk_mb < 1:
        raise RejectedUpload([Problem(ProblemCode.SETTING, "--chunk-mb is at least 1.", value=str(options.chunk_mb))])
    result = bulk.load(
        options.inputs,
        options.out,
        options=bulk.BulkOptions(
            options.date_order,
            options.decimal_mark,
            options.encoding,
            bool(options.swap_axes),
            options.chunk_mb,
            decided={} if options.no_store else _decided_names(settings.store_path),
        ),
        limits=settings.limits,
        scheduler=options.scheduler,
        report=lambda share, text: print(f"{share:4.0%} {text}", file=sys.stderr),
    )
    told = result.manifest
    print(
        f"{told['format']}: {told['n_rows_in']:,} rows in, {told['n_accepted']:,} accepted, "
        f"{told['n_refused']:,} refused, {told['n_duplicates']:,} duplicates; {told['n_located']:,} located, "
        f"{told['n_accepted'] - told['n_located'] - told['n_outside']:,} not located, {told['n_outside']:,} outside"
    )
    if not options.no_store:
        record = bulk.register(result, Store.open(settings.store_path), label=options.label)
        print(f"batch {record.batch_id}: {record.label}")
    return DONE


def _decided_names(place: StorePlace) -> dict[str, dict[str, str]]:
    """Return what is known of place names; a store that is not there yet knows none, and is not made to be asked."""
    folder = place.folder if isinstance(place, SharedPlace) else place
    return place_decisions.by_source(Store.open(place)) if folder.exists() else {}


def _summary(checked: Checked) -> str:
    result = checked.result
    return (
        f"{result.format}: {result.n_rows_in:,} rows in, {len(checked.rows):,} accepted, "
        f"{len(result.refused_rows):,} refused, {checked.n_duplicates:,} duplicates; {checked.n_located:,} located, "
        f"{checked.n_not_located:,} not located, {checked.n_outside:,} outside"
    )


def _report(checked: Checked) -> dict[str, Any]:
    result, districts = checked.result, geo_districts.load()
    return {
        "format": result.format,
        "recognised_by": result.why,
        "sha256": result.file_sha256,
        "rows_in": result.n_rows_in,
        "accepted": len(checked.rows),
        "refused": len(result.refused_rows),
        "duplicates": dict(checked.against_store.duplicates),
        "stored_in_batches": dict(checked.against_store.stored_in),
        "accepted_as_newer_version": checked.n_newer,
        "accepted_under_another_id": checked.against_store.n_renumbered,
        "left_out_of_replaced_batch": checked.n_left_out,
        "located": checked.n_located,
        "not_located": checked.n_not_located,
        "outside": checked.n_outside,
        "district_conflicts": checked.n_conflicts,
        "place_names": place_names.names_record(place_names.account(checked.rows, districts, checked.decided)),
        "district_disagreements": place_names.disagreements_record(checked.rows, districts),
        "notes": [str(note_text(note)) for note in result.notes],
        "problems_total": result.n_problems,
        "problems_by_code": dict(result.problems_by_code),
        "problems": [problem.in_words() for problem in result.problems],
    }


def _refusal_report(refusal: RejectedUpload) -> dict[str, Any]:
    return {"outcome": "refused", "accepted": 0} | _problems(refusal)


def _answer_report(told: ReadOptions, problems: Iterable[Problem], options: argparse.Namespace) -> dict[str, Any]:
    return {"answers": answers.used(told), "questions": answers.asked(problems, options)}


def _problems(error: AtlasError) -> dict[str, Any]:
    return {"problems_total": error.n_total, "problems": [problem.in_words() for problem in error.problems]}


def _write_report(path: Path | None, report: dict[str, Any]) -> None:
    if path is not None:
        files.write(path, json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n", "report")


def _flip(options: argparse.Namespace, settings: Settings) -> int:
    store = Store.open(settings.store_path)
    (store.undo if options.verb == "undo" else store.redo)(options.batch)
    print(f"batch {options.batch}: {options.verb} done")
    return DONE


def _list(_options: argparse.Namespace, settings: Settings) -> int:
    for record in Store.open(settings.store_path).batches(include_undone=True):
        state = "undone" if record.is_undone else "shown" if record.is_shown else "hidden"
        print(
            f"{record.batch_id}\t{state}\t{record.n_accepted}\t{record.format}\t{record.added_at:%Y-%m-%dT%H:%M:%SZ}\t{record.label}"
        )
    return DONE


def _verify(_options: argparse.Namespace, settings: Settings) -> int:
    problems = Store.open(settings.store_path).verify()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problems found")
    return UNUSABLE if problems else DONE


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    Store.open(settings.store_path).backup(options.folder)
    print(f"backup written to {options.folder}")
    return DONE


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    Store.restore(options.folder, settings.store_path)
    print(f"store restored to {settings.store_path}")
    return DONE


def _access(options: argparse.Namespace, settings: Settings) -> int:
    window = _window(options.first, options.last)
    districts = geo_districts.load()
    store = Store.open(settings.store_path)
    intake.ensure_register(store, districts, settings)
    newest = intake.newest_shown(settings)
    shown = intake.shown_incidents(store, districts, newest)
    source = options.source or access_request.only_source(shown, select(shown, Filters()))
    table = intake.incidents_of_source(store, districts, shown, newest, source)
    chosen = replace(access_request.frozen_settings(source), police_only=options.police, window_months=window.months)
    index = access_request.index_of(table, select(table, Filters()), districts, AccessRequest(source, chosen, window))
    print((records_as_csv if options.format == "csv" else records_as_json)(index).rstrip("\n"))
    return DONE


def _window(first: date, last: date) -> Window:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if not SHORTEST_WINDOW_MONTHS <= months <= LONGEST_WINDOW_MONTHS:
        raise refusal(
            f"a window has {SHORTEST_WINDOW_MONTHS} to {LONGEST_WINDOW_MONTHS} months.",
            "Choose other months for --from and --to.",
            value=f"{months} months",
        )
    return Window.between(first, last)


def _print_problems(error: AtlasError, options: argparse.Namespace) -> None:
    for problem in error.problems:
        print(problem, file=sys.stderr)
    if error.n_total > len(error.problems):
        print(f"... {error.n_total:,} problems in all", file=sys.stderr)
    for line in answers.lines(error.problems, options):
        print(line, file=sys.stderr)
