"""Commands about tables of no known format: propose a mapping, list the mappings that are kept, use one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from geo.cli import answers, files
from geo.ingest import preview_upload
from geo.ingest.mapping.mappings import NamedMapping, from_toml, mapping_problems, quoted
from geo.ingest.mapping.proposal import proposal_toml, propose_mapping
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.settings import Settings
from geo.store import LONGEST_MAPPING_NAME, Store
from geo.text import counted, file_label, printable

_DONE = 0


def add_propose(parser: ArgumentParser) -> None:
    """Add the options of `propose`."""
    parser.add_argument("file", type=files.to_read)
    parser.add_argument("--out", type=Path, metavar="FILE.toml", help="new file to write (default: print)")
    answers.add(parser, answers.OF_A_TABLE)


def propose(options: Namespace, settings: Settings) -> int:
    """Write a proposed mapping of a table, and say what a person has to decide."""
    preview = preview_upload(options.file, options.file.name, limits=settings.limits, options=answers.given(options))
    proposal = propose_mapping(preview, file_label(options.file.stem))
    text = proposal_toml(proposal)
    if options.out is None:
        print(text, end="")
    else:
        files.write(options.out, text, "mapping", is_new=True)
    n_columns = len(preview.columns)
    told = [
        f"{len(proposal.mapping.columns)} of {n_columns} columns proposed, {counted(proposal.n_open, 'word')} to decide"
    ]
    if preview.format is not None:
        told.append(f"The table is read as {preview.format} without a mapping.")
    told += [f"{quoted(column)} is not assigned: {reason}." for column, reason in proposal.left_out.items()]
    told += map(str, mapping_problems(proposal.mapping.columns, {}, file_label(options.file.name)))
    print("\n".join(told), file=sys.stderr)
    return _DONE


def list_kept(options: Namespace, settings: Settings) -> int:
    """List the kept mappings, or print one as TOML."""
    store = Store.open(settings.store_path)
    if options.export is not None:
        print(_kept(options.export, store), end="")
        return _DONE
    for name, text in store.mappings().items():
        print(f"{printable(name)}\t{', '.join(from_toml(text, name).columns)}")
    return _DONE


def name(text: str) -> str:
    """Return a name under which a mapping can be kept; what else is given ends the command with the reason."""
    plain = text.strip()
    if not 0 < len(plain) <= LONGEST_MAPPING_NAME or _is_file(plain):
        raise ArgumentTypeError(f"a name has 1 to {LONGEST_MAPPING_NAME} characters and does not end in .toml")
    return plain


def chosen(told: str, store: Store) -> NamedMapping:
    """Return a mapping by what a user calls it: a file that ends in .toml, else a name in the store.

    Raises RejectedUpload when there is none, or when it cannot be used.
    """
    if not _is_file(told):
        return from_toml(_kept(told, store), told)
    try:
        text = Path(told).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"The mapping cannot be read: {reason}."
        raise RejectedUpload([Problem(ProblemCode.WRONG_TYPE, message, file=file_label(told))]) from error
    return from_toml(text, file_label(told))


def _kept(told: str, store: Store) -> str:
    kept = store.mappings()
    if told not in kept:
        hint = f"There are: {', '.join(map(printable, kept))}." if kept else "None is kept yet."
        problem = Problem(ProblemCode.SETTING, "No mapping of this name is kept.", hint, value=printable(told))
        raise RejectedUpload([problem])
    return kept[told]


def _is_file(told: str) -> bool:
    return told.casefold().endswith(".toml")
