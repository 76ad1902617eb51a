"""The language of a visitor: taken from the address, kept in the session, and used for every sentence of every page."""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo import VERSION, districts, embedded, wording
from geo.schema import SOURCES
from geo.settings import DATA_DIR
from geo.views import cached, documents, page_style
from tests.pages.test_duplicates import two_sources
from tests.pages.test_pages import PAGES, _own_store, run, texts
from tests.pages.test_upload import GOOD, button

__all__ = ["_own_store", "two_sources"]
pytestmark = pytest.mark.slow

WORD = re.compile(r"(?<!\w)[A-Za-zÀ-ÿ]{3,}(?!\w)")
# The pseudo-language writes an accent on each of these letters.
PLAIN = re.compile(r"[aceinosuy]", re.IGNORECASE)
# Texts of the project itself, which are translated as documents; see docs/.
LONGEST_SENTENCE = 1_500
# Marks of direction, and the space before a sign of per cent, which a page in Urdu leaves out.
MARKS = re.compile(r"[\u200e\u200f\u2068\u2069]|(?<=\d) (?=%)")
STATED = ("speaker", "words", "publisher", "note")


def data_words() -> set[str]:
    """Return the words that come from data and stay as they are: names of districts, groups and files."""
    known = districts.load()
    names = [*known.names.values(), *known.divisions, *districts.group_names().values(), *SOURCES]
    names += [district.headquarters for district in known.attributes.values()]
    names += [
        "KP register of public reports.csv",
        "mine.csv toy.csv gtd ucdp table template date UTF UTC",
        "Sept",
        "CSV",
        "XLSX",
        "JSON",
        "agency",
        embedded.UCDP.label,
        *calendar.month_abbr,
        *calendar.month_name,
    ]
    with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as file:
        names += [row["place"] for row in csv.DictReader(file)]
    # Summaries, speakers, publishers and caveats are data.
    for name in ("access_signals.csv", "police_toll.csv", "published_totals.csv"):
        with (DATA_DIR / name).open(encoding="utf-8", newline="") as file:
            names += [cell for row in csv.DictReader(file) for key, cell in row.items() if key in STATED]
    return set(WORD.findall(" ".join([*names, "Secret place", "http png", "KPR"])))


def shown(app: AppTest) -> Iterator[str]:
    """Yield the texts and labels of a run."""
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success"):
        yield from (str(part.value) for part in app.get(kind))
    for kind in (
        *("button", "checkbox", "toggle", "selectbox", "multiselect", "slider", "select_slider", "number_input"),
        *("text_input", "date_input", "metric", "expander", "tab", "download_button", "segmented_control"),
    ):
        yield from (str(part.label) for part in app.get(kind) if hasattr(part, "label"))


def unmarked(text: str) -> list[str]:
    """Return the words of a text that did not pass geo.wording, inside a marked sentence too."""
    # Addresses of links and colours of words are no text.
    text = re.sub(r"\]\([^)]*\)|\{[^{}]*\}|:color(?=\[)", " ", text)
    return [word for word in WORD.findall(text) if PLAIN.search(word)]


def test_a_word_that_did_not_pass_the_door_is_found_inside_a_sentence_too() -> None:
    assert unmarked("⟦Réád áš: its own format··⟧ rows") == ["its", "own", "format", "rows"]
    assert unmarked("⟦Réád áš: [ópéñ··](http://a/page)⟧") == []


@pytest.mark.usefixtures("two_sources")
@pytest.mark.parametrize("page", PAGES)
def test_every_sentence_of_every_page_is_marked_in_the_pseudo_language(page: str) -> None:
    app = run(page, lang=wording.PSEUDO_LANGUAGE)
    assert not app.exception
    assert not app.error
    known = data_words()
    found = {word for text in shown(app) if len(text) < LONGEST_SENTENCE for word in unmarked(text)}
    assert sorted(found - known) == []


@pytest.mark.usefixtures("two_sources")
@pytest.mark.parametrize("page", PAGES)
def test_urdu_has_its_own_commas_and_stops(page: str) -> None:
    app = run(page, lang="ur")
    assert not app.exception
    said = [text for text in shown(app) if len(text) < LONGEST_SENTENCE]
    found = [part for text in said for part in re.findall("[^\n]{0,40}[\u0600-\u06ff*»)]+[;,.](?= |$)", text)]
    assert [part for part in found if re.search("[\u0600-\u06ff]", part[-12:])] == []


def test_a_checked_file_is_described_in_the_language_of_the_visitor() -> None:
    app = run("upload", lang=wording.PSEUDO_LANGUAGE)
    app.file_uploader[0].upload("mine.csv", GOOD + b"2024-03-09,Waziristan,1\n2024-13-09,Tank,1\n", "text/csv").run()
    assert not app.exception
    known = data_words()
    assert sorted({word for text in shown(app) for word in unmarked(text)} - known) == []


def test_the_language_stays_through_clicks_and_changes_of_page() -> None:
    app = run(lang=wording.PSEUDO_LANGUAGE)
    app.sidebar.toggle(key="filter_fatal").set_value(True).run()
    assert app.query_params["lang"] == wording.PSEUDO_LANGUAGE
    app.switch_page("pages/trends.py").run()
    assert app.title[0].value.startswith("⟦")
    button(app.sidebar, "⟦Réšét").click().run()
    assert app.title[0].value.startswith("⟦")
    assert app.query_params["lang"] == wording.PSEUDO_LANGUAGE


def test_a_page_in_urdu_lets_each_paragraph_run_in_its_own_direction() -> None:
    directions = page_style._sheet("directions.css")
    assert any(directions in element.proto.body for element in run(lang="ur").get("html"))
    assert not any(directions in element.proto.body for element in run().get("html"))


TRANSLATED = documents.METHOD_TEXT, documents.SOURCES_TEXT


@pytest.mark.parametrize("language", ["ur", "ps"])
def test_whole_texts_are_drawn_in_urdu_and_the_english_below_them(language: str) -> None:
    with wording.in_language(language):
        said = wording._("The English text, which counts where the two differ")
    page = run("data_and_method", lang=language)
    assert not page.exception
    below = [part for part in page.expander if part.label == said]
    assert len(below) == 2
    shown = MARKS.sub("", texts(page))
    for text in TRANSLATED:
        ours, english = (_sentences(path) for path in (documents.translation(text, "ur"), text))
        assert [one for one in ours if one not in shown] == []
        drawn = MARKS.sub("", "".join(str(part.value) for box in below for part in box.markdown))
        assert [one for one in english if one not in drawn] == []


def _sentences(path: Path) -> list[str]:
    """Return the lines of a text without its title and without what its page writes otherwise."""
    return [MARKS.sub("", line) for line in path.read_text("utf-8").splitlines()[1:] if line]


def test_a_text_that_exists_in_english_only_says_so_in_other_languages() -> None:
    said = "The English text, which counts where the two differ"
    assert said not in [part.label for part in run("data_and_method").expander]
    with wording.in_language(wording.PSEUDO_LANGUAGE):
        said = wording._("This text exists in English only.")
    assert [part.value for part in run("data_and_method", lang=wording.PSEUDO_LANGUAGE).caption].count(said) == 2


def test_a_page_says_that_no_native_reader_has_reviewed_its_language() -> None:
    with wording.in_language("ur"):
        said = wording._(
            "No native reader has reviewed this translation yet. Where it differs, the English counts: lang=en in "
            "the address shows it."
        )
    assert said.startswith("اس ترجمے")
    assert said in texts(run(lang="ur"))
    assert "native reader" not in texts(run())


def test_the_address_can_change_the_language_back_and_the_filter_stays() -> None:
    app = run(lang=wording.PSEUDO_LANGUAGE, target="police")
    app.query_params["lang"] = wording.SOURCE_LANGUAGE
    app.run()
    assert app.title[0].value == "Recorded militant incidents in Khyber Pakhtunkhwa"
    assert app.sidebar.multiselect(key="filter_targets").value == ["police"]


@pytest.mark.case(64)
@pytest.mark.usefixtures("two_sources")
def test_two_visitors_read_the_same_cached_answer_in_their_own_language() -> None:
    marked, plain = run("duplicates", lang=wording.PSEUDO_LANGUAGE), run("duplicates")
    assert "⟦šámé dáý" in texts(marked)
    assert "same day" in texts(plain)
    assert "⟦" not in texts(plain)


def test_a_language_that_is_not_there_is_named_and_not_used() -> None:
    app = run(lang="../../x")
    assert "were ignored: lang" in texts(app)
    assert app.title[0].value == "Recorded militant incidents in Khyber Pakhtunkhwa"


def test_outside_a_visit_the_language_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run(lang=wording.PSEUDO_LANGUAGE)
    assert wording.language() == wording.SOURCE_LANGUAGE
    monkeypatch.setenv("ATLAS_LANGUAGE", wording.PSEUDO_LANGUAGE)
    assert wording.language() == wording.PSEUDO_LANGUAGE
    with wording.in_language(wording.SOURCE_LANGUAGE):
        assert wording.language() == wording.SOURCE_LANGUAGE


def test_a_wrong_word_is_reported_with_a_text_that_names_page_and_version() -> None:
    app = run("districts", lang="ur")
    with wording.in_language("ur"):
        first = wording._("Wrong word in KP Incident Atlas")
    (report,) = [part.value for part in app.code if part.value.startswith(first)]
    assert "districts" in report
    assert VERSION in report
    assert cached.data_version().code in report
    assert len(report.split("\n")) == 7
    assert not [part for part in run("districts").expander if part.label == "Report a wrong word"]
