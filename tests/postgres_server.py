"""A throw-away PostgreSQL server for the tests, with a place for each store."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "s3cret-and-l0ng"
# The user of the server may not enter the temporary folder of the tests.
_SYSTEM_FOLDER = tempfile.gettempdir()
VARIABLE = "TEST_POSTGRES"  # URL of the server, for child processes


@dataclass(frozen=True)
class PostgresServer:
    """A cluster of its own on a free port of this machine; only user `atlas` with a password may connect."""

    programs: Path
    data: Path
    port: int

    @property
    def url(self) -> str:
        """Return the URL of the server, without a database."""
        return f"postgresql://atlas:{PASSWORD}@127.0.0.1:{self.port}"

    def control(self, *arguments: str) -> None:
        """Run pg_ctl and wait until it has done what it was asked for."""
        log = self.data / "server.log"
        command = [str(self.programs / "pg_ctl"), "-D", str(self.data), "-l", str(log), "-w", *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=self.data, **as_server_user())


def as_server_user() -> dict[str, Any]:
    """Return what runs a program as a user that the server accepts: it refuses to run as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def programs() -> Path | None:
    """Return the folder of the server's programs, None where it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@contextlib.contextmanager
def running() -> Iterator[PostgresServer]:
    """Make and start a server, and remove it at the end; skips the test, with the reason, where there is none."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed (requirements-team.txt)")
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="atlas-postgres-", dir=_SYSTEM_FOLDER))
    server = PostgresServer(folder, home / "data", port)
    try:
        (home / "password").write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (home, home / "password"):
                shutil.chown(path, "postgres", "postgres")
        settings = ("--username=atlas", "--auth=scram-sha-256", f"--pwfile={home / 'password'}", "--encoding=UTF8")
        initdb = [str(folder / "initdb"), f"--pgdata={server.data}", *settings]
        subprocess.run(initdb, check=True, capture_output=True, timeout=60, cwd=home, **as_server_user())
        with (server.data / "postgresql.conf").open("a") as handle:
            handle.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")
        server.control("start")
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.control("stop", "-m", "immediate")
        shutil.rmtree(home, ignore_errors=True)


def database_of(path: Path) -> str:
    """Return the URL of the empty database of a store folder: a schema of its own, which is quicker to make."""
    import psycopg

    name = f"store_{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]}"
    url = f"{os.environ[VARIABLE]}/postgres"
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
    return f"{url}?options=-csearch_path%3D{name}"
