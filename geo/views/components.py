"""Small components of our own: scripts that draw data into a page, without a frame and without a chart library.

Streamlit sends a component's script with each of its messages. Here a message holds the data and a loader of two
lines; the script is a file of the app, which the browser fetches once.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components import v2

from geo.views import assets

ASSETS = Path(__file__).with_name("component_assets")


class Component:
    """A component made of the scripts of a folder, joined in the order of `parts` into one module, and its styles.

    The module's default export is a function that Streamlit calls with every answer of the page.
    """

    def __init__(self, folder: str, *parts: str) -> None:
        self._folder, self._parts = folder, parts
        self._draw = v2.component(f"kp_atlas_{folder}", js=(ASSETS / "loader.js").read_text(encoding="utf-8"))

    def __call__(self, key: str, data: dict[str, Any], **callbacks: Any) -> None:
        """Draw the component; data: what JSON can hold. callbacks: on_NAME_change for each NAME that it sends."""
        script = assets.module_link(self._folder, _joined(self._folder, self._parts))
        self._draw(key=key, data={"script": script, **data}, **callbacks)


def small(name: str) -> Any:
    """Return a component of a few lines, which are sent with its data: it needs no request."""
    return v2.component(f"kp_atlas_{name}", js=(ASSETS / f"{name}.js").read_text(encoding="utf-8"))


@cache
def _joined(folder: str, parts: tuple[str, ...]) -> str:
    texts = [(ASSETS / folder / part).read_text(encoding="utf-8") for part in parts]
    styles = (ASSETS / folder / "styles.css").read_text(encoding="utf-8")
    return "\n".join((f"const STYLES = {json.dumps(styles)};", *texts))
