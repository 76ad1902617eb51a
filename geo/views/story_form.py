"""The part of the panel "Use this" that adds the view of the page to a story."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.export import kept_stories
from geo.export.story import LONGEST_NAME, LONGEST_SENTENCE, StoryView, usable_sentence
from geo.export.view import ExportedView
from geo.policy import Action
from geo.problems import ProblemCode, rejected
from geo.text import markdown_text, printable
from geo.views import cached, map_position, messages, visitor
from geo.wording import _, format_list, text

_NAME, _SENTENCE = "story_name", "story_sentence"
_MOST_NAMED = 10


def draw(view: ExportedView) -> None:
    """Offer to add a view to a story, to whoever may decide."""
    if not visitor.may(Action.DECIDE):
        return
    names = [story.name for story in kept_stories.everything(cached.store())]
    st.markdown(_("**Story**"))
    said = _("A story is a list of views with a sentence each, shown one after another on the page Stories.")
    if names:
        said = f"{said} {_('Stories so far: {names}.', names=markdown_text(format_list(names[:_MOST_NAMED])))}"
    st.caption(said)
    # A form: both texts arrive with the click, however fast it follows them.
    with st.form("story_form", border=False):
        left, middle, right = st.columns([2, 5, 2], vertical_alignment="bottom")
        left.text_input(_("Name of the story"), key=_NAME, max_chars=LONGEST_NAME)
        middle.text_input(_("What this view shows, in a sentence"), key=_SENTENCE, max_chars=LONGEST_SENTENCE)
        is_added = right.form_submit_button(
            _("Add this view"), key="story_add", on_click=_add, args=(view,), width="stretch"
        )
    if is_added:
        st.rerun()  # what was done is said at the head of the page, outside the fragment of the panel


@messages.guarded
def _add(view: ExportedView) -> str:
    state, (store, actor) = st.session_state, visitor.deciding(cached.store())
    name = printable(str(state.get(_NAME) or "")).strip()[:LONGEST_NAME]
    sentence = usable_sentence(str(state.get(_SENTENCE) or ""))
    if not name or not sentence:
        raise rejected(ProblemCode.SETTING, text("A view of a story needs the name of the story and a sentence."))
    settings = replace(view.settings, address="", map_position=map_position.last(view.settings.page))
    story = kept_stories.add_view(store, name, StoryView(sentence, settings), actor=actor)
    state[_SENTENCE] = ""
    return _("The view is number {n} of the story {name}.", n=len(story.views), name=name)
