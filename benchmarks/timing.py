"""Timing of several ways to do one thing, interleaved, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """One task done in several ways. seconds, cpu_seconds: one entry a round, by name of the way; cpu_seconds has
    no entry for a way whose work is done by processes that cannot be asked.

    ours: the way of this project; the ratios are the others' time over ours, round by round.
    facts: anything else worth recording, for example set-up times or counts that were checked.
    """

    case: str
    ours: str
    seconds: Mapping[str, list[float]]
    cpu_seconds: Mapping[str, list[float]]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def ratios(self, way: str) -> list[float]:
        """Return how many times longer another way took than ours, one figure a round."""
        return [other / own for other, own in zip(self.seconds[way], self.seconds[self.ours], strict=True)]

    def record(self) -> dict[str, Any]:
        """Return the comparison as plain data for JSON."""
        ways = {
            way: {
                "seconds": self.seconds[way],
                "cpu_seconds": self.cpu_seconds.get(way, []),
                "median_s": statistics.median(self.seconds[way]),
                "times_ours": _spread(self.ratios(way)),
            }
            for way in self.seconds
        }
        return {"case": self.case, "ours": self.ours, "ways": ways, "facts": dict(self.facts)}

    def lines(self) -> list[str]:
        """Return the comparison as a Markdown table."""
        head = [f"### {self.case}", "", "| way | median s | cpu s | times ours (min to max) |", "|---|---|---|---|"]
        for way in self.seconds:
            ratio = _spread(self.ratios(way))
            spread = "1" if way == self.ours else "{median:.3g} ({min:.3g} to {max:.3g})".format(**ratio)
            wall, own = statistics.median(self.seconds[way]), self.cpu_seconds.get(way)
            cpu = f"{statistics.median(own):.3f}" if own else "-"
            head.append(f"| {way} | {wall:.3f} | {cpu} | {spread} |")
        facts = [f"{name}: {value}" for name, value in self.facts.items()]
        return [*head, "", *([", ".join(facts), ""] if facts else [])]


def compare(
    case: str,
    ways: Mapping[str, Callable[[], object]],
    ours: str,
    rounds: int = 5,
    facts: Mapping[str, Any] | None = None,
) -> Comparison:
    """Run every way once a round, in an order that moves on by one each round, and return the times."""
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    cpu_seconds: dict[str, list[float]] = {way: [] for way in ways}
    names = list(ways)
    for turn in range(rounds):
        for way in names[turn % len(names) :] + names[: turn % len(names)]:
            gc.collect()
            wall, cpu = time.perf_counter(), time.process_time()
            ways[way]()
            seconds[way].append(time.perf_counter() - wall)
            cpu_seconds[way].append(time.process_time() - cpu)
    return Comparison(case, ours, seconds, cpu_seconds, dict(facts or {}))


def compare_at_once(
    case: str, ways: Mapping[str, Callable[[int], object]], ours: str, threads: int, questions: int, rounds: int = 5
) -> Comparison:
    """Ask every way the same questions from several threads at once, interleaved; seconds: median wait a round.

    A way is called with the number of the question. Facts: the median and 95th percentile of the waits over all
    rounds in ms, and questions answered a second.
    """
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    cpu_seconds: dict[str, list[float]] = {way: [] for way in ways}
    waits: dict[str, list[float]] = {way: [] for way in ways}
    elapsed: dict[str, float] = dict.fromkeys(ways, 0.0)
    names = list(ways)

    def ask(way: str, question: int) -> float:
        start = time.perf_counter()
        ways[way](question)
        return time.perf_counter() - start

    with ThreadPoolExecutor(threads) as visitors:
        for turn in range(rounds):
            for way in names[turn % len(names) :] + names[: turn % len(names)]:
                gc.collect()
                wall, cpu = time.perf_counter(), time.process_time()
                waited = list(visitors.map(ask, [way] * questions, range(questions)))
                elapsed[way] += time.perf_counter() - wall
                cpu_seconds[way].append((time.process_time() - cpu) / questions)
                seconds[way].append(statistics.median(waited))
                waits[way] += waited
    facts: dict[str, Any] = {"threads": threads, "questions": questions * rounds}
    for way in names:
        p50, p95 = (1e3 * statistics.quantiles(waits[way], n=20)[k] for k in (9, 18))
        facts[f"{way}: p50/p95 ms, answers a second"] = f"{p50:.2f}/{p95:.2f}, {questions * rounds / elapsed[way]:.0f}"
    return Comparison(case, ours, seconds, cpu_seconds, facts)


def _spread(figures: list[float]) -> dict[str, float]:
    return {"median": statistics.median(figures), "min": min(figures), "max": max(figures)}
