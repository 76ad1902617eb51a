"""Many readers at once: how long each waits for the answer to a change, against a plain page.

Readers speak the server's own protocol (benchmarks/visitor.py), so no browser takes part of the two cores. An
interaction is a change of period, group, district, measure or page, drawn by a seed; of the plain page, which has no
controls, it is one more run, as each move of its map makes. Every answer is compared with a count of the stored rows
for the filter that this very reader has set, and the address with that filter; on the front page so is the figure of
each district on the map, for the measure that the reader has chosen. A wrong answer ends the measurement.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import start
from benchmarks.start import OURS, PLAIN
from benchmarks.timing import Comparison
from benchmarks.visitor import Answer, Visitor, visit
from geo import intake
from geo.analysis.counting.questions import MEASURES
from geo.districts import Districts, load
from geo.filters import Filters, from_query
from geo.incidents import UNKNOWN, IncidentTable, select
from geo.schema import INITIATORS, POLICE_TARGETS, SECURITY_TARGETS, SOURCES, TARGET_TYPES, UNSPECIFIED_FORCE
from geo.sources import DEFAULT
from geo.store import Store

DEFAULT_ROWS = 100_000
READERS, INTERACTIONS, TURNS = 12, 20, 4
THOUGHT_S = (2.0, 6.0)
_ROOT = Path(__file__).resolve().parents[1]
_SCRIPTS = {OURS: _ROOT / "app.py", PLAIN: _ROOT / "benchmarks/plain_app.py"}
_PAGES = {"": "Recorded militant incidents in Khyber Pakhtunkhwa"}
_PAGES |= {"points": "Points", "districts": "Districts", "trends": "Trends"}
_UPDATE = re.compile(r"atlas\.update\(\w+, \\*\"([A-Za-z0-9+/=]+)")
_TARGETS, _BEGAN = tuple(TARGET_TYPES), tuple(INITIATORS)
_SHOWN = re.compile(r"\*\*([\d,]+) of [\d,]+ incidents shown\*\*")
THINKING = (
    f"{READERS} readers x {INTERACTIONS} interactions, {THOUGHT_S[0]:g} to {THOUGHT_S[1]:g} s of thought before each"
)
WITHOUT_PAUSE = f"{READERS} readers x {INTERACTIONS} interactions without a pause"
COMPARED = "figures of districts compared with the stored rows"
P95 = f"{OURS}: p95 s"


@dataclass
class Truth:
    """The stored incidents, from which a right answer is counted."""

    table: IncidentTable
    districts: Districts

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the data."""
        return (self.table.first_day or date.min).year, (self.table.last_day or date.max).year

    def on_map(self, filters: Filters, measure: str) -> dict[str, str]:
        """Return what the map must say of each district by P-code; "" where no incident can tell, in whatever words.

        Counted row by row, apart from the program's own counting.
        """
        table = self.table
        told, counted = [0] * len(table.pcodes), [0] * len(table.pcodes)
        recorded, n_told = [0] * len(table.pcodes), 0
        for k in np.flatnonzero(select(table, filters.without_districts())).tolist():
            is_told, amount = _told(table, k, measure)
            n_told += is_told
            if (place := int(table.district[k])) >= 0:
                recorded[place] += 1
                told[place] += is_told
                counted[place] += amount
        is_silent = not n_told and select(table, filters.without_districts()).any()
        return {
            pcode: "" if is_silent or (recorded[i] and not told[i]) else f"{counted[i]:,}"
            for i, pcode in enumerate(table.pcodes)
        }

    def n_shown(self, filters: Filters) -> str:
        """Return what a page must say of a filter."""
        return f"{int(self.table.n_events[select(self.table, filters)].sum()):,}"


def _told(table: IncidentTable, k: int, measure: str) -> tuple[bool, int]:
    """Return whether an incident can tell a measure, and how much it adds to it."""
    killed, target = int(table.killed_best[k]), _TARGETS[table.target_type[k]]
    if measure == "killed":
        return killed != UNKNOWN, max(killed, 0)
    source = table.sources[table.source[k]]
    n_events, is_attack = int(table.n_events[k]), _BEGAN[table.initiator[k]] in ("militant", "mutual")
    if measure == "incidents":
        return True, n_events
    if measure == "security_attacks":
        return target != "unknown", n_events * (is_attack and target in SECURITY_TARGETS)
    names_force = target in SECURITY_TARGETS and target != UNSPECIFIED_FORCE
    is_told = target != "unknown" and (names_force or source not in SOURCES or SOURCES[source].states_target)
    return is_told, n_events * (is_attack and target in POLICE_TARGETS)


def map_figures(sent: str) -> dict[str, str]:
    """Return the first figure on the card of each district from what a map was given; {} for one without districts."""
    found = _UPDATE.search(json.loads(sent).get("feature_group") or "")
    choropleth = json.loads(base64.b64decode(found[1]))["choropleth"] if found else None
    if not choropleth:
        return {}
    return {pcode: lines[0][1] for pcode, (_entry, lines) in choropleth["districts"].items()}


@dataclass
class Reader:
    """A visitor of this app who changes one thing after another and knows what must come back."""

    visitor: Visitor
    truth: Truth
    chance: random.Random
    filters: Filters = field(default_factory=Filters)
    page: str = ""
    measure: str = "incidents"
    n_compared: int = 0

    async def begin(self) -> None:
        """Choose whole years, so that later every change of the period is one interaction."""
        await self.visitor.choose("filter_period", "Years")
        await self.change_period()

    async def interact(self) -> float:
        """Make one change, check the answer and return the seconds until all of it had come."""
        kinds = [self.change_period, self.change_group, self.change_district, self.change_measure, self.change_page]
        if not self.visitor.has("option_measure"):
            kinds.remove(self.change_measure)
        answer = await self.chance.choice(kinds)()
        self.check(answer)
        return answer.seconds

    async def change_period(self) -> Answer:
        """Choose other years."""
        low, high = self.truth.years
        first = self.chance.randint(low, high)
        last = self.chance.randint(first, high)
        begin, end = date(first, 1, 1), date(last, 12, 31)
        self.filters = replace(self.filters, start=None if first == low else begin, end=None if last == high else end)
        return await self.visitor.choose("filter_years", [float(first), float(last)])

    async def change_group(self) -> Answer:
        """Choose up to two of the made-up groups."""
        texts = {text.partition(":")[0]: text for text in self.visitor.options("filter_groups")}
        chosen = self.chance.sample([key for key in texts if re.fullmatch(r"g\d{3}", key)], self.chance.randint(0, 2))
        self.filters = replace(self.filters, groups=tuple(chosen))
        return await self.visitor.choose("filter_groups", [texts[key] for key in chosen])

    async def change_district(self) -> Answer:
        """Choose up to two districts."""
        texts = {text.partition(" · ")[0]: text for text in self.visitor.options("filter_districts")}
        names = self.truth.districts.names
        chosen = self.chance.sample(list(names), self.chance.randint(0, 2))
        self.filters = replace(self.filters, districts=tuple(chosen))
        return await self.visitor.choose("filter_districts", [texts[names[pcode]] for pcode in chosen])

    async def change_measure(self) -> Answer:
        """Choose what is counted; the number of shown incidents does not follow it, the map of districts does."""
        self.measure = self.chance.choice(list(MEASURES))
        return await self.visitor.choose("option_measure", MEASURES[self.measure])

    async def change_page(self) -> Answer:
        """Turn to another page with the same filter."""
        self.page = self.chance.choice([page for page in _PAGES if page != self.page])
        return await self.visitor.turn_to(self.page)

    def check(self, answer: Answer) -> None:
        """Raise AssertionError unless page, number of incidents and address are those of this reader."""
        said = [found[1] for text in answer.texts if (found := _SHOWN.search(text))]
        named = from_query(self.visitor.query)[0]
        own = self.filters
        is_own_address = (named.start, named.end) == (own.start, own.end) and all(
            set(getattr(named, part)) == set(getattr(own, part)) for part in ("groups", "districts")
        )
        is_own_page = _PAGES[self.page] in answer.texts
        if answer.failed or said != [self.truth.n_shown(own)] or not is_own_address or not is_own_page:
            raise AssertionError(
                f"{said}, not {self.truth.n_shown(own)}; failed: {answer.failed}; {self.page!r}, {self.visitor.query}; "
                f"asked for: {own}"
            )
        if not self.page:
            self.check_map(answer)

    def check_map(self, answer: Answer) -> None:
        """Raise AssertionError unless the map has the figure of the chosen measure in every district."""
        (said,) = [found for sent in answer.maps if (found := map_figures(sent))]
        right = self.truth.on_map(self.filters, self.measure)
        wrong = {
            pcode: (said.get(pcode), figure)
            for pcode, figure in right.items()
            if (said.get(pcode) != figure if figure else said.get(pcode, "0")[:1].isdigit())
        }
        if wrong:
            raise AssertionError(f"map of {self.measure}, said and right: {wrong}; asked for: {self.filters}")
        self.n_compared += len(right)


@dataclass
class PlainReader:
    """A visitor of the plain page."""

    visitor: Visitor

    async def interact(self) -> float:
        """Have the page drawn again and return the seconds until all of it had come."""
        answer = await self.visitor.run()
        if answer.failed or "Incidents by district" not in answer.texts:
            raise AssertionError(f"the plain page failed: {answer.texts}")
        return answer.seconds


def run(rows: int) -> list[Comparison]:
    """Let readers ask with and without thought; needs no browser."""
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name:
        folder = Path(name)
        environment = start.prepared(folder, rows)
        truth = truth_of(folder)
        with ExitStack() as servers:
            addresses = {
                way: servers.enter_context(start.served(script, environment)) for way, script in _SCRIPTS.items()
            }
            return asyncio.run(_against_plain(addresses, truth))


def truth_of(folder: Path) -> Truth:
    """Return the incidents of a prepared folder's store."""
    districts, opened = load(), Store.open(folder / "store")
    table = intake.shown_incidents(opened, districts, date.max, sources=DEFAULT)
    opened.close()
    return Truth(table, districts)


async def _against_plain(addresses: Mapping[str, str], truth: Truth) -> list[Comparison]:
    async with AsyncExitStack() as present:
        readers: dict[str, list[Reader | PlainReader]] = {
            OURS: [await new_reader(present, addresses[OURS], truth, number) for number in range(READERS + 1)],
            PLAIN: [
                PlainReader(await present.enter_async_context(visit(addresses[PLAIN]))) for _ in range(READERS + 1)
            ],
        }
        for people in readers.values():  # the last of each way warms its server, and goes on to nothing else
            warming = people.pop()
            for _ in range(INTERACTIONS):
                await warming.interact()
        servers = {way: process(address) for way, address in addresses.items()}
        return [
            await _in_turn(THINKING, readers, servers, THOUGHT_S),
            await _in_turn(WITHOUT_PAUSE, readers, servers, (0.0, 0.0)),
        ]


async def new_reader(present: AsyncExitStack, address: str, truth: Truth, number: int) -> Reader:
    """Let another reader come, who first chooses whole years."""
    reader = Reader(await present.enter_async_context(visit(address)), truth, random.Random(number))
    await reader.begin()
    return reader


async def _in_turn(
    case: str,
    readers: Mapping[str, Sequence[Reader | PlainReader]],
    servers: Mapping[str, psutil.Process],
    thought_s: tuple[float, float],
) -> Comparison:
    """Let the readers of each way have a part of their interactions, way after way in turn."""
    waits: dict[str, list[list[float]]] = {way: [] for way in readers}
    cpu_s: dict[str, list[float]] = {way: [] for way in readers}
    ways = list(readers)
    for turn in range(TURNS):
        for way in ways[turn % len(ways) :] + ways[: turn % len(ways)]:
            before = used_cpu_s(servers[way])
            found = await together([one.interact for one in readers[way]], INTERACTIONS // TURNS, thought_s)
            waits[way].append(found)
            cpu_s[way].append((used_cpu_s(servers[way]) - before) / len(found))
    facts: dict[str, Any] = {}
    for way, found in waits.items():
        facts |= spread(way, [wait for part in found for wait in part])
    seconds = {way: [statistics.median(part) for part in found] for way, found in waits.items()}
    facts[COMPARED] = sum(one.n_compared for one in readers[OURS] if isinstance(one, Reader))
    return Comparison(case, OURS, seconds, cpu_s, facts)


async def together(
    interact: Sequence[Callable[[], Awaitable[float]]], n: int, thought_s: tuple[float, float]
) -> list[float]:
    """Let all readers interact n times, each after a thought of its own; return every wait."""

    async def one(number: int) -> list[float]:
        waits = []
        for _ in range(n):
            await asyncio.sleep(random.Random(f"{number} {_}").uniform(*thought_s))
            waits.append(await interact[number]())
        return waits

    return [wait for waits in await asyncio.gather(*map(one, range(len(interact)))) for wait in waits]


def spread(way: str, waits: Sequence[float]) -> dict[str, float]:
    """Return how the waits of one way are spread, in seconds."""
    cuts = statistics.quantiles(waits, n=20)
    figures = {"interactions": len(waits), "p50 s": cuts[9], "p95 s": cuts[18], "most s": max(waits)}
    return {f"{way}: {name}": round(figure, 3) for name, figure in figures.items()}


def process(address: str) -> psutil.Process:
    """Return the server that was started here and answers at an address."""
    port = address.rpartition(":")[2]
    return next(one for one in psutil.Process().children() if port in one.cmdline())


def used_cpu_s(server: psutil.Process) -> float:
    """Return the processor seconds that a server has used."""
    used = server.cpu_times()
    return float(used.user + used.system)
