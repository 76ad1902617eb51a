"""The command line about place names: decisions are listed, made and taken back as on the Upload page."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import cli, place_decisions
from geo.store import Store

WAZIRISTAN = "date,district\n2024-03-04,Waziristan\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run `places` on a store of its own; return exit code, output and errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["places", *arguments, "--store", str(tmp_path / "store")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def test_decisions_are_listed_with_the_district_and_when_and_by_whom(run, store: Store) -> None:
    assert run() == (cli.DONE, "", "")
    place_decisions.remember(store, "template", {"Dir": "PK520", "Old\tBazaar": "outside"})
    place_decisions.remember(store, "acled", {"Waziristan": "none"}, actor="somebody")
    code, out, _ = run()
    listed = [line.split("\t") for line in out.splitlines()]
    made = [f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}" for one in place_decisions.everything(store)]
    assert code == cli.DONE
    assert listed == [
        ["template", "Dir", "PK520", "Lower Dir", made[0], "local"],
        ["template", "Old Bazaar", "outside", "outside the province", made[1], "local"],
        ["acled", "Waziristan", "none", "no district", made[2], "somebody"],
    ]


def test_a_decision_made_here_places_the_next_file_of_the_source(run, store: Store, tmp_path: Path) -> None:
    code, out, _ = run("--decide", "template", "Waziristan", "pk 525")
    assert code == cli.DONE
    assert out == "template: Waziristan means North Waziristan (PK525), in future files.\n"
    assert place_decisions.meanings(store, "template") == {"waziristan": "PK525"}
    path = tmp_path / "next.csv"
    path.write_text(WAZIRISTAN, "utf-8")
    assert cli.main(["ingest", str(path), "--store", str(tmp_path / "store")]) == cli.DONE
    assert store.read(1)["pcode"].to_pylist() == ["PK525"]


@pytest.mark.parametrize(("given", "kept"), [("outside", "outside"), ("none", "none"), ("NONE", "none")])
def test_a_name_can_be_decided_to_mean_no_district_of_the_province(run, store: Store, given: str, kept: str) -> None:
    assert run("--decide", "acled", "Somewhere", given)[0] == cli.DONE
    assert place_decisions.meanings(store, "acled") == {"somewhere": kept}


def test_deciding_again_replaces_the_decision_and_the_same_is_kept_once(run, store: Store) -> None:
    run("--decide", "template", "Dir", "PK520")
    assert run("--decide", "template", "DIR", "PK520")[:2] == (
        cli.DONE,
        "template: DIR already means Lower Dir (PK520).\n",
    )
    assert run("--decide", "template", "Dir district", "PK535")[0] == cli.DONE
    assert [line.split("\t")[:3] for line in run()[1].splitlines()] == [["template", "Dir district", "PK535"]]
    assert store.verify() == []


def test_a_decision_taken_back_stays_on_record_and_can_be_made_again(run, store: Store) -> None:
    run("--decide", "template", "Dir", "PK520")
    code, out, _ = run("--forget", "template", "DIR district")
    assert (code, out) == (cli.DONE, "template: Dir no longer means Lower Dir (PK520), in future files.\n")
    assert run()[1] == ""
    assert [one.is_undone for one in store.decisions("place name", include_undone=True)] == [True]
    assert [entry.action for entry in store.audit()][-2:] == ["decide", "undo decision"]
    assert run("--decide", "template", "Dir", "PK520")[0] == cli.DONE
    assert store.verify() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--decide", "nobody", "Dir", "PK520"), ("'nobody'", "template")),
        (("--forget", "nobody", "Dir"), ("'nobody'", "template")),
        (("--decide", "template", "Dir", "PK599"), ("'PK599'", "PK501", "PK535", "outside", "none")),
        (("--decide", "template", "Dir", "Swat"), ("'Swat'", "PK532")),
        (("--decide", "template", " \u200b ", "PK520"), ("name",)),
        (("--decide", "template", "Bannu", "PK532"), ("'Bannu'", "Bannu (PK503)")),
        (("--decide", "template", "Balochistan", "PK532"), ("'Balochistan'", "outside the province")),
        (("--forget", "template", "Tirah"), ("'Tirah'", "Waziristan")),
        (("--forget", "acled", "Waziristan"), ("'Waziristan'", "acled")),
    ],
)
def test_what_cannot_be_decided_or_taken_back_is_refused_by_name_and_changes_nothing(
    run, store: Store, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    place_decisions.remember(store, "template", {"Waziristan": "PK525"})
    before = store.audit()
    code, out, err = run(*arguments)
    assert (code, out) == (cli.REFUSED, "")
    assert [text for text in told if text not in err] == []
    assert store.audit() == before


def test_one_thing_is_asked_at_a_time(run) -> None:
    with pytest.raises(SystemExit):
        run("--forget", "template", "Dir", "--decide", "template", "Dir", "PK520")
