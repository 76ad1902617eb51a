"""Visitors at the same time, over the server's own protocol: each gets the answer to what this visitor has set."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from benchmarks.visitor import Answer, Visitor, visit
from tests.browser.conftest import ROOT, started

pytestmark = pytest.mark.slow
_ROUNDS = 3


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    process, found = started(ROOT / "app.py", tmp_path)
    yield found
    process.terminate()
    process.wait(timeout=20)


def n_shown(answer: Answer) -> str:
    [line] = [text for text in answer.texts if "incidents shown**" in text]
    return re.findall(r"\*\*([\d,]+) of", line)[0]


def test_a_chosen_group_stays_chosen_while_other_controls_are_used(address: str) -> None:
    async def choose() -> None:
        async with visit(address) as visitor:
            [group] = [
                text for text in visitor.options("filter_groups") if text.startswith("TTP and its factions, all")
            ]
            few = n_shown(await visitor.choose("filter_groups", [group]))
            many = n_shown(await visitor.choose("filter_period", "All years"))
            assert few != many
            assert n_shown(await visitor.choose("option_measure", "People killed")) == many
            assert n_shown(await visitor.turn_to("trends")) == many
            assert n_shown(await visitor.choose("filter_period", "Last 36 months of the data")) == few
            assert n_shown(await visitor.turn_to("")) == few
            assert "group" in visitor.query

    asyncio.run(choose())


@pytest.mark.case(64)
def test_what_one_visitor_sets_types_and_uploads_never_reaches_another(address: str) -> None:
    """All bytes that each visitor was sent are searched for the words that only another one has used."""
    words = {"filters": "amberorchard", "address": "violetharbour", "upload": "silvermeadow"}

    async def filters(visitor: Visitor) -> set[str]:
        await visitor.turn_to("points")
        [own] = [text for text in visitor.options("filter_districts") if text.startswith("Bannu ·")]
        found = {n_shown(await visitor.choose("filter_districts", [own]))}
        for k in range(_ROUNDS):
            found.add(n_shown(await visitor.choose("option_find", f"{words['filters']}{k}")))
            assert visitor.query["find"] == f"{words['filters']}{k}"
        return found

    async def opened(visitor: Visitor) -> set[str]:
        found = set()
        for page in ("trends", "points", "districts") * _ROUNDS:
            found.add(n_shown(await visitor.turn_to(page)))
            assert visitor.query["find"] == words["address"]
        return found

    async def upload(visitor: Visitor) -> set[str]:
        await visitor.turn_to("upload")
        lines = "date,district,place\n" + f"2024-03-05,{words['upload']},{words['upload']}\n"
        read = await visitor.upload("upload_file_0", f"{words['upload']}.csv", lines.encode())
        assert any(words["upload"] in text for text in read.texts)
        return {n_shown(await visitor.turn_to(page)) for page in ("trends", "") * _ROUNDS}

    async def come() -> None:
        queries = {"filters": "", "address": f"district=PK510&find={words['address']}", "upload": "from=2020-01-01"}
        async with AsyncExitStack() as present:
            visitors = {
                name: await present.enter_async_context(visit(address, query, keeps_all=True))
                for name, query in queries.items()
            }
            found = await asyncio.gather(
                filters(visitors["filters"]), opened(visitors["address"]), upload(visitors["upload"])
            )
            assert [len(counts) for counts in found] == [1, 1, 1], "the same filter, the same answer"
            assert len(set.union(*found)) == 3, "other filters, other answers"
            visitors["late"] = await present.enter_async_context(visit(address, keeps_all=True))
            await visitors["late"].turn_to("upload")
            assert visitors["late"].query == {}
        for name, visitor in visitors.items():
            sent = b"".join(visitor.received)
            assert {one for one in words if words[one].encode() in sent} == ({name} & set(words))

    asyncio.run(come())
