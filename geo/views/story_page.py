"""The page Stories: the list, one story with its views, its pictures for paper, its file, and its earlier versions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from geo.export import kept_stories
from geo.export.filter_words import filters_in_words
from geo.export.kept_stories import KeptStory
from geo.export.story import LONGEST_SENTENCE, MOST_BYTES, Story, StoryView, from_toml, to_toml, usable_sentence
from geo.export.view_settings import settings_hash
from geo.export.view_settings import to_toml as settings_toml
from geo.figure import figure
from geo.intake import dataset_labels
from geo.policy import Action
from geo.problems import AtlasError, ProblemCode, rejected
from geo.store import STORY
from geo.text import markdown_sentence, markdown_text
from geo.views import cached, cached_index, figures, messages, shell, story_bar, visitor
from geo.views.sheets.choose import figures_of, sheet_of
from geo.views.sheets.shown import FigureView
from geo.views.state import View
from geo.wording import _, _n, digits, format_date, language, text

_CHOSEN, _FILE, _ON_PAPER = "story_chosen", "story_file", "story_on_paper"


def draw() -> None:
    """Draw the list of stories and the chosen one; whoever may decide may change them."""
    store, may_change = cached.store(), visitor.may(Action.DECIDE)
    for name in kept_stories.unreadable(store):
        st.warning(
            _("This version of the program cannot read the story {name}. It stays on record.", name=markdown_text(name))
        )
    stories = {story.name: story for story in kept_stories.everything(store)}
    if stories:
        _story(stories[st.selectbox(_("Story"), list(stories), key=_CHOSEN)], may_change=may_change)
    else:
        st.info(_("No story is kept yet. “Use this” below a map or chart adds its view to one."))
    if may_change:
        _take_in()
        _earlier()


def _story(story: Story, *, may_change: bool) -> None:
    story_bar.take_one_step(story, story_bar.PAGE)
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Show from the beginning"), type="primary", on_click=messages.guarded(partial(story_bar.show, story, 1))
        )
        name = f"kp-atlas-story-{settings_hash(story.views[0].settings)}.toml"
        st.download_button(_("Download the story (TOML)"), to_toml(story), name, "application/toml", on_click="ignore")
        if may_change:
            st.button(_("Remove the story"), on_click=_remove, args=(story.name,))
    on_paper = st.toggle(_("With pictures, for paper"), key=_ON_PAPER)
    for n, view in enumerate(story.views, start=1):
        with st.container(border=True):
            st.markdown(f"**{n}.** {markdown_sentence(view.sentence)}")
            st.caption(markdown_sentence(_said(view)))
            if on_paper:
                _picture(view)
            with st.container(horizontal=True, gap="small"):
                st.button(_("Show"), f"story_show_{n}", on_click=messages.guarded(partial(story_bar.show, story, n)))
                if may_change:
                    _edit(story, n)


def _said(view: StoryView) -> str:
    """Return page, period and filters of a view in words."""
    titles: dict[str, str] = {name: title for section in shell.SECTIONS.values() for name, title in section.items()}
    settings = view.settings
    found = _view(view)
    said = filters_in_words(settings.filters, found.districts.names, dataset_labels(cached.store(), found.table))
    parts = [_(titles[settings.page]), found.period_label, *said]
    if settings.data_version and settings.data_version != (now := cached.data_version().code):
        parts.append(
            _("made with data version {linked}, the data shown are {now}", linked=settings.data_version, now=now)
        )
    return _("; ").join(parts)


def _picture(view: StoryView) -> None:
    """Draw the figure of a view, if its page has one."""
    settings = view.settings
    if not figures_of(settings.page):
        st.caption(_("This page has no picture for paper."))
        return
    found = _view(view)
    drawn = FigureView(
        found,
        replace(settings, theme="light"),
        cached.data_version(),
        figures.lookups(settings.filters),
        dataset_labels(cached.store(), found.table),
    )
    key = settings_toml(drawn.settings), language(), digits(), cached_index.added()
    try:
        svg, alt = cached.picture.at(cached.content(), key, partial(_drawn, drawn))
    except AtlasError as error:
        st.info(markdown_sentence(str(error.problems[0].message)))
        return
    st.image(svg, width="stretch", alt=alt)


def _drawn(view: FigureView) -> tuple[str, str]:
    sheet = sheet_of(view)
    return figure.draw(sheet, "svg").decode(), sheet.alt


def _view(view: StoryView) -> View:
    filters = view.settings.filters
    return View.of(cached.incidents(filters.sources), cached.districts(), filters)


# --- changes ----------------------------------------------------------------------------------------------


def _edit(story: Story, n: int) -> None:
    """Offer another sentence, another place in the order, and to leave the view out."""
    views = story.views
    with st.popover(_("Change")):
        key = f"story_sentence_{n}"
        st.text_area(_("Sentence"), views[n - 1].sentence, key=key, max_chars=LONGEST_SENTENCE)
        st.button(_("Keep the sentence"), f"story_keep_{n}", on_click=_say, args=(story, n, key))
        for label, name, order in (
            (_("Earlier in the story"), "up", _moved(views, n - 1, n - 2)),
            (_("Later in the story"), "down", _moved(views, n - 1, n)),
            (_("Leave out of the story"), "out", (*views[: n - 1], *views[n:])),
        ):
            is_off = order == views or not order
            st.button(label, f"story_{name}_{n}", disabled=is_off, on_click=_keep, args=(story, order))


def _moved(views: tuple[StoryView, ...], place: int, to: int) -> tuple[StoryView, ...]:
    """Return the views with two of them changed round; unchanged for a place outside."""
    if not 0 <= to < len(views):
        return views
    order = list(views)
    order[place], order[to] = order[to], order[place]
    return tuple(order)


@messages.guarded
def _say(story: Story, n: int, key: str) -> str:
    sentence = usable_sentence(str(st.session_state[key]))
    if not sentence:
        raise rejected(
            ProblemCode.SETTING, text("A view has a sentence of 1 to {n} characters on one line.", n=LONGEST_SENTENCE)
        )
    views = list(story.views)
    views[n - 1] = replace(views[n - 1], sentence=sentence)
    return _changed(story, tuple(views))


@messages.guarded
def _keep(story: Story, views: tuple[StoryView, ...]) -> str:
    return _changed(story, views)


def _changed(story: Story, views: tuple[StoryView, ...]) -> str:
    store, actor = visitor.deciding(cached.store())
    kept_stories.keep(store, replace(story, views=views), actor=actor, instead_of=story)
    return _("The story is kept. Its earlier version can be brought back.")


@messages.guarded
def _remove(name: str) -> str:
    store, actor = visitor.deciding(cached.store())
    kept_stories.remove(store, name, actor=actor)
    return _("The story is out of the list. Its earlier versions can be brought back.")


def _take_in() -> None:
    st.file_uploader(_("Take in a story (TOML)"), type=["toml"], key=_FILE, on_change=_read, max_upload_size=1)


@messages.guarded
def _read() -> str | None:
    store, actor = visitor.deciding(cached.store())
    file = st.session_state[_FILE]
    if file is None:
        return None
    content = file.getvalue()[: MOST_BYTES + 1].decode("utf-8", errors="replace")
    story = from_toml(content, file.name)
    is_new = kept_stories.keep(store, story, actor=actor)
    st.session_state[_CHOSEN] = story.name
    return (
        _("The story {name} is taken in.", name=story.name)
        if is_new
        else _("The story {name} is in the list already.", name=story.name)
    )


def _earlier() -> None:
    """List versions that are not in force, to bring one back; they are read when the list is opened."""
    store = cached.store()
    n_old = sum(one.is_undone for one in store.decisions(STORY, include_undone=True))
    if not n_old:
        return
    title = _n("{n} earlier version", "{n} earlier versions", n_old)
    with st.expander(title, key="story_earlier", on_change="rerun") as expander:
        if expander.open:
            for kept in reversed(kept_stories.recorded(store)):
                if not kept.is_shown:
                    _earlier_version(kept)


def _earlier_version(kept: KeptStory) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name, day = markdown_text(kept.name), format_date(kept.made_at)
        if kept.story is None:
            st.markdown(_("{name}, {day}: this version of the program cannot read it", name=name, day=day))
            return
        n = len(kept.story.views)
        st.markdown(_n("{name}, {n} view, {day}", "{name}, {n} views, {day}", n, name=name, day=day), width="content")
        st.button(_("Bring back"), f"story_back_{kept.decision_id}", on_click=_bring_back, args=(kept.decision_id,))


@messages.guarded
def _bring_back(decision_id: int) -> str:
    store, actor = visitor.deciding(cached.store())
    story = kept_stories.bring_back(store, decision_id, actor=actor)
    st.session_state[_CHOSEN] = story.name
    return _("The story is kept. Its earlier version can be brought back.")
