"""The folium side of the map: a map without outside addresses, and the layer that carries an update.

Importing folium takes about a second; geo.views.map imports this module only when a map is drawn.
"""

from __future__ import annotations

import folium
import folium.plugins  # all of them are needed by streamlit_folium, which a visitor's run must load: half of its time
from branca.element import MacroElement
from folium.template import Template

from geo.views.basemap import shapes
from geo.views.layers import Frame

_MOST_ZOOM = 13
_LEAST_ZOOM = 5
# How far the view may be moved beyond the province, degrees.
_MARGIN_DEG = 4.0


class AtlasMap(folium.Map):
    """A folium map of the province that loads one script and nothing else.

    Its text is the same for every filter, so streamlit-folium keeps the Leaflet map of the first run alive.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <style>
                html, body { width: 100%; height: 100%; margin: 0; padding: 0; }
                /* as high as the frame, which the page may make higher than streamlit-folium was told */
                #{{ this.get_name() }} { position: relative; width: 100% !important; height: 100vh !important; }
            </style>
        {% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map(
                {{ this.get_name()|tojson }},
                { center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} }
            );
            window.atlas.attach({{ this.get_name() }});
        {% endmacro %}
        """
    )
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 (folium's own type)

    def __init__(self, script_link: str, first_frame: Frame) -> None:
        (south, west), (north, east) = shapes()["bounds"]
        self.default_js = [("atlas", script_link)]
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            zoom_start=7,
            tiles=None,
            min_zoom=_LEAST_ZOOM,
            zoom_snap=0.125,
            zoom_delta=0.75,
            wheel_px_per_zoom_level=90,
            max_bounds_viscosity=0.9,
            keyboard=True,
        )
        # folium keeps these two for its tile layers; without tiles the map itself needs them.
        self.options["maxZoom"] = _MOST_ZOOM
        self.options["minZoom"] = _LEAST_ZOOM
        self.options["firstFrame"] = first_frame
        self.options["maxBounds"] = [
            [south - _MARGIN_DEG, west - _MARGIN_DEG],
            [north + _MARGIN_DEG, east + _MARGIN_DEG],
        ]


class AtlasUpdate(MacroElement):
    """One update of the map. Both texts are base64, which no HTML, JavaScript or template can read as code."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.atlas.update({{ this._parent._parent.get_name() }}, "{{ this.payload }}", "{{ this.points }}");
        {% endmacro %}
        """
    )

    def __init__(self, payload: str, points: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasUpdate"
        self.payload = payload
        self.points = points

    def render(self, **kwargs: object) -> str:  # noqa: ARG002 (folium's own signature)
        """Add nothing to folium's own page, which is never shown: reading a long text as a template takes long.

        streamlit-folium asks the template of this class itself.
        """
        return ""


def update_layer(payload: str, points: str) -> folium.FeatureGroup:
    """Return the layer group to hand to st_folium as `feature_group_to_add`."""
    group = folium.FeatureGroup(name="update")
    group.add_child(AtlasUpdate(payload, points))
    return group
