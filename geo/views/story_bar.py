"""A story while it is shown: the sentence of its view, which one it is, and the way to the others, above the page."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from geo.export import kept_stories
from geo.export.story import Story
from geo.text import markdown_sentence, markdown_text
from geo.views import address, cached, components, messages, shell
from geo.wording import _

PAGE = "stories"
# A button that opens a view on another page makes Streamlit tell the browser the options of the view before its page:
# two steps of the history for one press. The second takes the place of the first.
_one_step = components.small("one_step")


def show(story: Story, at: int) -> None:
    """Let the next run show a view of a story, counted from 1; for use in a widget's callback."""
    settings = story.views[at - 1].settings
    address.ask(settings.page, _query(story, at))


def _query(story: Story, at: int) -> dict[str, str]:
    return address.query_of(story.views[at - 1].settings) | {address.STORY: story.name, address.AT: str(at)}


def take_one_step(story: Story, page: str) -> None:
    """Let a button that shows a view of a story on another page than this be one step of the browser's history."""
    others = [at for at, view in enumerate(story.views, 1) if view.settings.page != page]
    turns = [f"?{urlencode(_query(story, at) | address.spoken())}" for at in others]
    _one_step(key="story_one_step", data={"turns": turns})


def draw(page: str) -> None:
    """Draw the bar above a page while a story is shown."""
    name, at = address.text(address.STORY), address.text(address.AT)
    story = kept_stories.find(cached.store(), name) if name else None
    is_known = story is not None and at.isascii() and at.isdecimal() and 1 <= int(at) <= len(story.views)
    address.check(address.STORY, story is not None)
    address.check(address.AT, is_known)
    if story is not None and is_known and page != PAGE:
        _draw(story, int(at), page or shell.FRONT)


def _draw(story: Story, at: int, page: str) -> None:
    view, n = story.views[at - 1], len(story.views)
    with st.container(key="story_bar", border=True):
        take_one_step(story, page)
        st.markdown(markdown_sentence(view.sentence))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _step(_("Previous"), "p", story, at - 1)
            _step(_("Next"), "n", story, at + 1)
            place = _("{name}: {at} of {n}", name=markdown_text(story.name), at=at, n=n)
            st.markdown(place, width="content")
            if page != view.settings.page or not address.is_at(view.settings):
                st.button(_("Back to the view of the story"), "story_again", on_click=_go, args=(story, at))
                st.caption(_("The page shows something else now."), width="content")
            st.button(_("End the story"), "story_end", type="tertiary", on_click=_end)


def _step(label: str, key: str, story: Story, to: int) -> None:
    is_off = not 1 <= to <= len(story.views)
    st.button(label, f"story_{key}", shortcut=key, disabled=is_off, on_click=_go, args=(story, to))


@messages.guarded
def _go(story: Story, at: int) -> None:
    show(story, at)


@messages.guarded
def _end() -> None:
    for key in (address.STORY, address.AT):
        address.keep(key, "")
