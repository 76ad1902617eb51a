"""Fetching from UCDP and ACLED, against a local server that answers like them."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from geo import cli, settings
from geo.cli import fetch as command
from geo.fetch import Connection, FetchError, replies
from geo.fetch.connection import checked_base
from geo.store import Store
from tests.toy_services import (
    BEARER,
    EMAIL,
    PASSWORD,
    TOKEN,
    Answers,
    acled_event,
    ged,
    ged_26,
    serving,
    status,
    text_reply,
    works,
)

ALL_SECRETS = (TOKEN, EMAIL, PASSWORD, BEARER)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """A running server that holds nothing yet."""
    held = Answers()
    with serving(held):
        yield held


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited for beside the pauses between requests; nothing really waits."""
    waited: list[float] = []
    monkeypatch.setattr(command, "Connection", partial(Connection, pause_s=0, sleep=waited.append))
    return waited


@pytest.fixture
def run(answers: Answers, waits: list[float], tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    """Fetch into a store and a folder of its own; return exit code, output and errors. None of them shows a secret."""
    monkeypatch.setenv("ATLAS_UCDP_TOKEN", TOKEN)
    monkeypatch.setenv("ATLAS_ACLED_EMAIL", EMAIL)
    monkeypatch.setenv("ATLAS_ACLED_PASSWORD", PASSWORD)

    def fetched(*arguments: str) -> tuple[int, str, str]:
        folders = ["--out", str(tmp_path / "replies"), "--store", str(tmp_path / "store")]
        code = cli.main(["fetch", *arguments, "--base-url", answers.address, *folders])
        shown = capsys.readouterr()
        assert not [secret for secret in ALL_SECRETS if secret in shown.out + shown.err]
        return code, shown.out, shown.err

    return fetched


def batches(tmp_path: Path) -> tuple[object, ...]:
    return Store.open(tmp_path / "store").batches()


def page_numbers(answers: Answers) -> list[int]:
    return [int(path.rsplit("page=", 1)[1]) for path in answers.data_asked()]


# --- UCDP --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("release", "event"), [("25.1", ged), ("26.1", ged_26)])
def test_a_release_becomes_one_batch(run, answers: Answers, tmp_path: Path, release: str, event) -> None:
    elsewhere = {"adm_1": "Sindh province", "adm_2": "Karachi City", "latitude": 24.86, "longitude": 67.01}
    answers.releases[release] = [event(k) for k in range(4)] + [event(4, **elsewhere)]
    code, out, err = run("ucdp", "--version", release)
    assert code == cli.DONE, err
    assert "5 rows in, 5 accepted, 0 refused, 0 duplicates; 4 located, 0 not located, 1 outside" in out
    assert page_numbers(answers) == [0, 1, 2]
    assert "4 of 5 events" in err
    batch = Store.open(tmp_path / "store").batches()[0]
    assert (batch.source, batch.label) == ("ucdp_ged", f"UCDP GED {release} Pakistan.json")


def test_replies_are_kept_byte_for_byte(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases["26.1"] = [ged_26(k) for k in range(3)]
    run("ucdp")
    pages = [json.loads((tmp_path / "replies" / "26.1" / f"page-{k}.json").read_bytes()) for k in (0, 1)]
    whole = tmp_path / "replies" / "26.1" / "UCDP GED 26.1 Pakistan.json"
    assert [len(page["Result"]) for page in pages] == [2, 1]
    assert json.loads(whole.read_bytes()) == pages
    kept = [path.read_bytes() for path in (tmp_path / "store" / "raw").iterdir()]
    assert kept == [whole.read_bytes()]


def test_an_interrupted_fetch_asks_only_for_what_is_missing(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases["26.1"] = [ged_26(k) for k in range(6)]
    answers.faults = [works, status(400)]
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "status 400" in err
    assert "what was fetched is kept" in err
    assert not batches(tmp_path)
    answers.asked.clear()
    code, out, _ = run("ucdp")
    assert code == cli.DONE
    assert "6 accepted" in out
    assert page_numbers(answers) == [1, 2]


def test_a_complete_fetch_is_not_repeated_and_not_stored_twice(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    run("ucdp")
    answers.asked.clear()
    code, _, err = run("ucdp")
    assert code == cli.REFUSED
    assert "stored already" in err
    assert not answers.asked
    assert len(batches(tmp_path)) == 1


def test_a_dry_run_stores_nothing(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    assert run("ucdp", "--dry-run")[0] == cli.DONE
    assert not batches(tmp_path)


def test_a_newer_release_replaces_the_batch_of_the_older_one(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases = {"25.1": [ged(1), ged(2)], "26.1": [ged(1, best=5, deaths_a=4), ged_26(3)]}
    run("ucdp", "--version", "25.1")
    code, out, _ = run("ucdp", "--version", "26.1", "--replaces", "1")
    assert code == cli.DONE
    assert "2 accepted" in out
    assert [batch.batch_id for batch in Store.open(tmp_path / "store").batches() if batch.is_shown] == [2]


def test_candidate_months_are_batches_of_their_own_up_to_the_newest(run, answers: Answers, tmp_path: Path) -> None:
    revised = ged_26(1, best=9, deaths_a=8, code_status="Check deaths")
    answers.releases = {"26.0.1": [ged_26(1), ged_26(2)], "26.0.2": [revised, ged_26(3)]}
    code, out, _ = run("ucdp", "--candidate")
    assert code == cli.DONE
    assert [line.split(":")[0] for line in out.splitlines()] == ["batch 1", "batch 2"]
    answers.releases["26.0.3"] = [ged_26(4)]
    code, out, err = run("ucdp", "--candidate")
    assert code == cli.DONE
    assert out.startswith("batch 3")
    assert err.count("stored already") == 2
    assert len(batches(tmp_path)) == 3


def test_a_release_that_does_not_exist_is_named_as_such(run, answers: Answers) -> None:
    for arguments in (["--version", "27.1"], ["--candidate"]):
        code, _, err = run("ucdp", *arguments)
        assert code == cli.UNUSABLE
        assert "Name another release with --version" in err


@pytest.mark.parametrize("release", ["../../x", "26", "26.1?page=3", "26.1/..", "26.1\n"])
def test_a_release_is_a_number(run, answers: Answers, release: str) -> None:
    code, _, err = run("ucdp", f"--version={release}")
    assert code == cli.UNUSABLE
    assert "26.0.3" in err
    assert not answers.asked


# --- ACLED -------------------------------------------------------------------------------------------


def test_acled_events_become_one_batch(run, answers: Answers, tmp_path: Path) -> None:
    answers.events = [acled_event(k) for k in range(5)]
    code, out, err = run("acled")
    assert code == cli.DONE, err
    assert "5 accepted" in out
    assert page_numbers(answers) == [1, 2, 3, 4]
    assert answers.asked.count("/oauth/token") == 1
    assert "do not allow rows to be passed on" in err
    assert "up to 2025-10-07 only" in err
    assert Store.open(tmp_path / "store").batches()[0].source == "acled"


def test_a_fetch_of_acled_goes_on_on_another_day(run, answers: Answers) -> None:
    answers.events = [acled_event(k) for k in range(3)]
    answers.faults = [works, status(403)]
    run("acled", "--until", "2026-10-07")
    answers.asked.clear()
    assert "Name another folder" in run("acled")[2]
    assert not answers.asked
    code, out, _ = run("acled", "--until", "2026-10-07", "--dry-run")
    assert code == cli.DONE
    assert "3 accepted" in out
    assert page_numbers(answers) == [2, 3]
    assert all("2010-01-01%7C2026-10-07" in path for path in answers.data_asked())


def test_protests_are_refused_unless_valid_rows_may_be_stored(run, answers: Answers, tmp_path: Path) -> None:
    answers.events = [acled_event(1), acled_event(2, event_type="Protests", sub_event_type="Peaceful protest")]
    assert run("acled")[0] == cli.REFUSED
    assert not batches(tmp_path)
    code, out, _ = run("acled", "--accept-valid")
    assert code == cli.DONE
    assert "1 accepted, 1 refused" in out


def test_no_secret_is_written_to_any_file(run, answers: Answers, tmp_path: Path) -> None:
    answers.events, answers.releases["26.1"] = [acled_event(1)], [ged_26(1)]
    assert run("acled")[0] == cli.DONE
    code, _, err = run("ucdp")
    assert code == cli.DONE, err
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "catalogue.sqlite" for path in files)
    found = [path for path in files for secret in ALL_SECRETS if secret.encode() in path.read_bytes()]
    assert not found


def test_a_wrong_password_is_said_at_login(run, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_ACLED_PASSWORD", "another")
    code, _, err = run("acled")
    assert code == cli.UNUSABLE
    assert "Check ATLAS_ACLED_EMAIL and ATLAS_ACLED_PASSWORD" in err
    assert not answers.data_asked()


def test_an_account_without_access_is_said_with_its_remedy(run, answers: Answers) -> None:
    refusal = json.dumps({"status": 403, "success": False, "error": {"status": 403, "message": "no"}}).encode()
    for fault in (status(403), text_reply(refusal)):
        answers.faults = [fault]
        code, _, err = run("acled")
        assert code == cli.UNUSABLE
        assert "The account has no access" in err
        assert "Ask ACLED for access" in err


def test_no_events_are_no_batch(run, answers: Answers, tmp_path: Path) -> None:
    code, _, err = run("acled")
    assert code == cli.UNUSABLE
    assert "no events" in err
    assert not batches(tmp_path)


# --- what can go wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("service", "variable"), [("ucdp", "ATLAS_UCDP_TOKEN"), ("acled", "ATLAS_ACLED_PASSWORD")])
def test_without_credentials_nothing_is_asked(run, answers: Answers, monkeypatch, service: str, variable: str) -> None:
    monkeypatch.delenv(variable)
    code, _, err = run(service)
    assert code == cli.UNUSABLE
    assert variable in err
    assert not answers.asked


@pytest.mark.parametrize(("code", "said"), [(401, "does not accept the token"), (403, "Ask UCDP for access")])
def test_a_refusal_is_final_and_says_what_helps(
    run, answers: Answers, waits: list[float], code: int, said: str
) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    answers.faults = [status(code)]
    exit_code, _, err = run("ucdp")
    assert exit_code == cli.UNUSABLE
    assert said in err
    assert len(answers.asked) == 1
    assert not any(waits)


def test_a_wrong_token_is_refused_by_the_service(run, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    monkeypatch.setenv("ATLAS_UCDP_TOKEN", "another")
    assert "Check ATLAS_UCDP_TOKEN" in run("ucdp")[2]


def test_retry_after_is_obeyed(run, answers: Answers, waits: list[float]) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=90))
    answers.faults = [status(429, Retry_After="77"), status(503, Retry_After=moment), status(429, Retry_After="soon")]
    code, out, err = run("ucdp")
    asked, dated, unread = [wait for wait in waits if wait]
    assert code == cli.DONE
    assert "1 accepted" in out
    assert asked == 77
    assert 80 < dated <= 90
    assert unread == 20
    assert "Next attempt in 77 seconds" in err


def test_a_long_wait_ends_the_command_and_is_named(run, answers: Answers, waits: list[float]) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    answers.faults = [status(429, Retry_After="7200")]
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "wait 120 minutes" in err
    assert not any(waits)


def test_a_service_that_stays_busy_is_left_alone_after_five_attempts(run, answers: Answers, waits: list[float]) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    answers.faults = [status(503)] * 9
    assert run("ucdp")[0] == cli.UNUSABLE
    assert len(answers.asked) == 5
    assert [wait for wait in waits if wait] == [5, 10, 20, 40]


WHOLE = json.dumps({"TotalCount": 1, "TotalPages": 1, "Result": [ged_26(1)]}).encode()


@pytest.mark.parametrize("fault", [text_reply(WHOLE[:-40]), text_reply(WHOLE, len(WHOLE) + 9)])
def test_a_reply_that_is_cut_off_is_asked_for_again(run, answers: Answers, tmp_path: Path, fault) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    answers.faults = [fault]
    code, _, err = run("ucdp")
    assert code == cli.DONE
    assert "A reply was cut off. Next attempt" in err
    answers.faults = [fault] * 5
    answers.releases["25.1"] = [ged(1)]
    code, _, err = run("ucdp", "--version", "25.1")
    assert code == cli.UNUSABLE
    assert "[truncated]" in err
    assert not list((tmp_path / "replies" / "25.1").glob("page*"))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>Log in to the network</body></html>",
        b'{"message": "moved"}',
        b'{"TotalCount": 1, "TotalPages": 1, "Result": null}',
        b'{"TotalCount": 2, "TotalPages": 1, "Result": [{"event": 1}, {"event": 2}]}',
        b'{"TotalPages": 1, "Result": [{"id": 1}]}',
        b"",
    ],
)
def test_another_reply_than_the_documented_one_is_not_kept(run, answers: Answers, tmp_path: Path, content) -> None:
    answers.faults = [text_reply(content)]
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "does not have the form" in err
    assert [path.name for path in (tmp_path / "replies" / "26.1").iterdir()] == ["query.txt"]


def test_records_of_another_schema_are_refused_by_the_reader(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases["26.1"] = [{"id": 1, "when": "2025-01-01", "where": "Tank"}]
    code, _, err = run("ucdp")
    assert code == cli.REFUSED
    assert "[columns]" in err
    assert not batches(tmp_path)


def test_fewer_events_than_stated_are_no_whole_answer(run, answers: Answers, tmp_path: Path) -> None:
    missing = json.dumps({"TotalCount": 3, "TotalPages": 2, "Result": [ged_26(1)]}).encode()
    last = json.dumps({"TotalCount": 3, "TotalPages": 2, "Result": [ged_26(2)]}).encode()
    answers.faults = [text_reply(missing), text_reply(last)]
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "states 3 events, but its pages hold 2" in err
    assert not batches(tmp_path)


def test_a_redirection_is_not_followed(run, answers: Answers) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    answers.faults = [status(302, Location=f"{answers.address}/elsewhere")]
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "status 302" in err
    assert len(answers.asked) == 1


def test_no_network_is_said_with_the_host(answers: Answers, waits: list[float], tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setenv("ATLAS_UCDP_TOKEN", TOKEN)
    with serving(gone := Answers()):
        pass
    arguments = ["--base-url", gone.address, "--out", str(tmp_path / "replies"), "--store", str(tmp_path / "store")]
    assert cli.main(["fetch", "ucdp", *arguments]) == cli.UNUSABLE
    err = capsys.readouterr().err
    assert f"{gone.address.removeprefix('http://')} cannot be reached: Connection refused" in err
    assert "Check the network connection" in err
    assert len(waits) == 9  # five pauses, four waits


def test_a_full_disk_is_named_and_leaves_no_half_page(run, answers: Answers, tmp_path: Path, monkeypatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    answers.releases["26.1"] = [ged_26(1)]
    (tmp_path / "replies" / "26.1").mkdir(parents=True)
    monkeypatch.setattr(replies.os, "fsync", full)
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "No space left" in err
    assert "Make room" in err
    assert not list((tmp_path / "replies" / "26.1").iterdir())


def test_a_folder_of_another_query_is_left_alone(run, answers: Answers, tmp_path: Path) -> None:
    answers.releases["26.1"] = [ged_26(1)]
    run("ucdp")
    (tmp_path / "replies" / "26.1" / "query.txt").write_text("https://example.org/other\n")
    code, _, err = run("ucdp")
    assert code == cli.UNUSABLE
    assert "Name another folder with --out" in err


@pytest.mark.parametrize("address", ["https://mirror.example.org/ucdp", "http://127.0.0.1:8000", "http://[::1]:1/a/"])
def test_an_address_may_be_a_mirror_or_this_machine(address: str) -> None:
    assert checked_base(address) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://ucdpapi.pcr.uu.se",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "http://localhost:1@example.org",
        "https://user:word@example.org",
        "https://example.org/?x=1",
        "file:///etc/passwd",
        "ftp://example.org",
        "https://",
        "https://example.org\nHost: x",
        "",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(FetchError, match="https://"):
        checked_base(address)


def test_releases_are_those_of_ucdp(run, answers: Answers) -> None:
    assert "no releases" in run("acled", "--version", "26.1")[2]
    assert "one release" in run("ucdp", "--candidate", "--replaces", "1")[2]
    assert not answers.asked


def test_credentials_are_not_in_the_representation_of_the_settings() -> None:
    loaded = settings.load({"ATLAS_UCDP_TOKEN": TOKEN, "ATLAS_ACLED_EMAIL": EMAIL, "ATLAS_ACLED_PASSWORD": PASSWORD})
    assert (loaded.ucdp_token, loaded.acled_email, loaded.acled_password) == (TOKEN, EMAIL, PASSWORD)
    assert not [secret for secret in ALL_SECRETS if secret in repr(loaded)]


def test_a_token_that_would_end_a_header_is_refused_unseen() -> None:
    with pytest.raises(settings.BadSetting, match="ATLAS_UCDP_TOKEN") as caught:
        settings.load({"ATLAS_UCDP_TOKEN": "abc\r\nHost: elsewhere"})
    assert "abc" not in str(caught.value)
