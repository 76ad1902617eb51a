"""The lock files and docs/dependencies.md: `python -m tests.dependencies` writes the list of versions and licences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
# Of the program, and of what a team needs besides.
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-team.lock")
DOCUMENT = ROOT / "docs" / "dependencies.md"
_ENTRY = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.+?))? \\\n((?: +--hash=sha256:[0-9a-f]+(?: \\)?\n?)+)", re.MULTILINE)
_HEAD = "| package | version | licence |\n|---|---|---|\n"
# Where the package itself does not name its licence.
_STATED_ELSEWHERE = {
    "streamlit-folium": "MIT (stated in its repository, not in the package)",
    "xstatic-leaflet": "BSD-2-Clause (that of Leaflet, whose files it holds)",
}
_LONGEST_NAME = 60  # some packages put the whole text in the field


@dataclass(frozen=True, slots=True)
class Locked:
    """One version in the lock file. condition: the systems or versions of Python that need it, "" for all."""

    name: str
    version: str
    condition: str
    hashes: tuple[str, ...]


def canonical(name: str) -> str:
    """Return the name of a package as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parsed(text: str) -> list[Locked]:
    """Return the entries of a lock file."""
    return [
        Locked(canonical(name), version, condition, tuple(re.findall(r"sha256:([0-9a-f]+)", hashes)))
        for name, version, condition, hashes in _ENTRY.findall(text)
    ]


def locked() -> list[Locked]:
    """Return the packages of the lock files, of two versions of one that for this project's Python."""
    found: dict[str, Locked] = {}
    for path in LOCKS:
        entries = parsed(path.read_text("utf-8"))
        newer = {one.name for one in entries if "python_full_version >=" in one.condition}
        kept = [one for one in entries if one.name not in newer or "python_full_version <" in one.condition]
        found = {one.name: one for one in kept} | found
    return [found[name] for name in sorted(found)]


def requirements() -> dict[str, str]:
    """Return name -> version of what the lock files are made of."""
    lines = [line for path in LOCKS for line in path.with_suffix(".txt").read_text("utf-8").splitlines()]
    return {canonical(found[1]): found[2] for line in lines if (found := re.match(r"([\w.-]+)==([\w.]+)", line))}


def needed_here(requires: Iterable[str]) -> set[str]:
    """Return the names of the requirements that hold on this system, without extras."""
    found = [Requirement(text) for text in requires]
    return {canonical(one.name) for one in found if one.marker is None or one.marker.evaluate({"extra": ""})}


def licence_of(name: str) -> str:
    """Return the licence that an installed package states, "unknown" if it states none."""
    if name in _STATED_ELSEWHERE:
        return _STATED_ELSEWHERE[name]
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return "unknown"
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    stated = told.get("License-Expression") or (told.get("License") or "").strip().partition("\n")[0]
    if stated and len(stated) <= _LONGEST_NAME and not stated.upper().startswith(("UNKNOWN", "COPYRIGHT")):
        return stated
    return ", ".join(one for one in classified if one != "OSI Approved") or "unknown"


def main() -> None:
    """Write the table of docs/dependencies.md anew; the text above it stays."""
    text = DOCUMENT.read_text("utf-8").partition(_HEAD)[0]
    lines = [f"| {one.name} | {one.version} | {licence_of(one.name)} |\n" for one in locked()]
    DOCUMENT.write_text(text + _HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
