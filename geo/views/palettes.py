"""Colours: classes in order of lightness, and categories that differ without red and green.

Every palette has a variant for light and one for dark pages. In a sequence the first class lies nearest to the page's
background and each further one farther from it, so "more" stands out in both.
"""

from __future__ import annotations

from typing import Literal

Theme = Literal["light", "dark"]

# Classes of counts and rates: from sand by red to plum, on dark pages from ember to pale yellow. Lightness alone
# carries the order; the hue turns with it, so that neighbours differ more than shades of one hue do.
_SEQUENTIAL: dict[Theme, tuple[str, ...]] = {
    "light": ("#fde6c4", "#fbc584", "#f39a4f", "#dd6a35", "#b73f38", "#842842", "#4a1840"),
    "dark": ("#5a3a34", "#854538", "#b15738", "#d97535", "#f39c3f", "#fdc66c", "#fff4c6"),
}
# No incident recorded: part of the scale's end, but plainly not its first class.
ZERO: dict[Theme, str] = {"light": "#f7f8fa", "dark": "#20262d"}
# No data: the ground under the hatching, grey in both themes.
NO_DATA: dict[Theme, str] = {"light": "#e3e3e3", "dark": "#32383f"}

# Started from Okabe and Ito (2008), "Color Universal Design", and moved apart until all of them, and grey,
# differ by 17 or more in CIELAB for normal, protanope and deuteranope sight (Machado, Oliveira and Fernandes 2009).
_CATEGORIES: dict[Theme, tuple[str, ...]] = {
    "light": ("#1b65a6", "#ea6326", "#4fa16b", "#6a064f", "#e3b505", "#1fa1ec", "#235e3b", "#ac91be"),
    "dark": ("#86b9f8", "#dc680d", "#74d390", "#d05276", "#ffd961", "#c8f3ff", "#8e6ed2", "#eddfd0"),
}
OTHER: dict[Theme, str] = {"light": "#767c83", "dark": "#9aa3ac"}
# Several kinds of "rest" in one chart, such as "Other" and "Not attributed", differ in lightness.
GREYS: dict[Theme, tuple[str, ...]] = {
    "light": ("#767c83", "#c3c8ce", "#3f454c"),
    "dark": ("#9aa3ac", "#5b646d", "#d5dade"),
}

# Classes of the index: blue to yellow to red, darkest for the strongest signs; on dark pages to glowing yellow, which
# is lightest as on the scale of counts, and no paler than the orange below it.
ACCESS: dict[Theme, tuple[str, ...]] = {
    "light": ("#cfe3f2", "#f3cf6b", "#dd7a2c", "#8c1c2c"),
    "dark": ("#2f4a63", "#6e5f50", "#cf6a2c", "#ffe04d"),
}

# Clearly lower, from much to little; no clear change; clearly higher, from little to much. Blue and orange differ for
# every sight, and the two ends are the strongest against the page.
DIVERGING: dict[Theme, tuple[str, ...]] = {
    "light": ("#1c5a9e", "#86b8e2", "#dcdcd6", "#f0ab62", "#a94a0a"),
    "dark": ("#a9d3fb", "#3873b0", "#474d54", "#ac5c15", "#ffc27d"),
}


def sequential(n_classes: int, theme: Theme = "light") -> tuple[str, ...]:
    """Return the colours of 1 to 7 classes, lowest first, as "#rrggbb".

    Fewer classes are spread over the whole range, so the highest is equally strong. Raises ValueError outside 1 to 7.
    """
    palette = _SEQUENTIAL[theme]
    if not 1 <= n_classes <= len(palette):
        raise ValueError(f"a scale has 1 to {len(palette)} classes, not {n_classes}")
    if n_classes == 1:
        return (palette[len(palette) // 2],)
    last = len(palette) - 1
    return tuple(palette[round(position * last / (n_classes - 1))] for position in range(n_classes))


def categories(n_categories: int, theme: Theme = "light") -> tuple[str, ...]:
    """Return the colours of up to 8 categories. Raises ValueError for more: put the rest under OTHER."""
    palette = _CATEGORIES[theme]
    if not 0 <= n_categories <= len(palette):
        raise ValueError(
            f"{n_categories} categories cannot be distinguished; show {len(palette)} and the rest as other"
        )
    return palette[:n_categories]


def source_colours(theme: Theme) -> list[str]:
    """Return the colours of bars before and after the seam between two sources."""
    return [OTHER[theme], _SEQUENTIAL[theme][4]]


def text_on(colour: str) -> str:
    """Return near-black or white, whichever has the higher contrast with a "#rrggbb" colour (WCAG 2.2)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    # Relative luminance, sRGB of IEC 61966-2-1; at 0.2 both texts have the same contrast.
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return "#14181d" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.2 else "#ffffff"
