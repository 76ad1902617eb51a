"""Odd values of the surroundings: a sentence instead of a traceback, a hang or a forged line."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.logger import get_logger
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.runtime import backend_operation_handler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from geo import log, settings
from geo.cli import main
from geo.problems import AtlasError, BadSetting, Problem, ProblemCode, StoreError
from geo.store import Store
from geo.store.audit import HEADS_NAME
from geo.text import line_text
from geo.views import messages, tables
from tests.toy import row
from tests.toy_store import batch


@pytest.fixture
def _in_time() -> Iterator[None]:
    """End a test that hangs."""

    def stop(*_arguments: object) -> None:
        raise TimeoutError("it hangs")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)


def filled(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store")
    store.add(batch(tmp_path, row(1), text="one"))
    return store


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 25, str(2**63)])
def test_a_huge_number_in_the_file_of_heads_is_named(tmp_path: Path, number: str) -> None:
    store = filled(tmp_path)
    with (store.path / HEADS_NAME).open("a", encoding="ascii") as heads:
        heads.write(f"\n{number} {'a' * 64}\n")
    [problem] = store.verify()
    assert problem.code is ProblemCode.DAMAGED_DATA
    assert HEADS_NAME in problem.file
    store.close()
    with pytest.raises(StoreError, match=HEADS_NAME):
        Store.open(store.path)


@pytest.mark.usefixtures("_in_time")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("folder", ["raw", "batches"])
def test_a_named_pipe_in_place_of_a_file_is_named_and_waits_for_nobody(tmp_path: Path, folder: str) -> None:
    store = filled(tmp_path)
    [file] = (store.path / folder).iterdir()
    content = file.read_bytes()
    backup = store.backup(tmp_path / "backup")
    file.unlink()
    os.mkfifo(file)
    assert any(file.name in problem.file for problem in store.verify())
    with pytest.raises(AtlasError):
        store.backup(tmp_path / "other")
    if folder == "batches":
        with pytest.raises(AtlasError):
            Store.open(store.path).read(1)
    of_backup = backup / folder / file.name
    of_backup.unlink()
    os.mkfifo(of_backup)
    with pytest.raises(AtlasError):
        Store.restore(backup, tmp_path / "restored")
    file.unlink()
    file.write_bytes(content)
    assert store.verify() == []


@pytest.mark.usefixtures("_in_time")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("name", ["catalogue.sqlite", HEADS_NAME, "writers.lock", "raw/strange"])
def test_a_named_pipe_anywhere_in_the_folder_stops_nothing(tmp_path: Path, name: str) -> None:
    store = filled(tmp_path)
    store.close()
    (store.path / name).unlink(missing_ok=True)
    os.mkfifo(store.path / name)
    if name == "raw/strange":
        assert "strange" in str(Store.open(store.path).verify()[0])
    else:
        added = batch(tmp_path, row(2), text="two")
        with pytest.raises(AtlasError):
            Store.open(store.path).add(added)


@pytest.mark.parametrize(
    ("key", "value"),
    [("ATLAS_DELAY_DAYS", "999999999"), ("ATLAS_DELAY_DAYS", "9" * 5000), ("ATLAS_LIMIT_ROWS", "9" * 30)],
)
def test_a_number_that_no_setting_can_have_is_named(key: str, value: str) -> None:
    with pytest.raises(BadSetting, match=key):
        settings.load({key: value})


def test_the_backup_of_an_empty_store_is_whole(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    backup = store.backup(tmp_path / "backup")
    assert Store.open(backup).verify() == []
    assert Store.restore(backup, tmp_path / "restored").verify() == []


@pytest.mark.parametrize("name", ["a\udcff.csv", "a\ud800.json"])
def test_a_lone_surrogate_in_a_name_is_no_traceback(
    name: str, tmp_path: Path, store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if name.endswith(".csv"):
        file, content = tmp_path / name, "date,district\n2024-01-02,Bannu\n"
    else:
        file, content = tmp_path / "a.json", json.dumps([{"date": "2024-01-02", "district": "Bannu", name: "x\udfff"}])
    file.write_text(content, "utf-8")
    report = tmp_path / "report.json"
    assert main(["ingest", "--store", str(store_path), str(file), "--accept-valid", "--report", str(report)]) in (0, 2)
    assert json.loads(report.read_text("utf-8"))
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.case(51, 66)
def test_the_log_of_an_error_names_its_places_and_holds_no_text_of_a_user(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            raise KeyError("cell of a file")
        except KeyError as error:
            raise ValueError("x\r\nERROR:atlas:forged\x1b[31m\u2028end\x9b1m") from error
    except ValueError as error:
        with caplog.at_level(logging.ERROR, "atlas"):
            messages.unexpected(error)
    [record] = caplog.records
    said = log.JsonLines().format(record)
    assert said.isascii()
    assert said.isprintable()
    assert "forged" not in said
    assert "cell of a file" not in said
    line = json.loads(said)
    assert (line["level"], line["event"]) == ("error", "error")
    assert len(line["number"]) == 8
    for part in ("ValueError", "KeyError", "test_hardening.py"):
        assert part in line["places"]


@pytest.fixture
def log_text() -> Iterator[io.StringIO]:
    """What the log says as the server sets it up; it is as it was again afterwards."""
    factory, written = logging.getLogRecordFactory(), io.StringIO()
    kept = [(one, one.handlers, one.level, one.propagate) for one in map(logging.getLogger, log._OURS)]
    with contextlib.redirect_stderr(written):
        log.configure()
    yield written
    logging.setLogRecordFactory(factory)
    for logger, logger.handlers, level, logger.propagate in kept:
        logger.setLevel(level)


@contextlib.contextmanager
def heard(name: str, written: io.StringIO) -> Iterator[logging.Logger]:
    """Let the records of another program's logger be written too, as its own handler writes them."""
    logger, handler = get_logger(name), logging.StreamHandler(written)
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


@pytest.mark.parametrize("name", ["streamlit.error_util", "streamlit.made.later", "uvicorn.error", "asyncio"])
def test_an_error_that_others_log_has_no_text_of_a_user_either(name: str, log_text: io.StringIO) -> None:
    with heard(name, log_text) as logger:
        try:
            try:
                raise KeyError("cell of a file")
            except KeyError as error:
                raise ValueError("cell of a file, too") from error
        except ValueError as error:
            logger.exception("Uncaught %s at 100 %%: %s", "app execution", error)
            logger.warning(error)
            logger.exception(error)
            logger.error("%(what)s: %(error)s", {"what": "named", "error": error})
            logger.exception("one %s, two %s", error)
            logger.error(f"made before: {error!r}", exc_info=error)
    said = log_text.getvalue()
    assert "cell of a file" not in said
    assert "named: ValueError" in said
    assert "made before: ValueError" in said
    for part in ("Uncaught app execution at 100 %: ValueError", "KeyError", "test_hardening.py"):
        assert part in said


def test_a_file_that_cannot_be_made_leaves_a_number_and_no_text(log_text: io.StringIO) -> None:
    def make() -> bytes:
        raise ValueError("cell of a file")

    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    with pytest.MonkeyPatch.context() as patch, heard(backend_operation_handler.__name__, log_text):
        patch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: "s")
        number = manager.add_deferred(tables.in_words_of_now(make), "text/csv", "1", "a.csv")
        request = BackendOperationRequest(request_id="r", deferred_file={"file_id": number})
        answer = asyncio.run(backend_operation_handler.DeferredFileHandler(lambda: manager).handle(request, "s"))
    assert answer.error_msg
    said = log_text.getvalue()
    assert "cell of a file" not in said + answer.error_msg
    assert "Error executing deferred callable" in said
    [line] = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert (line["event"], len(line["number"])) == ("error", 8)
    assert "ValueError" in line["places"]


def test_what_a_person_reads_keeps_its_letters_and_loses_only_what_controls() -> None:
    assert line_text("بنوں é x") == "بنوں é x"
    assert line_text("\u2068--initiator unknown\u2069 بنوں") == "\u2068--initiator unknown\u2069 بنوں"
    assert line_text("\u2068a") == "\\u2068a"
    assert line_text("a\nb\x1b[2J\u202e\udcff") == "a\\nb\\x1b[2J\\u202e\\udcff"


@pytest.mark.case(51)
def test_a_problem_on_the_terminal_is_one_line(
    tmp_path: Path, store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a\n\x1b[31mb.csv"
    file.write_text("", "utf-8")
    assert main(["ingest", "--store", str(store_path), str(file)]) == 2
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert shown.count("\n") == 1


def test_public_errors_show_no_path_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(messages.st, "dataframe", lambda frame, **_options: shown.append(frame.to_string()))
    monkeypatch.setattr(messages.st, "error", lambda *_text: None)
    folder = tmp_path / "my store"
    monkeypatch.setenv("ATLAS_STORE", str(folder))
    error = StoreError(
        [
            Problem(
                ProblemCode.STORE, f"It is not in {folder}/batches.", "See /etc/x y/z.", file=str(folder / "a.sqlite")
            ),
            Problem(ProblemCode.SETTING, "Ask https://example.org/help/me.", file="C:\\secret\\b.toml"),
        ]
    )
    messages.atlas_error(error)
    assert str(folder) in shown[0], "on one's own machine the path helps"
    monkeypatch.setenv("ATLAS_MODE", "public")
    messages.atlas_error(error)
    for part in (str(tmp_path), "my store", "/etc", "secret"):
        assert part not in shown[1]
    for part in ("a.sqlite", "b.toml", "https://example.org/help/me"):
        assert part in shown[1]
