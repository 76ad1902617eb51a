"""Commands about tables of unknown layout: propose a mapping, list the kept mappings, use one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from geo.cli import answers, files
from geo.ingest import preview_upload
from geo.ingest.mapping.mappings import NamedMapping, all_names, from_toml, mapping_problems
from geo.ingest.mapping.proposal import proposal_toml, propose_mapping
from geo.problems import Problem, ProblemCode, RejectedUpload, rejected
from geo.settings import Settings
from geo.store import LONGEST_MAPPING_NAME, Store
from geo.text import file_label, printable, quoted
from geo.wording import _, _n, format_list, text

_DONE = 0


def add_propose(parser: ArgumentParser) -> None:
    """Add the options of `propose`."""
    parser.add_argument("file", type=files.to_read)
    parser.add_argument("--out", type=Path, metavar="FILE.toml", help=_("new file to write (default: print)"))
    answers.add(parser, answers.OF_A_TABLE)


def propose(options: Namespace, settings: Settings) -> int:
    """Write a proposed mapping of a table, and list what a person has to decide."""
    preview = preview_upload(options.file, options.file.name, limits=settings.limits, options=answers.given(options))
    proposal = propose_mapping(preview, file_label(options.file.stem))
    content = proposal_toml(proposal)
    if options.out is None:
        print(content, end="")
    else:
        files.write(options.out, content, is_new=True)
    n_columns = len(preview.columns)
    lines = [
        _("{n} of {total} columns proposed.", n=len(all_names(proposal.mapping.columns)), total=n_columns),
        _n("{n} word to decide.", "{n} words to decide.", proposal.n_open),
    ]
    if preview.format is not None:
        lines.append(_("The table is read as {format} without a mapping.", format=preview.format))
    lines += [
        _("{column} is not assigned: {reason}.", column=quoted(column), reason=_(str(reason)))
        for column, reason in proposal.left_out.items()
    ]
    lines += map(str, mapping_problems(proposal.mapping.columns, {}, file_label(options.file.name)))
    print("\n".join(lines), file=sys.stderr)
    return _DONE


def list_kept(options: Namespace, settings: Settings) -> int:
    """List the kept mappings, or print one as TOML."""
    store = Store.open(settings.store_path)
    if options.export is not None:
        print(_kept(options.export, store), end="")
        return _DONE
    for name, content in store.mappings().items():
        print(f"{printable(name)}\t{', '.join(from_toml(content, name).columns)}")
    return _DONE


def name(wanted: str) -> str:
    """Return a name under which a mapping can be kept; anything else ends the command with the reason."""
    plain = wanted.strip()
    if not 0 < len(plain) <= LONGEST_MAPPING_NAME or _is_file(plain):
        raise ArgumentTypeError(
            _("a name has 1 to {most} characters and does not end in .toml", most=LONGEST_MAPPING_NAME)
        )
    return plain


def chosen(wanted: str, store: Store) -> NamedMapping:
    """Return a mapping by what a user calls it: a file that ends in .toml, else a name in the store.

    Raises RejectedUpload when there is none, or when it cannot be used.
    """
    if not _is_file(wanted):
        return from_toml(_kept(wanted, store), wanted)
    try:
        content = Path(wanted).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else text("it is not UTF-8")
        message = text("The mapping cannot be read: {reason}.", reason=reason)
        raise rejected(ProblemCode.WRONG_TYPE, message, file=file_label(wanted)) from error
    return from_toml(content, file_label(wanted))


def _kept(wanted: str, store: Store) -> str:
    kept = store.mappings()
    if wanted not in kept:
        names = format_list([*map(printable, kept)])
        hint = text("Kept mappings: {names}.", names=names) if kept else text("No mapping is kept yet.")
        problem = Problem(ProblemCode.SETTING, text("No mapping of this name is kept."), hint, value=printable(wanted))
        raise RejectedUpload([problem])
    return kept[wanted]


def _is_file(name: str) -> bool:
    return name.casefold().endswith(".toml")
