"""python -m benchmarks.sessions [--visitors N] [--rows N]: memory of the server while visitors come, upload and leave.

Visitors look at pages and each uploads a file, and one of them sends file after file beside the page. Then all leave,
and nobody comes any more. Prints the memory of the server before, at the most, and every 15 seconds afterwards.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks import start

_ROOT = Path(__file__).resolve().parents[1]
_PAGES = ("", "points", "trends", "districts")
_WATCHED_S = 240
_STEP_S = 15
_FILES, _FILE_MB = 20, 45


def main() -> None:
    """Run the visits and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=8)
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name:
        folder = Path(name)
        environment = start.prepared(folder, given.rows)
        file = folder / "visitor.csv"
        file.write_text("date,district,place\n" + "2024-03-05,Bannu,a place with a long name\n" * 100_000, "utf-8")
        with start.served(_ROOT / "app.py", environment) as address, start.browser() as new_page:
            if new_page is None:
                raise SystemExit("Chromium or Playwright is missing.")
            _measure(address, new_page, file, given.visitors)


def _measure(address: str, new_page: Any, file: Path, n_visitors: int) -> None:
    first = new_page()
    _visit(first, address, file)
    first.context.close()
    server = _server()
    print(f"after one visitor: {_rss_mb(server)} MB")
    pages = [new_page() for _ in range(n_visitors)]
    sent = [_visit(page, address, file) for page in pages]
    print(f"{n_visitors} visitors, {len(_PAGES)} pages and one file of {file.stat().st_size / 1e6:.1f} MB each")
    print(f"with all of them: {_rss_mb(server)} MB")
    statuses = _send_more(pages[0], sent[0])
    taken = statuses.count(204)
    print(f"{_FILES} files of {_FILE_MB} MB beside the page: {taken} taken, {len(statuses) - taken} refused")
    most = _rss_mb(server)
    print(f"then: {most} MB")
    for page in pages:
        page.context.close()
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < _WATCHED_S:
        time.sleep(_STEP_S)
        print(f"{passed + _STEP_S:4.0f} s after they left: {_rss_mb(server)} MB", flush=True)


def _send_more(page: Any, url: str) -> list[int]:
    """Send files as a program of a hostile visitor would: under numbers that the page never gave out."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    found = []
    with httpx.Client(cookies=cookies, headers={"X-Xsrftoken": cookies["_streamlit_xsrf"]}, timeout=120) as client:
        for number in range(_FILES):
            own = f"{url.rpartition('/')[0]}/invented-{number}"
            found.append(client.put(own, files={"file": ("a.csv", b"x" * (_FILE_MB * 1_000_000))}).status_code)
    return found


def _visit(page: Any, address: str, file: Path) -> str:
    """Look at some pages and upload a file; returns the address to which it was sent."""
    for name in _PAGES:
        page.goto(f"{address}/{name}")
        page.get_by_text("not operational, travel or security advice").wait_for()
    page.goto(f"{address}/upload")
    chooser = page.locator("input[type=file]")
    chooser.wait_for(state="attached")
    with page.expect_request(lambda request: "/upload_file/" in request.url and request.method == "PUT") as sent:
        chooser.set_input_files(str(file))
    page.get_by_text("is read as").wait_for()
    return str(sent.value.url)


def _server() -> int:
    """Return the process of the server, a child of this one."""
    for number in (Path(f"/proc/self/task/{os.getpid()}/children")).read_text().split():
        if b"streamlit" in Path(f"/proc/{number}/cmdline").read_bytes():
            return int(number)
    raise SystemExit("The server has ended.")


def _rss_mb(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    raise SystemExit("The server has ended.")


if __name__ == "__main__":
    main()
