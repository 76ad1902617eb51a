"""Commands that look after the store: list, undo, redo, verify, back up, restore."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from geo.policy import at_machine
from geo.settings import Settings
from geo.store import Store
from geo.wording import _, _n

Command = Callable[[argparse.Namespace, Settings], int]


def add(command: Callable[[str, Command, str], ArgumentParser]) -> None:
    """Add the commands. command: makes the parser of one from its name, function and description."""
    for name, what in (("undo", _("take a batch out of every view")), ("redo", _("bring an undone batch back"))):
        parser = command(name, flip, what)
        parser.add_argument("batch", type=int)
        parser.set_defaults(verb=name)
    command("list", list_batches, _("list the batches, undone ones too"))
    command("verify", verify, _("check every file and the audit chain against the catalogue"))
    command("backup", backup, _("write a copy of the store")).add_argument("folder", type=Path)
    command("restore", restore, _("make a store from a backup")).add_argument("folder", type=Path)


def flip(options: argparse.Namespace, settings: Settings) -> int:
    """Undo or redo a batch."""
    store, actor = Store.open(settings.store_path), at_machine(settings).actor
    if options.verb == "undo":
        store.undo(options.batch, actor=actor)
        print(_("batch {number:d}: undone", number=options.batch))
    else:
        store.redo(options.batch, actor=actor)
        print(_("batch {number:d}: shown again", number=options.batch))
    return 0


def list_batches(_options: argparse.Namespace, settings: Settings) -> int:
    """List every batch with its state, undone ones too."""
    for record in Store.open(settings.store_path).batches(include_undone=True):
        added = f"{record.added_at:%Y-%m-%dT%H:%M:%SZ}"
        print(record.batch_id, record.state, record.n_accepted, record.format, added, record.label, sep="\t")
    return 0


def verify(_options: argparse.Namespace, settings: Settings) -> int:
    """Check every file and the audit chain; exit code 1 if anything is wrong."""
    problems = Store.open(settings.store_path).verify()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(_n("{n} problem found", "{n} problems found", len(problems)))
    return 1 if problems else 0


def backup(options: argparse.Namespace, settings: Settings) -> int:
    """Write a copy of the store to a new folder."""
    Store.open(settings.store_path).backup(options.folder)
    print(_("backup written to {folder}", folder=options.folder))
    return 0


def restore(options: argparse.Namespace, settings: Settings) -> int:
    """Make a store from a backup."""
    Store.restore(options.folder, settings.store_path, actor=at_machine(settings).actor)
    print(_("store restored to {folder}", folder=settings.store_path))
    return 0
