"""Maps on a page and as files: folium's map stays alive, an update carries only what changed."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable

from geo.export.map_position import MapPosition
from geo.text import map_payload
from geo.views.clicks import MapClick, new_click
from geo.views.layers import ChoroplethView, Frame, GoTo, Linked, PointsView, Tiles, payload, sent_points
from geo.views.palettes import Theme
from geo.wording import language

__all__ = ["MapClick", "draw_map", "html_map", "page_theme"]


def draw_map(
    *,
    choropleth: ChoroplethView | None = None,
    points: PointsView | None = None,
    key: str,
    height: int = 620,
    first_frame: Frame = "south",
    tiles: Tiles | None = None,
    go_to: GoTo | None = None,
    on_click: Callable[[MapClick], None] | None = None,
    linked: Linked | None = None,
    position: MapPosition | None = None,
) -> MapClick | None:
    """Draw filled districts, points, or points over districts; return what was clicked since the last run, once.

    height: in pixels, where the style sheet of the page says nothing else. first_frame: where the map looks at first;
    later only the reader moves it. key: names the map; keep it the same while the reader stays, so that position and
    zoom are kept. on_click runs before the page is drawn again, early enough to change a filter that is drawn above
    the map. linked: the map moves with others of its page. position: where a link opens the map, in place of
    first_frame.
    """
    import streamlit as st
    from streamlit_folium import st_folium

    from geo.views import first_paint, messages
    from geo.views.assets import map_link, points_link
    from geo.views.folium_map import AtlasMap, update_layer

    # The words around a map come with its script, which a frame that is kept does not load again.
    key = f"{key}_{language()}"

    @messages.guarded
    def changed() -> None:
        click = new_click(st.session_state, key, st.session_state.get(key), points, "called")
        if on_click is not None and click is not None:
            on_click(click)

    value = st_folium(
        AtlasMap(map_link(), first_frame),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=update_layer(
            *_update(
                choropleth,
                points,
                tiles,
                page_theme(),
                points_link,
                go_to,
                linked,
                position,
                is_awaited=first_paint.is_waiting(),
            )
        ),
        on_change=changed,
    )
    return new_click(st.session_state, key, value, points, "returned")


def page_theme() -> Theme:
    """Return "dark" or "light": what the reader's page looks like now."""
    import streamlit as st

    return "dark" if st.context.theme.type == "dark" else "light"


def html_map(
    *, title: str, choropleth: ChoroplethView | None = None, points: PointsView | None = None, theme: str = "light"
) -> str:
    """Return a page that shows the map anywhere without network: script, styles and data are inside.

    Its policy forbids every request, so the file stays what it was when it was saved.
    """
    from geo.views.assets import bundle

    data, packed = _update(choropleth, points, None, theme, publish=None)
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
    return f"""<!doctype html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>html, body, main, #map {{ height: 100%; margin: 0; }}</style>
</head>
<body>
<main><div id="map"></div></main>
<script>{bundle(language())}</script>
<script>
window.map = L.map("map", {{ minZoom: 5, maxZoom: 13, zoomSnap: 0.125, zoomDelta: 0.75 }});
window.atlas.attach(window.map);
window.atlas.update(window.map, "{data}", "{packed}");
</script>
</body>
</html>
"""


def _update(
    choropleth: ChoroplethView | None,
    points: PointsView | None,
    tiles: Tiles | None,
    theme: str,
    publish: Callable[[bytes, bytes], str] | None,
    go_to: GoTo | None = None,
    linked: Linked | None = None,
    position: MapPosition | None = None,
    *,
    is_awaited: bool = False,
) -> tuple[str, str]:
    """Return the two texts of an update; `publish` turns a table of points into an address.

    is_awaited: the map says when it is painted.
    """
    sent = sent_points(points, publish) if points is not None else None
    data = payload(
        choropleth, points, theme=theme, tiles=tiles, sent=sent, go_to=go_to, linked=linked, position=position
    )
    data |= {"awaited": is_awaited}
    return map_payload(data), base64.b64encode(sent.content).decode("ascii") if sent is not None else ""
