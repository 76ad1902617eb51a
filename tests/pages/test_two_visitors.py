"""Visitors at the same time: each has their own file, filter and answer; what is accepted reaches all."""

from __future__ import annotations

import pytest

from tests.pages.test_pages import _own_store, run, texts  # noqa: F401  (the fixture is used by name)
from tests.pages.test_upload import button, upload
from tests.register_file import shown

pytestmark = pytest.mark.slow
FIRST = b"date,district,killed_total\n2024-03-04,Bannu,2\n2024-03-05,Tank,\n"
SECOND = b"date,district,killed_total\n2024-04-06,Swat,1\n2024-04-07,Swat,\n2024-04-08,Swat,\n"


@pytest.mark.case(62)
def test_two_files_of_one_name_stay_with_their_visitors_until_they_are_accepted() -> None:
    first, second, third = upload(FIRST, "same.csv"), upload(SECOND, "same.csv"), run("trends")
    for _ in range(2):
        found = [next(one.value for one in app.metric if one.label == "Rows in the file") for app in (first, second)]
        assert found == ["2", "3"]
        first.run()
        second.run()
    assert shown() in texts(third.run())
    button(second, "Accept all rows").click().run()
    assert "Stored as batch 3" in texts(second)
    assert next(one.value for one in first.run().metric if one.label == "Rows in the file") == "2"
    assert shown(more=3) in texts(third.run())
    button(first, "Accept all rows").click().run()
    assert "Stored as batch 4" in texts(first)
    assert shown(more=5) in texts(third.run())


@pytest.mark.case(64)
def test_visitors_who_take_turns_keep_their_own_filters_and_answers() -> None:
    chosen = ("PK503", "PK528", "PK533")
    visitors = {pcode: run("overview", district=pcode) for pcode in chosen}
    alone = {pcode: texts(app) for pcode, app in visitors.items()}
    assert len(set(alone.values())) == len(chosen)
    for pcode, app in visitors.items():
        app.sidebar.toggle(key="filter_fatal").set_value(True).run()
        assert app.sidebar.multiselect(key="filter_districts").value == [pcode]
    for pcode, app in visitors.items():
        app.sidebar.toggle(key="filter_fatal").set_value(False).run()
        assert texts(app) == alone[pcode]
