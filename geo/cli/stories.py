"""The command about stories: list them, print one as TOML, take one in, remove one, bring a version back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from geo.cli import files
from geo.export import kept_stories
from geo.export.story import MOST_BYTES, from_toml, to_toml
from geo.policy import at_machine
from geo.problems import ProblemCode, rejected
from geo.settings import Settings
from geo.store import Store
from geo.text import line_text, printable
from geo.wording import _, text

_DONE = 0


def add(parser: ArgumentParser) -> None:
    """Add the options of `stories`."""
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--export", metavar="NAME", help=_("print this story as TOML"))
    asked.add_argument("--import", dest="take_in", type=files.to_read, metavar="FILE", help=_("take in a story (TOML)"))
    asked.add_argument("--remove", metavar="NAME", help=_("take a story out of the list"))
    asked.add_argument("--versions", metavar="NAME", help=_("list every version of a story"))
    asked.add_argument("--bring-back", type=int, metavar="NUMBER", help=_("make an earlier version the one in force"))


def run(options: Namespace, settings: Settings) -> int:
    """List the stories, or do what an option asks."""
    store, actor = Store.open(settings.store_path), at_machine(settings).actor
    if options.export is not None:
        _print(store, options.export)
    elif options.take_in is not None:
        content = options.take_in.read_bytes()[: MOST_BYTES + 1].decode("utf-8", errors="replace")
        story = from_toml(content, options.take_in.name)
        kept_stories.keep(store, story, actor=actor)
        print(_("{name}: kept, views: {n}", name=line_text(story.name), n=len(story.views)))
    elif options.remove is not None:
        kept_stories.remove(store, options.remove, actor=actor)
        print(_("{name}: out of the list", name=line_text(options.remove)))
    elif options.versions is not None:
        for kept in kept_stories.versions(store, options.versions):
            n = _("cannot be read") if kept.story is None else str(len(kept.story.views))
            made, state = f"{kept.made_at:%Y-%m-%dT%H:%M:%SZ}", _("in force") if kept.is_shown else _("earlier")
            print("\t".join(map(printable, (str(kept.decision_id), n, made, kept.actor, state))))
    elif options.bring_back is not None:
        story = kept_stories.bring_back(store, options.bring_back, actor=actor)
        print(_("{name}: kept, views: {n}", name=line_text(story.name), n=len(story.views)))
    else:
        for story in kept_stories.everything(store):
            print("\t".join(map(printable, (story.name, str(len(story.views))))))
        for name in kept_stories.unreadable(store):
            print("\t".join((printable(name), _("cannot be read"))))
    return _DONE


def _print(store: Store, name: str) -> None:
    story = kept_stories.find(store, name)
    if story is None:
        hint = text("`python -m geo stories` lists them.")
        raise rejected(ProblemCode.SETTING, text("There is no story of this name."), hint, value=printable(name))
    print(to_toml(story), end="")
