"""The command line about words: words and decisions are listed, made and taken back as on the Upload page."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import cli, word_decisions
from geo.store import Store

TABLE = "date,district,Type of event,Group\n2024-03-04,Bannu,Frobbing,The Frobbers\n2024-03-05,Bannu,frobbing,\n"
DONE = cli.DONE


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Store a file, then run `words` on its store; return exit code, output and errors."""
    path = tmp_path / "mine.csv"
    path.write_text(TABLE, "utf-8")
    assert cli.main(["ingest", str(path), "--store", str(tmp_path / "store")]) == DONE
    capsys.readouterr()

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["words", *arguments, "--store", str(tmp_path / "store")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def store(run, tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def test_the_words_of_a_batch_are_listed_with_what_they_count_as_now(run) -> None:
    assert run("--of", "1") == (
        DONE,
        "attack_type\tType of event\tFrobbing\tthreat_other\tThreat or other\t2\n"
        "group\tGroup\tThe Frobbers\tother\tOther group (as reported)\t1\n",
        "",
    )
    run("--decide", "1", "attack_type", "Frobbing", "abduction")
    assert "Frobbing\tabduction\tAbduction\t2\n" in run("--of", "1")[1]


def test_a_decision_is_made_listed_and_taken_back(run, store: Store) -> None:
    assert run() == (DONE, "", "")
    told = "batch 1 and later files: frobbing means Abduction (abduction).\n"
    assert run("--decide", "1", "attack_type", "frobbing", "abduction") == (DONE, told, "")
    assert "already means" in run("--decide", "1", "attack_type", "FROBBING", "abduction")[1]
    (one,) = word_decisions.everything(store)
    listed = ["1", "attack_type", "frobbing", "abduction", "Abduction", f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}", "local"]
    assert run()[1] == "\t".join(listed) + "\n"
    told = "batch 1 and later files: frobbing no longer means Abduction (abduction).\n"
    assert run("--forget", "1", "attack_type", "Frobbing") == (DONE, told, "")
    assert run()[1] == ""
    assert store.verify() == []


def test_later_files_are_read_with_the_decision_one_by_one_and_in_bulk(run, store: Store, tmp_path: Path) -> None:
    assert run("--decide", "future", "attack_type", "Frobbing", "ied")[0] == DONE
    path = tmp_path / "next.csv"
    path.write_text("date,district,attack_type,incident_id\n2025-01-01,Swat,frobbing,a\n", "utf-8")
    place = ["--store", str(tmp_path / "store")]
    assert cli.main(["ingest", str(path), *place]) == DONE
    assert store.read(2)["attack_type"].to_pylist() == ["ied"]
    path.write_text("date,district,attack_type,incident_id\n2025-01-02,Swat,frobbing,b\n", "utf-8")
    assert cli.main(["bulk", str(path), "--out", str(tmp_path / "out"), *place]) == DONE
    assert store.read(3)["attack_type"].to_pylist() == ["ied"]
    assert store.read(1)["attack_type"].to_pylist() == ["threat_other", "threat_other"]
    # Rows that were loaded in bulk can be given another meaning, too.
    assert run("--decide", "3", "attack_type", "frobbing", "abduction")[0] == DONE


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--decide", "1", "weather", "Frobbing", "ied"), ("'weather'", "attack_type")),
        (("--decide", "1", "attack_type", "Frobbing", "rain"), ("'rain'", "ambush")),
        (("--decide", "1", "attack_type", "Tickling", "ied"), ("'Tickling'", "Frobbing")),
        (("--decide", "one", "attack_type", "Frobbing", "ied"), ("'one'", "future")),
        (("--forget", "1", "attack_type", "Frobbing"), ("'Frobbing'",)),
        (("--forget", "1", "weather", "Frobbing"), ("'weather'",)),
    ],
)
def test_what_cannot_be_decided_or_taken_back_is_refused_by_name_and_changes_nothing(
    run, store: Store, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    before = store.audit()
    code, out, err = run(*arguments)
    assert (code, out) == (cli.REFUSED, "")
    assert [text for text in told if text not in err] == []
    assert store.audit() == before


def test_a_batch_that_does_not_exist_is_named(run) -> None:
    code, out, err = run("--of", "9")
    assert (code, out) == (cli.UNUSABLE, "")
    assert "There is no batch 9" in err
