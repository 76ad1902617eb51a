"""The map's files for the browser: Leaflet from its Python package and our own script, as one file, no outside host."""

from __future__ import annotations

import atexit
import gzip
import hashlib
import hmac
import importlib.util
import json
import secrets
import shutil
import threading
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from geo import temporary, wording
from geo.views import serving
from geo.views.basemap import base_data
from geo.wording import digits, language, text_direction

_SOURCES = Path(__file__).with_name("assets")
# In the order in which they are joined; later parts use earlier ones.
_PARTS = (
    "base.js",
    "report.js",
    "controls.js",
    "frames.js",
    "position.js",
    "labels.js",
    "districts.js",
    "pointset.js",
    "popup.js",
    "density.js",
    "badges.js",
    "points.js",
    "start.js",
)
_COMPONENT = "files"
# Family, file and weights, for the letters of Urdu and Pashto only. The frontend draws tables and charts in a family of
# its own, to which these letters are added: with the weights of its own face, or they would not be taken.
_FONTS: tuple[tuple[str, str, str], ...] = (
    ("Atlas Naskh", "NotoNaskhArabic-Regular.woff2", "400"),
    ("Atlas Naskh", "NotoNaskhArabic-Bold.woff2", "600 900"),
    ("Atlas Nastaliq", "NotoNastaliqUrdu-Regular.woff2", "400"),
    ("Source Sans", "NotoNaskhArabic-Regular.woff2", "100 900"),
)
_ARABIC_LETTERS = "U+0600-06FF, U+0750-077F, U+FB50-FDFF, U+FE70-FEFF"
_MOST_POINT_FILES = 48
_MOST_COMPRESSED_BYTES = 2_000_000
_SECRET = secrets.token_bytes(32)
_LOCK = threading.Lock()
# Names of the files of points, the longest unused first.
_recent: dict[str, None] = {}


def map_link() -> str:
    """Return the script's address for the frame in which streamlit-folium draws, relative, so a base path is kept.

    Raises OSError if no temporary file can be written.
    """
    link = f"../{_served(_script_name(language(), digits()))}"
    serving.map_is_served.set()
    return link


def map_scripts() -> list[str]:
    """Return the addresses, relative to the app's root, of the scripts in the frame of a map.

    They are served from the first drawing on. Raises OSError if no temporary file can be written.
    """
    package = importlib.util.find_spec("streamlit_folium")
    built = Path(str(package.origin)).parent / "frontend" / "build" if package else Path()
    own = f"component/{__name__}.{_COMPONENT}/{_script_name(language(), digits())}"
    theirs = sorted(built.glob("static/js/main.*.js"))
    return [own, *(f"component/streamlit_folium.st_folium/{path.relative_to(built).as_posix()}" for path in theirs)]


def remove_files() -> None:
    """Remove what was written for browsers, if anything was."""
    if _folder.cache_info().currsize:
        shutil.rmtree(_folder(), ignore_errors=True)


def module_link(stem: str, script: str) -> str:
    """Write a module for a component of the page and return its address relative to the app's root.

    Sent with the component itself it would travel again with every change of what the component shows.
    Raises OSError if no temporary file can be written.
    """
    return _served(_written(stem, script))


def points_link(packed: bytes, digest: bytes) -> str:
    """Write packed points or their texts to a file for the map to fetch; return its address, which cannot be guessed.

    digest: their SHA-256; the same points have the same address. The files that were not used for longest are removed.
    A file is gzip, which a server leaves as it is: without compression if it is large, as places hardly compress.
    """
    name = f"{hmac.new(_SECRET, digest, hashlib.sha256).hexdigest()[:32]}.gz"
    path = _folder() / name
    with _LOCK:
        if not path.exists():
            _write(path, gzip.compress(packed, 6 if len(packed) < _MOST_COMPRESSED_BYTES else 0, mtime=0))
        _recent.pop(name, None)
        _recent[name] = None
        while len(_recent) > _MOST_POINT_FILES:
            (_folder() / next(iter(_recent))).unlink(missing_ok=True)
            del _recent[next(iter(_recent))]
    return f"../{_served(name)}"


def font_faces(base: str) -> str:
    """Return the style rules of the fonts for Urdu and Pashto, served by the app itself, in files of 39 to 131 kB.

    base: what leads from the page to the folder of components. A browser fetches a font when it meets its letters.
    """
    return _faces(_FONTS, lambda name: f"{base}{_served(_font(name))}")


def embedded_font_faces() -> str:
    """Return the same rules with the fonts inside them, 280 kB, for a page without a server."""
    return _faces(_FONTS[:3], lambda name: f"data:font/woff2;base64,{b64encode(_font_file(name)).decode()}")


def _faces(fonts: Sequence[tuple[str, str, str]], link: Callable[[str], str]) -> str:
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weights}; font-display: swap; '
        f'src: url("{link(name)}") format("woff2"); unicode-range: {_ARABIC_LETTERS}; }}'
        for family, name, weights in fonts
    )


def _font_file(name: str) -> bytes:
    return (_SOURCES / "fonts" / name).read_bytes()


@cache
def _font(name: str) -> str:
    stem, suffix = name.split(".")
    return _write_named(stem, suffix, _font_file(name))


def _served(name: str) -> str:
    """Streamlit serves the folder of a declared component; this one has files only and is never called.

    The declaration counts only in a running script, so it is repeated with every drawing.
    """
    import streamlit.components.v1 as components

    components.declare_component(_COMPONENT, path=str(_folder()))
    return f"{__name__}.{_COMPONENT}/{name}"


@cache
def bundle(code: str, system: str = wording.DIGITS[0]) -> str:  # noqa: ARG001 (parts of the key)
    """Return the whole script: Leaflet, its styles and ours, the base map's data and the parts of the folder.

    code, system: the current language and its digits, in which the words of the base map are. The text has no closing
    script tag, so a page may contain it.
    """
    from xstatic.pkg import leaflet as package

    leaflet = Path(package.BASE_DIR)
    styles = (leaflet / "leaflet.css").read_text(encoding="utf-8") + own("atlas.css")
    base = json.dumps(base_data(), separators=(",", ":")).replace("</", "<\\/")
    script = "\n".join(own(part) for part in _PARTS)
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


def own(name: str) -> str:
    """Return the text of a file of the folder."""
    return (_SOURCES / name).read_text(encoding="utf-8")


def _without_source_map(script: str) -> str:
    # The browser's tools would ask for a file that is not there.
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))


@cache
def _folder() -> Path:
    folder = temporary.lasting_folder(temporary.MAP)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _script_name(code: str, system: str) -> str:
    """The script of each language and its digits is put together once."""
    faces = json.dumps(font_faces("../")) if text_direction() == "rtl" else ""
    fonts = f"document.head.appendChild(document.createElement('style')).textContent = {faces};" if faces else ""
    return _written("atlas", bundle(code, system) + fonts)


@cache
def _written(stem: str, script: str) -> str:
    """Write a script once; its name follows from its content, so no browser keeps an old one."""
    return _write_named(stem, "js", script.encode("utf-8"))


def _write_named(stem: str, suffix: str, content: bytes) -> str:
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    _write(_folder() / name, content)
    return name


def _write(path: Path, content: bytes) -> None:
    """A reader sees the whole file or none."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
