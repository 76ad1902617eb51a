"""What a word means can be said after its file was stored: no file is read again, and every view follows at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from geo import districts as geo_districts
from geo import intake, recoding, review, stored_words, word_decisions
from geo import record as geo_record
from geo import settings as geo_settings
from geo.incidents import IncidentTable
from geo.ingest import ReadOptions
from geo.problems import AtlasError
from geo.store import Store
from tests.toy_store import interrupt_after

HEAD = "date,district,Type of event,Target,Initiator,Group\n"
TEXT = (
    HEAD
    + "2024-03-04,Bannu,Frobbing,Wazzocks,,The Frobbers\n"
    + "2024-03-05,Bannu,FROBBING ,Police,,\n"
    + "2024-03-06,Tank,Bombing,Wazzocks,Bystanders,\n"
    + "2024-03-07,Tank,,Police,,\n"
)
ATLAS = geo_districts.load()
LAST = date(2030, 1, 1)
CODED = ("attack_type", "target_type", "initiator", "group_id", "is_control_type")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def checked(tmp_path: Path, store: Store, text: str = TEXT, options: ReadOptions | None = None) -> intake.Checked:
    path = tmp_path / "upload"
    path.write_text(text, "utf-8")
    return intake.check(path, "mine.csv", store, ATLAS, geo_settings.load({}), options)


def stored(tmp_path: Path, store: Store, text: str = TEXT, options: ReadOptions | None = None) -> int:
    return intake.accept(checked(tmp_path, store, text, options), tmp_path / "upload", "mine.csv", store).batch_id


def shown(store: Store) -> IncidentTable:
    return intake.shown_incidents(store, ATLAS, LAST)


def coded(table: IncidentTable, column: str) -> list[str]:
    return [table.words(column)[code] for code in getattr(table, column).tolist()]


def decide(store: Store, number: int, field: str, word: str, code: str) -> int:
    return word_decisions.remember(store, [number], field, {word: code})


def test_the_words_of_a_stored_batch_are_listed_with_what_each_counts_as(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store)
    found = {(one.field, one.word): (one.column, one.code, one.n_rows) for one in stored_words.words_of(store, number)}
    assert found["attack_type", "Frobbing"] == ("Type of event", "threat_other", 2)
    assert found["target_type", "Wazzocks"] == ("Target", "other", 2)
    assert found["initiator", "Bystanders"] == ("Initiator", "unknown", 1)
    assert found["group", "The Frobbers"] == ("Group", "other", 1)
    assert found["attack_type", "Bombing"][1] == "ied"


def test_a_decision_changes_what_is_shown_at_once_and_no_file_is_read_again(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store)
    (tmp_path / "upload").unlink()
    before, rows = shown(store), store.read(number)
    assert coded(before, "attack_type") == ["threat_other", "threat_other", "ied", "unknown"]
    assert decide(store, number, "attack_type", "frobbing", "abduction") == 1
    after = shown(store)
    assert after.version != before.version
    assert coded(after, "attack_type") == ["abduction", "abduction", "ied", "unknown"]
    # What follows from the word follows it too: who began, and whether it is a sign of control.
    assert coded(after, "initiator") == ["militant", "militant", "unknown", "unknown"]
    assert after.is_control_type.tolist() == [True, True, False, False]
    assert store.read(number).equals(rows)
    assert store.verify() == []


@pytest.mark.parametrize(
    "decided",
    [
        {"attack_type": {"Frobbing": "state_operation"}},
        {"target_type": {"Wazzocks": "army"}},
        {"initiator": {"Bystanders": "militant"}},
        {"group": {"The Frobbers": "iskp"}},
        {
            "attack_type": {"Frobbing": "clash_unspecified", "Bombing": "vehicle_bomb"},
            "target_type": {"Wazzocks": "militant"},
        },
    ],
)
def test_rows_count_as_if_the_file_had_been_read_with_the_decisions(
    tmp_path: Path, store: Store, decided: dict[str, dict[str, str]]
) -> None:
    expected = checked(tmp_path, store, TEXT, ReadOptions(values=decided)).rows.select(CODED).to_pylist()
    number = stored(tmp_path, store)
    assert store.read(number, CODED).to_pylist() != expected
    for field, words in decided.items():
        word_decisions.remember(store, [number], field, words)
    assert recoding.read(store, store.batch(number), CODED).to_pylist() == expected
    encoded = recoding.read(store, store.batch(number), CODED, encoded=CODED[:-1])
    assert pa.types.is_dictionary(encoded["attack_type"].type)
    assert encoded.to_pylist() == expected


def test_a_decision_taken_back_leaves_no_trace_but_the_audit(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store)
    before = coded(shown(store), "attack_type")
    decide(store, number, "attack_type", "Frobbing", "abduction")
    (held,) = word_decisions.everything(store)
    assert (held.batch_id, held.field, held.word, held.code) == (number, "attack_type", "Frobbing", "abduction")
    decided = store.version()
    word_decisions.take_back(store, held.decision_id)
    assert coded(shown(store), "attack_type") == before
    assert store.version() != decided
    assert [one.is_undone for one in store.decisions("word", include_undone=True)] == [True]
    assert [event.action for event in store.audit()][-2:] == ["decide", "undo decision"]
    assert store.verify() == []


def test_another_decision_replaces_the_older_one_and_the_same_is_not_kept_twice(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store)
    assert decide(store, number, "attack_type", "Frobbing", "abduction") == 1
    assert decide(store, number, "attack_type", " FROBBING", "abduction") == 0
    assert decide(store, number, "attack_type", "frobbing", "ied") == 1
    assert [one.code for one in word_decisions.everything(store)] == ["ied"]
    assert coded(shown(store), "attack_type")[0] == "ied"


def test_a_decision_is_about_its_batch_and_other_batches_stay(tmp_path: Path, store: Store) -> None:
    first = stored(tmp_path, store)
    second = stored(tmp_path, store, HEAD + "2025-01-01,Swat,Frobbing,,,\n")
    decide(store, first, "attack_type", "Frobbing", "abduction")
    assert coded(shown(store), "attack_type")[-1] == "threat_other"
    word_decisions.remember(store, [first, second], "attack_type", {"Frobbing": "ied"})
    assert coded(shown(store), "attack_type") == ["ied", "ied", "ied", "unknown", "ied"]
    store.undo(second)
    assert len(shown(store)) == 4
    store.redo(second)
    assert coded(shown(store), "attack_type")[-1] == "ied"


def test_the_next_file_is_read_with_what_was_decided_last_and_says_so(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store)
    decide(store, number, "attack_type", "Frobbing", "abduction")
    word_decisions.remember(store, [None], "group", {"The Frobbers": "iskp"})
    next_file = HEAD + "2025-01-01,Swat,frobbing,,,The Frobbers\n"
    found = checked(tmp_path, store, next_file)
    assert found.rows["attack_type"].to_pylist() == ["abduction"]
    assert found.rows["group_id"].to_pylist() == ["iskp"]
    told = " ".join(str(intake.note_text(note)) for note in found.result.notes)
    assert "“frobbing” → Abduction" in told
    # What is said for the file itself counts before.
    own = ReadOptions(values={"attack_type": {"frobbing": "ied"}})
    assert checked(tmp_path, store, next_file, own).rows["attack_type"].to_pylist() == ["ied"]


def test_decisions_for_future_files_leave_what_is_shown_as_it_is(tmp_path: Path, store: Store) -> None:
    stored(tmp_path, store)
    before = coded(shown(store), "attack_type")
    word_decisions.remember(store, [None], "attack_type", {"Frobbing": "ied"})
    assert coded(shown(store), "attack_type") == before


def test_words_decided_while_a_file_is_checked_are_kept_for_the_next_file(tmp_path: Path, store: Store) -> None:
    chosen = {"attack_type": {"Frobbing": "abduction"}}
    found = checked(tmp_path, store, TEXT, ReadOptions(values=chosen))
    intake.accept(found, tmp_path / "upload", "mine.csv", store, words=chosen)
    assert word_decisions.for_next_file(store) == {"attack_type": {"Frobbing": "abduction"}}
    assert coded(shown(store), "attack_type")[:2] == ["abduction", "abduction"]


def test_a_mapped_table_is_recoded_by_the_columns_that_were_matched(tmp_path: Path, store: Store) -> None:
    columns = {"date": "When", "district": "Where", "attack_type": "Kind", "target_type": "Type"}
    text = "When,Where,Type,Kind\n2024-03-04,Bannu,Frobbing,Frobbing\n"
    number = stored(tmp_path, store, text, ReadOptions(mapping=columns))
    decide(store, number, "attack_type", "Frobbing", "ied")
    assert coded(shown(store), "attack_type") == ["ied"]
    assert coded(shown(store), "target_type") == ["other"]


def test_a_filled_in_template_is_recoded_too(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store, 'date,district,attack_type\n2024-03-04,Bannu,"a ""frob\\bing"", odd"\n')
    (word,) = stored_words.words_of(store, number)
    decide(store, number, word.field, word.word, "ied")
    assert coded(shown(store), "attack_type") == ["ied"]


def test_the_page_of_an_incident_and_the_duplicates_follow(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store)
    decide(store, number, "attack_type", "Frobbing", "abduction")
    incident_id = store.read(number)["incident_id"][0].as_py()
    found = geo_record.read(store, incident_id, LAST)
    assert isinstance(found, geo_record.Record)
    assert found.incident["attack_type"] == "abduction"
    assert found.reports[0].row["attack_type"] == "abduction"
    assert review.load(store, ATLAS).proposals == ()


@pytest.mark.parametrize(
    ("number", "field", "word", "code", "told"),
    [
        (9, "attack_type", "Frobbing", "ied", "There is no batch 9"),
        (1, "weather", "Frobbing", "ied", "weather"),
        (1, "attack_type", "Frobbing", "no_such_code", "no_such_code"),
        (1, "attack_type", "Tickling", "ied", "Tickling"),
        (1, "attack_type", " ", "ied", "No word"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    tmp_path: Path, store: Store, number: int, field: str, word: str, code: str, told: str
) -> None:
    stored(tmp_path, store)
    before = store.audit()
    with pytest.raises(AtlasError) as refusal:
        decide(store, number, field, word, code)
    assert told in str(refusal.value)
    assert store.audit() == before


def test_words_of_a_published_data_set_mean_what_its_authors_say(store: Store, tmp_path: Path) -> None:
    from geo.embedded import ensure_embedded

    ensure_embedded(store, ATLAS, geo_settings.load({}))
    assert stored_words.words_of(store, 1) == ()
    with pytest.raises(AtlasError):
        decide(store, 1, "attack_type", "Bombing", "ied")


@pytest.mark.parametrize("step", ["decisions.set_undone", "audit.append", "decisions.insert"])
def test_replacing_a_decision_happens_as_a_whole_or_not_at_all(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    number = stored(tmp_path, store)
    decide(store, number, "attack_type", "Frobbing", "abduction")
    before = word_decisions.everything(store)
    interrupt_after(monkeypatch, step)
    with pytest.raises(KeyboardInterrupt):
        decide(store, number, "attack_type", "Frobbing", "ied")
    monkeypatch.undo()
    assert word_decisions.everything(store) == before
    assert coded(shown(store), "attack_type")[0] == "abduction"


def test_a_table_whose_only_place_is_a_column_of_links_to_maps_has_words_too(tmp_path, store):
    text = 'date,link,type\n2024-03-04,"https://maps.google.com/?q=32.98,70.60",Frobbing\n'
    number = stored(tmp_path, store, text)
    assert [one.word for one in stored_words.words_of(store, number)] == ["Frobbing"]


INCIDENTS = (
    "date,district,Incident,Group\n2024-03-04,Bannu,IED blast,TTP\n2024-03-05,Tank,Frobbing,TTP\n2024-03-06,Tank,TK,\n"
)


def test_a_column_of_incidents_that_was_read_as_kinds_can_be_decided_about(tmp_path: Path, store: Store) -> None:
    number = stored(tmp_path, store, INCIDENTS)
    words = {one.word: one.code for one in stored_words.words_of(store, number) if one.field == "attack_type"}
    assert words == {"IED blast": "ied", "Frobbing": "threat_other", "TK": "targeted_killing"}
    decide(store, number, "attack_type", "Frobbing", "abduction")
    assert coded(shown(store), "attack_type") == ["ied", "abduction", "targeted_killing"]


def test_a_batch_that_kept_no_columns_is_read_by_its_cells(tmp_path: Path, store: Store) -> None:
    record = store.batch(stored(tmp_path, store, INCIDENTS))
    kept = stored_words.columns_read(store, record)
    assert dict(kept) == {"attack_type": "Incident", "group": "Group"}
    assert stored_words.columns_read(store, replace(record, summary={})) == kept
