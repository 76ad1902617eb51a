"""What was done to a store, as data: after a crash the store must hold what was acknowledged, and may hold the act
that was interrupted, whole.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from geo import districts, intake, settings
from geo.problems import StoreError
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch

N_ROWS = 3
# What changes the store, and the facts that it needs: an act on a batch needs one in that state.
ADDS, SWITCHES, DECIDES = ("add", "import"), ("undo", "redo"), ("merge", "part", "decide", "mapping")
KINDS = (*ADDS, *SWITCHES, *DECIDES)
State = frozenset[str]  # facts such as "shown a1", "undone a1", "merged a1", "decided n2", "mapping m3"


@dataclass(frozen=True, slots=True)
class Act:
    """One change: its kind and what it is about (a batch, or a name that is decided or mapped)."""

    kind: str
    about: str


def after(state: State, act: Act) -> State:
    """Return the facts when an act was done."""
    one = act.about
    gone, new = {
        "add": ("", f"shown {one}"),
        "import": ("", f"shown {one}"),
        "undo": (f"shown {one}", f"undone {one}"),
        "redo": (f"undone {one}", f"shown {one}"),
        "merge": ("", f"merged {one}"),
        "part": (f"merged {one}", ""),
        "decide": ("", f"decided {one}"),
        "mapping": ("", f"mapping {one}"),
    }[act.kind]
    return frozenset((state - {gone}) | ({new} - {""}))


def next_act(state: State, kinds: tuple[str, ...], number: int, chance: random.Random) -> Act:
    """Return a possible act of one of the kinds, a new batch where none of them is possible; number makes names."""

    def of(fact: str) -> list[str]:
        return sorted(one.partition(" ")[2] for one in state if one.startswith(f"{fact} "))

    about = {
        "undo": of("shown"),
        "redo": of("undone"),
        "merge": sorted({*of("shown"), *of("undone")} - set(of("merged"))),
        "part": of("merged"),
    }
    possible = [kind for kind in kinds if about.get(kind, ["new"])] or ["add"]
    kind = chance.choice(possible)
    return Act(kind, chance.choice(about[kind]) if kind in about else f"{kind[0]}{number}")


def perform(store: Store, act: Act) -> None:
    """Do an act; raises what the store raises."""
    if act.kind == "add":
        rows = [row(n, incident_id=f"{act.about}/{n}", place="x" * 50) for n in range(N_ROWS)]
        store.add(batch(store.path.parent, *rows, text=act.about, label=act.about))
    elif act.kind == "import":
        _import(store, act.about)
    elif act.kind in SWITCHES:
        getattr(store, act.kind)(_number(store, act.about))
    elif act.kind == "merge":
        store.replace_decisions("merge", [([f"{act.about}/0", f"{act.about}/1"], {})])
    elif act.kind == "part":
        merged = next(one for one in store.merges() if one.member_ids[0] == f"{act.about}/0")
        store.replace_decisions("merge", undo=[merged.decision_id])
    elif act.kind == "decide":
        store.replace_decisions("place name", [((), {"name": act.about})])
    else:
        store.save_mapping(act.about, "a = 1")


def seen(store: Store) -> State:
    """Return the facts that a store holds; raises AssertionError for a batch that is not whole or whose file is not."""
    facts = set()
    for record in store.batches(include_undone=True):
        ids = store.read(record.batch_id, ["incident_id"])["incident_id"].to_pylist()
        if len(ids) != N_ROWS:
            raise AssertionError(f"batch {record.label} has {len(ids)} rows")
        facts.add(f"{'undone' if record.is_undone else 'shown'} {record.label}")
    facts |= {f"merged {one.member_ids[0].partition('/')[0]}" for one in store.merges()}
    facts |= {f"decided {one.details['name']}" for one in store.decisions("place name")}
    return frozenset(facts | {f"mapping {name}" for name in store.mappings()})


def checked(store: Store, before: State, interrupted: Act | None) -> State:
    """Return the facts after a crash; raises AssertionError unless the store is whole and holds one of two states."""
    found, possible = seen(store), [before] + ([after(before, interrupted)] if interrupted else [])
    if found not in possible:
        raise AssertionError(f"after {interrupted}: {sorted(found ^ before)} differ")
    problems = store.verify()
    left = [path.name for path in store.path.rglob("*.writing")]
    if problems or left:
        raise AssertionError(f"after {interrupted}: {problems} {left}")
    return found


def _import(store: Store, name: str) -> None:
    path = store.path.parent / f"{name}.csv"
    lines = [f"2024-03-0{day},Bannu,{name} {day}" for day in range(1, N_ROWS + 1)]
    path.write_text("\n".join(["date,district,place", *lines]) + "\n", "utf-8")
    found = intake.check(path, name, store, districts.load(), settings.load({}))
    intake.accept(found, path, name, store)


def _number(store: Store, label: str) -> int:
    found = [one.batch_id for one in store.batches(include_undone=True) if one.label == label]
    if not found:
        raise StoreError([])
    return found[0]


def prepared(folder: Path) -> None:
    """Load everything that acts use, once and not in each child."""
    districts.load()
    store = Store.open(folder)
    perform(store, Act("import", "first"))
    store.close()
