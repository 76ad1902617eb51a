"""The legend of a map that colours districts by class: no figure, none, then the classes from low to high."""

from __future__ import annotations

from collections.abc import Sequence

from geo.analysis.counting import classes
from geo.views import palettes
from geo.views.layers import LegendEntry
from geo.views.palettes import Theme


def class_entries(
    edges: Sequence[float], theme: Theme, *, is_count: bool, missing: str, none: str
) -> tuple[LegendEntry, ...]:
    """Return the entries in the order of `classes.bin_of`, which begins at -1.

    edges: lower ends of the classes above zero, at most seven. missing, none: words for no figure and for zero.
    """
    labels = classes.bin_labels(edges, is_count=is_count)
    return (
        LegendEntry(missing, palettes.NO_DATA[theme], is_hatched=True),
        LegendEntry(none, palettes.ZERO[theme]),
        *(
            LegendEntry(str(label), colour)
            for label, colour in zip(labels, palettes.sequential(len(edges), theme), strict=True)
        ),
    )
