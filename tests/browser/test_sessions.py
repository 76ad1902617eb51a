"""Two visitors at once: neither sees, sends or removes a file of the other, and a stop leaves what was stored whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.store import Store
from tests.browser.conftest import ROOT, started

pytestmark = pytest.mark.browser

HEAD = "date,district,place\n"
SEND = """async url => {
    const token = document.cookie.match(/_streamlit_xsrf=([^;]+)/)[1];
    const body = new FormData();
    body.append('file', new Blob(['x']), 'x.csv');
    const headers = {'X-Xsrftoken': token};
    const sent = await fetch(url, {method: 'PUT', headers, body});
    const removed = await fetch(url, {method: 'DELETE', headers});
    return [sent.status, removed.status];
}"""


@pytest.fixture
def running(browser: Any, tmp_path: Path) -> Iterator[tuple[Any, str]]:
    process, address = started(ROOT / "app.py", tmp_path)
    yield process, address
    process.kill()
    process.wait(timeout=20)


def upload(page: Any, address: str, file: Path) -> str:
    """Upload a file and wait for its check; return the address to which the browser sent it."""
    page.goto(f"{address}/upload")
    chooser = page.locator("input[type=file]")
    chooser.wait_for(state="attached")
    with page.expect_request(lambda request: "/upload_file/" in request.url and request.method == "PUT") as sent:
        chooser.set_input_files(str(file))
    page.get_by_role("button", name="Accept all rows").wait_for()
    return str(sent.value.url)


def n_rows(page: Any) -> str:
    return str(page.get_by_test_id("stMetric").filter(has_text="Rows in the file").inner_text()).split()[-1]


@pytest.mark.case(64)
def test_visitors_are_apart_and_a_stop_while_one_accepts_leaves_the_store_whole(
    running: tuple[Any, str], open_page: Callable[..., Any], guard: Any, tmp_path: Path
) -> None:
    guard.expected += ["/upload_file/", "/_stcore/"]  # refused to others, and gone with the server
    process, address = running
    alice, bob = open_page(), open_page()
    sent = {}
    for name, page, n in (("alice", alice, 2), ("bob", bob, 3)):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "incidents.csv"
        file.write_text(HEAD + "".join(f"2024-03-0{k + 1},Bannu,place of {name} {k}\n" for k in range(n)), "utf-8")
        sent[name] = upload(page, address, file)
    assert (n_rows(alice), n_rows(bob)) == ("2", "3"), "the same name of a file, not the same file"
    assert "place of bob" not in alice.content()
    assert "place of alice" not in bob.content()
    # The number of a session is in the address of each upload; with it alone nobody else gets through.
    assert bob.evaluate(SEND, sent["alice"]) == [403, 403]
    assert alice.evaluate(SEND, sent["alice"].replace("/upload_file/", "/upload_file/no-such-")) == [403, 403]
    bob.get_by_role("button", name="Accept all rows").click()
    process.terminate()
    process.wait(timeout=60)
    store = Store.open(tmp_path / "store")
    assert store.verify() == []
    added = [record.n_accepted for record in store.batches() if record.batch_id > 2]
    assert added in ([], [3]), "finished or absent"
    assert store.read(1).num_rows == 1076
