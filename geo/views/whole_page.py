"""A page with all that stands around it: menu of languages, filters of the sidebar, sign-in, stories, footer."""

from __future__ import annotations

from typing import Any

from geo.views import cached, filters, first_paint, language, messages, page_style, story_bar, visitor


def draw(page: Any) -> None:
    """Draw a page of st.navigation; its map comes first, what stands below it once the map is painted."""
    page_style.draw()
    language.draw()
    chosen = filters.draw(cached.districts()).districts
    language.draw_digits()
    visitor.draw_sign_in()
    story_bar.draw(page.url_path)
    filters.offer_districts_before(cached.districts(), chosen)
    page.run()
    if first_paint.is_waiting():
        first_paint.wait()
    else:
        messages.footer(page.url_path)
