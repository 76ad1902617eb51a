"""What all tests share: the versions in the log, and a store of their own."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres_server
from tests.__main__ import BROWSER_FOLDER

# Machines are shared and noisy: a slow example is no failure.
settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")

SHARED = Path(__file__).resolve().parents[2] / "shared"
_BROWSER = Path(__file__).resolve().parents[1] / BROWSER_FOLDER


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the long version of the tests that kill, damage and fuzz."""
    parser.addoption("--long", action="store_true", help="many more kills, flipped bits and runs of the fuzzer")


@pytest.fixture(scope="session")
def amount(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Return the second of two amounts under --long, the first otherwise."""
    is_long = request.config.getoption("long")
    return lambda short, long: long if is_long else short


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Note a figure for docs/reliability.md, such as the number of kills."""
    return lambda what, number: request.node.user_properties.append((what, number))


def pytest_report_header() -> str:
    """Name the versions a failing log needs."""
    names = ("streamlit", "folium", "streamlit-folium", "geopandas", "shapely", "pandas", "numpy", "pyarrow")
    return "versions: " + ", ".join(f"{name} {version(name)}" for name in names)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a browser test outside the folder where they are looked for."""
    apart = [
        item.nodeid for item in items if item.get_closest_marker("browser") and not item.path.is_relative_to(_BROWSER)
    ]
    if apart:
        raise pytest.UsageError(f"browser tests stand in {_BROWSER.name}/: {apart[0]}")


def pytest_collection_finish() -> None:
    """Leave what the thousands of tests are made of out of every later search for garbage."""
    gc.freeze()


# Of folders that this program and the libraries it starts create for a while.
TEMPORARY_PREFIXES = ("kp-atlas-", "atlas-", "dask-")


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give this process, one of several under xdist, and its children a temporary folder; fail if they leave any in it.

    The system's folder would also show what other programs leave there at the same time.
    """
    folder = tmp_path_factory.mktemp("t")  # short: the paths of sockets are limited
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        yield
    left = {path.name for path in folder.iterdir() if path.name.startswith(TEMPORARY_PREFIXES)}
    assets = sys.modules.get("geo.views.assets")
    if assets and assets._folder.cache_info().currsize:
        left.discard(os.path.basename(assets._folder()))  # removed when this process ends: test_left_behind.py
    assert not left, f"left behind in the temporary folder: {sorted(left)}"


@pytest.fixture(scope="session", autouse=True)
def _components_are_looked_for_once() -> Iterator[None]:
    """Streamlit's AppTest looks through all installed packages in each of its runs; they do not change in between."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


def _limits_of_this_process() -> dict[str, tuple[int, int]]:
    try:
        import resource
    except ModuleNotFoundError:
        return {}  # Windows has none
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
    return {name: resource.getrlimit(getattr(resource, name)) for name in names}


@pytest.fixture(autouse=True)
def _limits_unchanged() -> Iterator[None]:
    """Fail the test that bounds its own process: the system would kill a later one, which did nothing wrong."""
    before = _limits_of_this_process()
    yield
    assert _limits_of_this_process() == before


@pytest.fixture
def store_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store folder that the settings point to."""
    path = tmp_path / "store"
    monkeypatch.setenv("ATLAS_STORE", str(path))
    return path


@pytest.fixture(scope="session")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed store with the embedded data, to be copied."""
    from geo import districts, embedded
    from geo import settings as geo_settings
    from geo.store import Store

    path = tmp_path_factory.mktemp("embedded") / "store"
    store = Store.open(path)
    embedded.ensure_embedded(store, districts.load(), geo_settings.load({}))
    store.close()
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[postgres_server.PostgresServer]:
    """A PostgreSQL server of this test run; skips where none is installed."""
    with postgres_server.running() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgres"])
def catalogue_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let `tests.toy_store.opened` and `filled`, in child processes too, keep the catalogue in each database."""
    if request.param == "postgres":
        monkeypatch.setenv(postgres_server.VARIABLE, request.getfixturevalue("server").url)
    return str(request.param)
