"""Pictures of four uploads by a person who knows nothing about the atlas, for docs/uploads.md.

`python -m tests.record_uploads` starts the app on a store of its own, uploads four tables that are made up here, and
saves what the person sees at each step in docs/images/uploads. It needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images" / "uploads"
START_SECONDS = 120
WAIT_MS = 120_000
LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_PHONE_PX, _HEAD_PX = 600, 80
_QUALITY = 60  # of WebP: text stays sharp
_SETTLE_MS = 1_500  # maps and tables are drawn after the page says that it is ready

KOBO = """start,end,Incident date,District,_Location_latitude,_Location_longitude,_Location_altitude,\
_Location_precision,Type of incident,Killed,Injured,_id,_uuid
2024-05-01T10:00:00.000+05:00,2024-05-01T10:05:00.000+05:00,2024-04-28,Lakki Marwat,32.6,70.91,0,4,Targeted killing,\
1,0,123,ab-1
2024-05-03T10:00:00.000+05:00,2024-05-03T10:05:00.000+05:00,2024-05-02,Tank,32.22,70.38,0,5,IED blast,0,3,124,ab-2
2024-05-09T09:00:00.000+05:00,2024-05-09T09:04:00.000+05:00,2024-05-08,Bannu,32.99,70.6,0,5,Quadcopter drop,0,2,125,ab-3
"""
SHEET = (
    ("KP incidents 2024 - safety desk",),
    (),
    ("S.No", "Date", "District", "Killed", "Injured"),
    (1, "05-Jan-24", "D.I.Khan", 2, 3),
    (2, "06-Jan-24", "N.Waziristan", 0, 1),
    (3, "Jan 2024", "Peshwar", 1, 0),
    ("Total", "", "", 3, 4),
)
GTD = """,iyear,imonth,iday,provstate,city,latitude,longitude,suicide,attacktype1_txt,targtype1_txt,gname,nkill,\
nkillter,nwound
0,2017,12,4,Khyber Pakhtunkhwa,Peshawar,34.006,71.537,1,Bombing/Explosion,Military,Tehrik-i-Taliban Pakistan (TTP),\
1.0,1.0,0.0
1,2016,3,0,Federally Administered Tribal Areas,Miran Shah,33.0,70.07,0,Armed Assault,Private Citizens & Property,\
Unknown,2.0,0.0,-99
2,2017,12,3,Balochistan,Quetta,30.18,66.99,0,Bombing/Explosion,Educational Institution,Unknown,6.0,0.0,5.0
"""
URDU = """تاریخ,ضلع,مقام,نوعیت,ہلاک,زخمی
۲۰۲۴-۰۳-۰۴,بنوں,جانی خیل,پولیس وین پر فائرنگ,۲,۳
۲۰۲۴-۰۳-۰۵,ٹانک,,بم دھماکہ,۰,۱
۲۰۲۴-۰۳-۰۷,شمالی وزیرستان,میر علی,بم دھماکہ,۱,
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person uploads. window: width and height of the browser in CSS pixels."""

    key: str
    name: str
    content: bytes
    window: dict[str, int]


def workbook() -> bytes:
    """Return the sheet with a title above and a total below as .xlsx."""
    book = openpyxl.Workbook()
    for cells in SHEET:
        book.active.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


UPLOADS = (
    Upload("kobo", "made-up kobo export.csv", KOBO.encode(), PHONE),
    Upload("sheet", "made-up office sheet.xlsx", workbook(), LAPTOP),
    Upload("gtd", "made-up gtd subset.csv", GTD.encode(), LAPTOP),
    Upload("urdu", "made-up urdu table.csv", URDU.encode(), LAPTOP),
)


@contextmanager
def app() -> Iterator[str]:
    """Run the app on a new store; yields its address."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
        environment = {**os.environ, "ATLAS_STORE": str(Path(folder) / "store"), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 2):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("The app did not start.")


def record(browser: Any, address: str, upload: Upload) -> None:
    """Upload one file as a newcomer does, and save each step."""
    context = browser.new_context(viewport=upload.window, has_touch=upload.window["width"] < _PHONE_PX)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(f"{address}/upload")
    page.locator("input[type=file]").wait_for(state="attached")
    if upload is UPLOADS[0]:  # the page begins alike for every file
        _shoot(page, upload, 1)
    page.locator("input[type=file]").set_input_files({"name": upload.name, "mimeType": "", "buffer": upload.content})
    accept = page.get_by_role("button", name="Accept")
    accept.wait_for()
    _shoot(page, upload, 2, page.get_by_text("Incident file", exact=True))
    _shoot(page, upload, 3, page.get_by_role("heading", name="Place names"))
    accept.click()
    on_the_map = page.get_by_role("link", name="on the map").first
    on_the_map.wait_for()
    _shoot(page, upload, 4, page.get_by_role("heading", name="Upload an incident file"))
    on_the_map.click()
    page.get_by_role("heading", name="Recorded militant incidents").wait_for()
    _shoot(page, upload, 5, page.get_by_text("Measure", exact=True) if upload.window is PHONE else None)
    context.close()


def _shoot(page: Any, upload: Upload, step: int, top: Any = None) -> None:
    """Save what the window shows; top: what is scrolled to its top."""
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(_SETTLE_MS)
    if top is not None:
        # The head of the page stays over what is scrolled.
        top.first.evaluate(
            "(element, head) => { element.style.scrollMarginTop = head + 'px'; element.scrollIntoView(); }", _HEAD_PX
        )
        page.wait_for_timeout(_SETTLE_MS)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(PICTURES / f"{upload.key}-{step}.webp", quality=_QUALITY, method=6)


def main() -> None:
    """Record every upload."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for upload in UPLOADS:
            record(browser, address, upload)
        browser.close()


if __name__ == "__main__":
    main()
