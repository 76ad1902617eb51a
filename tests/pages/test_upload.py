"""The upload page: checked before stored, refused with reasons, accepted and undone by a button."""

from __future__ import annotations

import gc
import io
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from geo.intake import Checked
from geo.views import messages, tables
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401  (the fixture is used by name)
from tests.register_file import shown

pytestmark = pytest.mark.slow

GOOD = b"date,district,killed_total\n2024-03-04,Bannu,2\n2024-03-05,Tank,\n"


def upload(data: bytes, name: str = "mine.csv") -> AppTest:
    app = run("upload")
    return app.file_uploader[0].upload(name, data, "text/csv").run()


def choice(app: AppTest, label: str):
    return next(found for found in app.selectbox if found.label == label)


def button(app: AppTest, start: str):
    return next(found for found in app.button if found.label.startswith(start))


def test_a_checked_file_says_what_would_happen_and_stores_nothing() -> None:
    app = upload(GOOD)
    assert not app.error
    assert {"Rows in the file": "2", "Acceptable": "2", "Refused": "0", "Located": "2"}.items() <= {
        metric.label: metric.value for metric in app.metric
    }.items()
    assert shown() in texts(app.switch_page("pages/overview.py").run())


def test_accepting_adds_the_incidents_and_undo_takes_them_out() -> None:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    assert "Stored as batch 3" in texts(app)
    button(app, "Undo").click().run()
    assert not app.error
    assert shown() in texts(app.switch_page("pages/overview.py").run())
    app.switch_page("pages/upload.py").run()
    button(app, "Redo").click().run()
    assert shown(more=2) in texts(app.switch_page("pages/overview.py").run())


def test_a_batch_whose_file_was_stored_again_is_not_brought_back_beside_it() -> None:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    button(app, "Undo").click().run()
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    button(app, "Redo").click().run()
    assert "as batch 4" in texts(app) + " ".join(frame.value.to_string() for frame in app.dataframe)
    assert shown(more=2) in texts(app.switch_page("pages/overview.py").run())


def test_the_table_of_corrections_shows_the_cells_that_are_wrong_before_the_reason() -> None:
    app = upload(b"incident_id,date,district,killed_total\na,2024-03-04,Bannu,2\nb,2024-13-01,Bannu,1\n")
    [frame] = [found.value for found in app.dataframe if "refused_because" in found.value]
    assert list(frame.columns) == ["refused_row", "date", "refused_because", "incident_id", "district", "killed_total"]


def test_the_outcome_of_a_click_survives_a_run_that_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A map that reports its position starts another run before the first has reached its end."""
    app = upload(GOOD)
    with monkeypatch.context() as cut_short:
        cut_short.setattr(messages, "forget_outcome", lambda: None)
        button(app, "Accept all rows").click().run()
    assert "Stored as batch 3" in texts(app.run())
    assert "Stored as batch 3" not in texts(app.run())


def test_hiding_a_batch_takes_it_out_of_every_view() -> None:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    button(app, "Hide").click().run()
    assert shown() in texts(app.switch_page("pages/overview.py").run())


def test_a_file_with_a_bad_row_names_it_and_offers_the_valid_ones() -> None:
    app = upload(GOOD + b"2024-13-01,Bannu,1\n")
    assert any("2024-13-01" in frame.value.to_string() for frame in app.dataframe)
    assert button(app, "Accept the 2 valid rows")


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"date,district\n"])
def test_an_unusable_file_is_refused_with_a_reason_and_the_page_stays(data: bytes) -> None:
    app = upload(data)
    assert not app.exception
    assert "refused" in texts(app) or "No row can be stored" in texts(app)
    assert app.dataframe
    assert app.file_uploader


@pytest.mark.parametrize(
    ("dates", "proposed", "used"),
    [
        (
            ("01/05/2024", "01/07/2024", "01/09/2024", "02/01/2024", "02/03/2024"),
            "The month: March 4, 2024 (proposed)",
            "Month first",
        ),
        (("4 March", "5 March"), "2022 (proposed)", "Dates without a year are of 2022"),
    ],
)
def test_what_is_open_in_the_dates_is_asked_with_an_answer_to_take(
    dates: tuple[str, ...], proposed: str, used: str
) -> None:
    app = upload("\n".join(["date,district", *(f"{day},Bannu" for day in dates)]).encode(), "incidents 2022.csv")
    assert "can be read in more than one way" in texts(app)
    button(app, proposed).click().run()
    assert not app.error
    assert f"Your answer: {used}" in texts(app).replace("\\", "")
    assert button(app, "Accept all rows")


@pytest.mark.parametrize(
    ("content", "question", "proposed"),
    [
        (b"date,district\n2024-03-04,Bannu\n,Tank\n,Karak\n", "Is it that of the row above?", "Yes: the same as above"),
        (b"date,district,name,age\n2024-03-04,Bannu,x,3\n2024-03-04,Bannu,y,4\n", "What is each row?", "One person"),
    ],
)
def test_what_blank_cells_and_rows_mean_is_asked_with_an_answer_to_take(
    content: bytes, question: str, proposed: str
) -> None:
    app = upload(content)
    assert any(question in shown.value for shown in app.markdown)
    assert any(found.label.startswith(proposed) and "(proposed)" in found.label for found in app.button)
    button(app, proposed).click().run()
    assert not app.exception
    assert button(app, "Accept all rows")


@pytest.mark.case(3, 47)
def test_a_hostile_file_name_is_shown_as_text() -> None:
    app = upload(GOOD, "![x](http://h/p.png)<b>.csv")
    assert "![x](http" not in texts(app)


@pytest.mark.case(65)
def test_a_public_deployment_takes_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_MODE", "public")
    app = run("upload")
    assert not app.file_uploader
    assert not [found for found in app.button if found.label in ("Undo", "Redo", "Hide", "Show")]


@pytest.mark.case(2)
def test_the_limits_stand_on_the_page(store_path: Path) -> None:
    app = run("upload")
    assert any("file_mb" in frame.value.to_string() for frame in app.dataframe)


def test_an_open_question_is_asked_and_the_answer_is_used() -> None:
    app = upload(b"date,district\n03/04/2024,Bannu\n05/06/2024,Tank\n")
    assert "Which comes first in dates such as 03/04/2024?" in texts(app)
    choice(app, "Dates such as 03/04/2024").set_value("DMY").run()
    assert "Which comes first" not in texts(app)
    button(app, "Accept all rows").click().run()
    assert "Stored as batch 3" in texts(app)


def test_an_answer_that_is_not_needed_changes_nothing() -> None:
    app = upload(b"date,district\n2024-03-04,Bannu\n2024-12-03,Tank\n")
    choice(app, "Dates such as 03/04/2024").set_value("DMY").run()
    assert {metric.label: metric.value for metric in app.metric}["Acceptable"] == "2"


UNKNOWN_TABLE = (
    b"Seen on,Distt,Kind of attack,Dead,Remarks\n"
    b"2024-03-04,Bannu,bomb blast,2,a\n2024-03-05,Tank,firing,,b\n2024-03-06,Lakki,something new,1,c\n"
)


@pytest.mark.case(15)
def test_an_unknown_table_is_mapped_by_confirmed_proposals_and_stored() -> None:
    app = upload(UNKNOWN_TABLE)
    assert "nothing is stored before you accept" in texts(app)
    app.text_input(key="mapping_name").set_value("office list").run()
    button(app, "Read the file with this mapping").click().run()
    assert not app.error
    metrics = {metric.label: metric.value for metric in app.metric}
    # "something new" is no known attack type: the row counts as another type, and the word is told.
    assert (metrics["Rows in the file"], metrics["Acceptable"], metrics["Refused"]) == ("3", "3", "0")
    assert "as written: “something new” (1)" in texts(app).replace("\\", "")
    button(app, "Accept all rows").click().run()
    assert "Stored as batch 3" in texts(app)
    assert shown(more=3) in texts(app.switch_page("pages/overview.py").run())


def test_a_column_that_looks_like_a_field_and_is_none_is_told_with_the_reason() -> None:
    app = upload(UNKNOWN_TABLE.replace(b"Dead", b"Casualties"))
    assert "Casualties is not proposed: it counts deaths and injuries together" in texts(app)


def test_a_kept_mapping_can_be_chosen_for_the_next_file() -> None:
    app = upload(UNKNOWN_TABLE)
    app.text_input(key="mapping_name").set_value("office list").run()
    button(app, "Read the file with this mapping").click().run()
    button(app, "Match the columns again").click().run()
    assert "office list" in next(box for box in app.selectbox if box.label == "Start from").options


def test_a_table_without_date_and_place_says_what_is_missing() -> None:
    app = upload(b"a,b\n1,2\n")
    shown = "".join(frame.value.to_string() for frame in app.dataframe)
    assert "No column is assigned to the date" in shown
    assert "No column is assigned to the place" in shown
    assert button(app, "Read the file with this mapping").disabled


@pytest.mark.case(7)
def test_rows_that_are_stored_already_are_told_and_only_new_ones_offered() -> None:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    more = GOOD + b"2024-03-09,Swat,1\n2024-03-09,Swat,1\n"
    app.file_uploader[0].upload("more.csv", more, "text/csv").run()
    assert {metric.label: metric.value for metric in app.metric}["Duplicates"] == "3"
    assert "not stored again: 2 (batch 3, mine\\.csv: 2)" in texts(app)
    app.checkbox(key="upload_keep_repeated").check().run()
    assert {metric.label: metric.value for metric in app.metric}["Duplicates"] == "2"
    button(app, "Accept the 2 new rows").click().run()
    assert not app.error
    assert shown(more=4) in texts(app.switch_page("pages/overview.py").run())


def test_a_newer_version_shows_what_it_changes_and_a_new_edition_replaces_the_batch() -> None:
    head = b"incident_id,date,district,killed_total\n"
    app = upload(head + b"a,2024-03-04,Bannu,2\nb,2024-03-05,Tank,1\n")
    button(app, "Accept all rows").click().run()
    app.file_uploader[0].upload("newer.csv", head + b"a,2024-03-04,Bannu,3\n", "text/csv").run()
    assert "Newer versions that replace stored rows: 1" in texts(app)
    assert any("killed_best" in frame.value.to_string() for frame in app.dataframe)
    app.selectbox(key="upload_replaces").set_value("3").run()
    assert "Incidents of batch 3 that are not in this file and would no longer be shown: 1" in texts(app)
    button(app, "Accept all rows").click().run()
    assert "replaced by a newer edition" in texts(app)
    assert shown(more=1) in texts(app.switch_page("pages/overview.py").run())


def test_the_answers_for_one_file_are_not_used_for_the_next() -> None:
    app = upload(b"date,district\n03/04/2024,Bannu\n")
    choice(app, "Dates such as 03/04/2024").set_value("MDY").run()
    assert "Your answer" in texts(app)
    app.file_uploader[0].upload("other.csv", b"date,district\n05/06/2024,Tank\n", "text/csv").run()
    assert "Which comes first" in texts(app)


PLACES = (
    b"date,district,latitude,longitude\n2024-03-04,Waziristan,,\n2024-03-05,waziristan,,\n2024-03-06,Peshwar,,\n"
    b"2024-03-07,Bannu,,\n2024-03-08,<b>![x](http://h/p.png)</b>,,\n2024-03-09,Peshawar,32.99,70.60\n"
)


def located(app: AppTest) -> str:
    return {metric.label: metric.value for metric in app.metric}["Located"]


def asked(app: AppTest, start: str):
    return next(found for found in app.selectbox if found.label.startswith(f"**{start}"))


def test_names_that_were_not_placed_or_only_read_by_spelling_are_asked_about() -> None:
    app = upload(PLACES)
    assert not app.exception
    assert "5 names, 2 recognised." in texts(app)
    assert asked(app, "Waziristan").label == "**Waziristan**, 2 rows"
    # Candidates come first, then every district, then the two other answers.
    options = asked(app, "Waziristan").options
    assert options[:3] == ["To decide: not located", "North Waziristan, suggested", "South Waziristan, suggested"]
    assert options[-2:] == ["Outside the province", "Leave unlocated"]
    assert len(options) == 1 + 35 + 2
    assert asked(app, "Peshwar").value == ""
    assert asked(app, "Peshwar").options[:2] == ["Peshawar, as read (93 of 100)", "Peshawar, confirmed"]


def test_a_decision_counts_at_once_and_is_stored_with_the_batch_and_for_the_next_file(store_path: Path) -> None:
    app = upload(PLACES)
    assert located(app) == "3"
    asked(app, "Waziristan").set_value("PK525").run()
    assert located(app) == "5"
    asked(app, "Peshwar").set_value("none").run()
    assert located(app) == "4"
    assert "2 decided now: saved, also for future files, when this file is accepted." in texts(app)
    button(app, "Accept all rows").click().run()
    assert not app.error
    app.file_uploader[0].upload("next.csv", b"date,district\n2025-01-04,WAZIRISTAN\n", "text/csv").run()
    assert located(app) == "1"
    assert "1 name placed by earlier decisions" in texts(app)
    button(app, "Withdraw").click().run()
    assert not app.error
    assert located(app) == "0"
    assert asked(app, "WAZIRISTAN").value == ""


def test_every_decision_about_a_name_is_listed_and_can_be_taken_back_without_a_file() -> None:
    app = upload(PLACES)
    asked(app, "Waziristan").set_value("PK525").run()
    asked(app, "Peshwar").set_value("none").run()
    button(app, "Accept all rows").click().run()
    assert "**Waziristan**: North Waziristan" in texts(app)
    assert "**Peshwar**: no district" in texts(app)
    button(app, "Withdraw").click().run()
    button(app, "Withdraw").click().run()
    assert not [found for found in app.button if found.label == "Withdraw"]
    app.file_uploader[0].upload("next.csv", b"date,district\n2025-01-04,Waziristan\n", "text/csv").run()
    assert located(app) == "0"


def test_an_earlier_decision_can_be_changed_and_what_is_not_accepted_is_not_kept(store_path: Path) -> None:
    from geo import place_decisions
    from geo.store import Store

    app = upload(PLACES)
    asked(app, "Waziristan").set_value("PK525").run()
    button(app, "Accept all rows").click().run()
    app.file_uploader[0].upload("next.csv", b"date,district\n2025-01-04,Waziristan\n", "text/csv").run()
    asked(app, "Waziristan").set_value("outside").run()
    assert located(app) == "0"
    store = Store.open(store_path)
    assert place_decisions.meanings(store, "template") == {"waziristan": "PK525"}
    button(app, "Accept all rows").click().run()
    assert place_decisions.meanings(store, "template") == {"waziristan": "outside"}


def test_decisions_about_one_file_are_not_used_for_the_next() -> None:
    app = upload(PLACES)
    asked(app, "Waziristan").set_value("PK525").run()
    app.file_uploader[0].upload("other.csv", b"date,district\n2025-01-04,Waziristan\n", "text/csv").run()
    assert located(app) == "0"


@pytest.mark.case(47)
def test_a_hostile_place_name_is_shown_as_text() -> None:
    app = upload(PLACES)
    labels = "".join(found.label for found in app.selectbox)
    assert "<b>" not in labels
    assert "![x](http" not in labels + texts(app)


@pytest.mark.case(39)
def test_rows_whose_name_and_coordinates_disagree_are_listed_with_their_distance() -> None:
    app = upload(PLACES)
    assert [found.label for found in app.expander if "disagree (1)" in found.label]
    frame = next(found.value for found in app.dataframe if "km apart" in found.value)
    assert frame[["Row", "Stated district", "Coordinates lie in"]].values.tolist() == [[7, "Peshawar", "Bannu"]]
    assert frame["km apart"].iloc[0] > 50


def test_a_file_whose_names_are_all_known_says_so_in_one_line_and_asks_nothing() -> None:
    app = upload(GOOD)
    assert "All 2 names were recognised." in texts(app)
    assert not [found for found in app.selectbox if found.label.startswith("**")]


def test_a_mapped_table_asks_about_the_names_that_its_mapping_left_open() -> None:
    table = b"Seen on,Distt,Remarks\n2024-03-04,Bannu,a\n2024-03-05,Dir,b\n"
    app = upload(table)
    button(app, "Read the file with this mapping").click().run()
    assert located(app) == "1"
    asked(app, "Dir").set_value("PK535").run()
    assert located(app) == "2"


def test_the_sum_of_people_killed_is_shown_with_the_rows_that_state_none() -> None:
    (metric,) = [one for one in upload(GOOD).metric if one.label == "People killed, summed"]
    assert (metric.value, metric.delta) == ("2", "1 incident states no figure")


def test_who_began_is_asked_once_and_the_answer_is_used() -> None:
    app = upload(GOOD)
    assert "Who began the incidents of this table?" in texts(app)
    choice(app, "Who began incidents that do not say it").set_value("state").run()
    assert "Who began the incidents of this table?" not in texts(app)
    assert "Your answer: The state" in texts(app).replace("\\", "")


def test_problems_are_counted_by_reason_above_their_table() -> None:
    app = upload(GOOD + b"2024-13-01,Bannu,1\n2024-13-02,Bannu,1\n2024-03-04,,1\n")
    assert "**date: 2 rows** (4, 5)" in texts(app)
    assert "**1 row** (6)" in texts(app)


@pytest.mark.case(63)
def test_what_was_accepted_is_not_kept_in_the_session() -> None:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    gc.collect()
    held = app.session_state._state.filtered_state
    assert "atlas_filters" in held
    assert [key for key, value in held.items() if holds_rows(value)] == []


def holds_rows(value: object) -> bool:
    """Whether a value is, or leads to, a table of rows; modules, classes and functions are not looked into."""
    seen, waiting = set(), [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pa.Table):
            return True
        if id(one) not in seen and isinstance(one, (tuple, list, dict, Checked)):
            seen.add(id(one))
            waiting += gc.get_referents(one)
    return False


def test_the_file_of_refused_rows_is_not_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_args: object) -> bytes:
        raise AssertionError("made without a click")

    monkeypatch.setattr(tables, "csv_bytes", made)
    app = upload(GOOD + b"2024-13-01,Bannu,1\n")
    app.run()
    assert not app.exception
    assert not app.error
    assert "Download the refused rows" in [part.label for part in app.get("download_button")]


def test_a_plain_table_is_read_at_once_and_can_be_matched_by_hand() -> None:
    app = upload(GOOD.replace(b"killed_total", b"killed"))
    assert "Plain table" in texts(app)
    assert {"Acceptable": "2", "People killed, summed": "2"}.items() <= {m.label: m.value for m in app.metric}.items()
    button(app, "Match the columns myself").click().run()
    assert "Say which column holds what" in texts(app)
    assert "With these columns" in texts(app)
    button(app, "Read the file with this mapping").click().run()
    assert r"Own table\, mapped" in texts(app)


def test_the_check_warns_when_nothing_is_located_or_no_toll_is_read() -> None:
    app = upload(b"date,place\n2024-03-04,Nowhere at all\n")
    warnings = " ".join(found.value for found in (*app.warning, *app.info))
    assert "No row was located" in warnings
    assert "No death toll was read" in warnings
    assert "0 of 1 row states a target" in warnings


def test_the_check_says_who_initiated_and_from_when_to_when() -> None:
    app = upload(b"date,district,initiator,killed\n2024-03-04,Bannu,state,2\n2024-04-05,Tank,militant,\n")
    assert "From 4 March 2024 to 5 April 2024." in texts(app)
    assert "State forces: 1" in texts(app)


def test_a_refused_row_is_corrected_in_place_and_checked_again() -> None:
    app = upload(GOOD + b"2024-13-01,Bannu,1\n")
    [editor] = [frame for frame in app.dataframe if "refused_because" in frame.value]
    assert editor.value["date"].tolist() == ["2024-13-01"]
    app.session_state["upload_corrections"] = (file_id(app), {(4, "date"): "2024-12-01"})
    app.run()
    assert {"Acceptable": "3", "Refused": "0"}.items() <= {m.label: m.value for m in app.metric}.items()
    assert "1 cell was corrected" in texts(app)
    button(app, "Undo the corrections").click().run()
    assert {"Acceptable": "2", "Refused": "1"}.items() <= {m.label: m.value for m in app.metric}.items()


def test_after_accepting_links_lead_to_the_map_of_this_batch() -> None:
    app = upload(GOOD)
    button(app, "Accept all rows").click().run()
    [link, *_] = app.get("page_link")
    assert "data=3" in link.proto.query_string
    assert "from=all" in link.proto.query_string


def test_the_undo_of_the_embedded_data_asks_first() -> None:
    app = run("upload")
    assert "come with the atlas" in texts(app)
    assert button(app, "Undo these data")


def file_id(app: AppTest) -> str:
    held = app.session_state["upload_checked"]
    return held[0][0]


def test_sentences_are_stored_only_with_a_place_that_a_person_confirmed() -> None:
    app = upload(
        b"Date,Incident\n2024-01-05,A blast in the Mir Ali area of North Waziristan\n2024-01-06,Firing in Tank\n"
    )
    proposed = [found for found in app.text_input if found.label == "Place, district"]
    assert [found.value for found in proposed] == ["Mir Ali, North Waziristan", "Tank"]
    ticks = [found for found in app.checkbox if found.label == "This is right"]
    assert [found.value for found in ticks] == [False, False]
    [warning] = [found.value for found in app.warning if "stored" in found.value]
    assert "confirm the places above" in warning
    ticks[1].check().run()
    button(app, "Use the 1 confirmed place").click().run()
    assert {"Acceptable": "1", "Located": "1", "Refused": "1"}.items() <= {m.label: m.value for m in app.metric}.items()
    assert button(app, "Accept the 1 valid row")


def test_a_word_that_no_list_has_gets_a_meaning_that_counts_at_once_and_can_be_undone() -> None:
    app = upload(b"date,district,type,killed\n2024-03-04,Bannu,zapping,2\n2024-03-05,Tank,IED blast,1\n")
    tables_of_words = {frame.value["word"].iloc[0]: frame.value for frame in app.dataframe if "word" in frame.value}
    assert tables_of_words["zapping"]["chosen"].tolist() == ["as written, counted as other", "Roadside or planted bomb"]
    app.session_state["upload_word_meanings"] = (file_id(app), {"attack_type": {"zapping": "ambush"}})
    app.run()
    held = app.session_state["upload_checked"][1]
    assert held.rows["attack_type"].to_pylist() == ["ambush", "ied"]
    assert "1 word has the meaning you chose." in texts(app)
    button(app, "Undo these choices").click().run()
    assert app.session_state["upload_checked"][1].rows["attack_type"].to_pylist() == ["threat_other", "ied"]


def two_sheets() -> bytes:
    book = openpyxl.Workbook()
    for sheet, district in ((book.active, "Bannu"), (book.create_sheet("Incidents"), "Swat")):
        sheet.append(["date", "district", "killed"])
        sheet.append(["2024-04-01", district, 1])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_the_sheets_of_a_workbook_are_buttons_and_the_next_one_is_stored_too() -> None:
    content = two_sheets()  # each saving has its own time
    for name, batch in (("Sheet", 3), ("Incidents", 4)):
        app = upload(content, "mine.xlsx")
        button(app, name).click().run()
        button(app, "Accept all rows").click().run()
        assert f"Stored as batch {batch:d}" in texts(app)
    app = upload(content, "mine.xlsx")
    button(app, "Incidents").click().run()
    assert "stored already as batch 4" in texts(app)
    button(app, "Sheet").click().run()
    assert "stored already as batch 3" in texts(app)


def open_sheets(*tables: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables:
        sheet = book.create_sheet(name)
        for row in (["Date", "District", "Killed"], *rows):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


OPEN_SHEETS = open_sheets(
    ("2023", [["03/04/2023", "Bannu", 2], ["05/06/2023", "Tank", 1]]),
    ("2024", [["03/04/2024", "Bannu", 2], ["05/06/2024", "Tank", 1], ["", "Karak", 1]]),
)


def test_all_that_is_open_is_asked_in_one_form_and_answered_by_one_button() -> None:
    app = upload(OPEN_SHEETS, "mine.xlsx")
    asked = [radio.label for radio in app.radio]
    assert asked[:3] == [
        "Which sheet should be read?",
        "Which comes first in dates such as 03/04/2024?",
        "A date or district is blank below a row with one. Is it that of the row above?",
    ]
    assert [radio.value for radio in app.radio[:3]] == ["2024", "DMY", "above"]
    app.radio[1].set_value("MDY").run()
    button(app, "Read the file with these answers").click().run()
    assert not app.exception
    told = texts(app).replace("\\", "")
    assert all(f"Your answer: {one}" in told for one in ("Sheet: 2024", "Month first", "The same as above"))
    assert {metric.label: metric.value for metric in app.metric}["Acceptable"] == "3"


def test_a_form_names_the_question_that_has_no_answer_yet() -> None:
    app = upload(b"date,district,killed_total\n4 March,Bannu,2\n,,1\n03/04,Tank,1\n,,2\n")
    year = app.number_input[0]
    assert year.value is None
    assert button(app, "Read the file with these answers").disabled
    assert f"Not answered yet: {year.label}" in texts(app).replace("\\", "")
    year.set_value(2024).run()
    assert not app.exception
    assert not button(app, "Read the file with these answers").disabled


def test_another_sheet_is_asked_its_own_questions() -> None:
    app = upload(OPEN_SHEETS, "mine.xlsx")
    app.radio[0].set_value("2023").run()
    assert not app.exception
    assert not any("blank below" in radio.label for radio in app.radio)
    assert any("is 3 April" in shown.value and "2023" in shown.value for shown in app.caption)
    assert (app.radio[0].label, app.radio[0].value) == ("Which sheet should be read?", "2023")
    button(app, "Read the file with these answers").click().run()
    assert {metric.label: metric.value for metric in app.metric}["Acceptable"] == "2"


def test_columns_are_matched_after_the_sheet_is_chosen() -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Second")):
        sheet.append(["Zeit", "Ort", "Zahl"])
        sheet.append(["2024-03-04", "Bannu", 1])
    content = io.BytesIO()
    book.save(content)
    app = upload(content.getvalue(), "mine.xlsx")
    button(app, "Second").click().run()
    assert not app.exception
    assert "nothing is stored before you accept" in texts(app)


def test_a_total_is_not_offered_as_an_incident_to_be_corrected() -> None:
    app = upload(b"date,district,killed\n2024-03-04,Bannu,2\n2024-13-01,Tank,1\nTotal,,3\n")
    [frame] = [found.value for found in app.dataframe if "refused_because" in found.value]
    assert frame["refused_row"].tolist() == ["3"]
    assert "1 refused row sums up others" in texts(app)


def test_where_only_totals_are_refused_nothing_is_offered_to_be_corrected() -> None:
    app = upload(b"date,district,killed\n2024-03-04,Bannu,2\nTotal,,3\n")
    assert [found for found in app.dataframe if "refused_because" in found.value] == []
    assert "1 refused row sums up others" in texts(app)
    assert button(app, "Accept the 1 valid row")


def test_a_column_that_the_table_of_corrections_keeps_for_itself_is_shown_all_the_same() -> None:
    app = upload(b"date,district,killed,_index\n2024-03-04,Bannu,2,1\n2024-13-01,Tank,1,2\n")
    [editor] = [frame for frame in app.dataframe if "refused_because" in frame.value]
    assert editor.value[" _index"].tolist() == ["2"]
    app.session_state["upload_corrections"] = (file_id(app), {(3, "_index"): "9"})
    assert not app.run().exception
    assert "1 cell was corrected" in texts(app)
