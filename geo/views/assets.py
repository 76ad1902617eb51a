"""The map's files for the browser: Leaflet from its Python package and our own script, as one file, no outside host."""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

from geo.views.basemap import base_data

_FOLDER = Path(__file__).with_name("assets")
# In the order in which they are joined; later parts use earlier ones.
_PARTS = (
    "base.js",
    "report.js",
    "controls.js",
    "labels.js",
    "districts.js",
    "pointset.js",
    "popup.js",
    "density.js",
    "points.js",
    "start.js",
)
_COMPONENT = "bundle"


def bundle() -> str:
    """Return the whole script: Leaflet, its styles and ours, the base map's data and the parts of the folder.

    The text holds no closing script tag, so it may stand inside a page as well.
    """
    return _bundle()


def map_link() -> str:
    """Return the script's address for the frame in which streamlit-folium draws, relative, so a base path is kept.

    Streamlit serves the folder of a declared component to that component's frame; this one has files only. The
    declaration needs a running script, so call it while a page is drawn. Raises OSError if no temporary file can be
    written.
    """
    import streamlit.components.v1 as components

    folder, name = _published()
    components.declare_component(_COMPONENT, path=str(folder))
    return f"../{__name__}.{_COMPONENT}/{name}"


@cache
def _bundle() -> str:
    leaflet = _leaflet_folder()
    styles = (leaflet / "leaflet.css").read_text(encoding="utf-8") + _own("atlas.css")
    base = json.dumps(base_data(), separators=(",", ":")).replace("</", "<\\/")
    script = "\n".join(_own(part) for part in _PARTS)
    text = f"""{_without_source_map((leaflet / "leaflet.js").read_text(encoding="utf-8"))}
(function () {{
'use strict';
const ATLAS_BASE = {base};
const styles = document.createElement('style');
styles.textContent = {json.dumps(styles)};
document.head.appendChild(styles);
{script}
}})();
"""
    if "</script" in text.lower():
        raise ValueError("a part of the map's script holds a closing script tag")
    return text


def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _leaflet_folder() -> Path:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def _without_source_map(script: str) -> str:
    # The browser's tools would ask for a file that is not there.
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))


@cache
def _published() -> tuple[Path, str]:
    """Write the script once a process; its name follows from its content, so no browser keeps an old one."""
    folder = Path(tempfile.mkdtemp(prefix="atlas-map-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    script = bundle()
    name = f"atlas.{hashlib.sha256(script.encode()).hexdigest()[:12]}.js"
    (folder / name).write_text(script, encoding="utf-8")
    return folder, name
