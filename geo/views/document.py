"""What the document around a page is told: its language and direction, and to draw the page again in another theme."""

from __future__ import annotations

from geo import wording
from geo.views import components
from geo.views.map import page_theme

# Streamlit writes lang="en" and no direction into every page; the frontend's components may set them. Its controls
# take their direction from the language of the browser, unless the page names one under this symbol of theirs, and
# look at it when that language is said to have changed. Colours of maps and charts are those of the theme that the
# last run was told of.
_document = components.small("document")


def draw() -> None:
    """Tell the document; called once in each run."""
    data = {"lang": tag(), "dir": wording.text_direction(), "locale": wording.browser_locale(), "theme": page_theme()}
    _document(key="document", data=data, on_theme_change=_draw_again)


def _draw_again() -> None:
    """Let the run that a change of the theme begins draw maps and charts in the colours of the new one."""


def tag() -> str:
    """Return the language as browsers and screen readers know it."""
    code = wording.language()
    return "en" if code == wording.PSEUDO_LANGUAGE else code
