"""Words of a stored batch on the upload page: another meaning counts at once on every page, and can be withdrawn."""

from __future__ import annotations

import pytest

from geo import word_decisions
from geo.views import cached
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401  (the fixture is used by name)
from tests.pages.test_upload import button, choice, upload

pytestmark = pytest.mark.slow

TABLE = b"date,district,Type of event\n2024-03-04,Bannu,Frobbing\n2024-03-05,Tank,frobbing\n2024-03-06,Tank,IED\n"
SECOND = b"date,district,Type of event\n2025-03-04,Bannu,FROBBING\n"


def toggle(app, start: str):
    return next(found for found in app.toggle if found.label.startswith(start))


def stored(*tables: bytes):
    for number, table in enumerate(tables):
        app = upload(table, f"mine {number}.csv")
        button(app, "Accept").click().run()
        assert not app.error
    return toggle(app, "Change what words").set_value(True).run()


def toggles(app) -> list[str]:
    return [found.label for found in app.toggle if found.label.startswith("Change what words")]


def attack_types(number: int) -> list[str]:
    table = cached.incidents()
    is_ours = table.batch == table.batches.index(str(number))
    return [table.words("attack_type")[code] for code in table.attack_type[is_ours].tolist()]


def test_another_meaning_counts_at_once_and_is_withdrawn_by_a_button() -> None:
    app = stored(TABLE)
    assert attack_types(3) == ["threat_other", "threat_other", "ied"]
    choice(app, "**Frobbing**, 2 rows").select("abduction").run()
    assert not app.exception
    assert attack_types(3) == ["abduction", "abduction", "ied"]
    assert choice(app, "**Frobbing**, 2 rows").value == "abduction"
    assert "**Frobbing**: Abduction" in texts(app)
    button(app, "Withdraw").click().run()
    assert not app.exception
    assert attack_types(3) == ["threat_other", "threat_other", "ied"]
    assert choice(app, "**Frobbing**, 2 rows").value == "threat_other"


def test_words_that_no_list_has_come_first() -> None:
    app = stored(TABLE + b"2024-03-07,Tank,IED\n2024-03-08,Tank,IED\n")
    labels = [found.label for found in app.selectbox if "rows" in found.label]
    assert labels == ["**Frobbing**, 2 rows", "**IED**, 3 rows"]


def test_the_other_stored_files_follow_only_when_that_is_asked_for() -> None:
    app = stored(TABLE, SECOND)
    choice(app, "**FROBBING**, 1 row").select("abduction").run()
    assert attack_types(3)[0] == "threat_other"
    next(found for found in app.checkbox if "other stored files" in found.label).check().run()
    choice(app, "**FROBBING**, 1 row").select("ambush").run()
    assert not app.exception
    assert (attack_types(3)[0], attack_types(4)) == ("ambush", ["ambush"])
    assert len(word_decisions.everything(cached.store())) == 2


def test_a_hostile_word_is_shown_as_text() -> None:
    app = stored(b"date,district,Type of event\n2024-03-04,Bannu,![x](http://h/p.png)<b>\n")
    assert "![x](http" not in texts(app) + "".join(found.label for found in app.selectbox)


def test_words_of_the_register_and_of_a_public_deployment_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not toggles(run("upload"))
    assert toggles(stored(TABLE))
    monkeypatch.setenv("ATLAS_MODE", "public")
    assert not toggles(run("upload"))
