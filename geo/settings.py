"""Settings: environment variables and secrets, read once into a frozen value; unknown keys are refused."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from geo.problems import BadSetting, Problem, ProblemCode
from geo.schema import LIMITS
from geo.text import shortened

PREFIX = "ATLAS_"
LOCAL, SERVER, PUBLIC = "local", "server", "public"
MODES = (LOCAL, SERVER, PUBLIC)
PUBLIC_DELAY_DAYS = 30  # whoever is not known sees nothing newer
_LARGEST = 10**9  # of a limit
_LONGEST_DELAY = 36_525  # days: a century
_LONGEST_SIGN_IN = 720  # hours: as long as the browser keeps the sign-in
_PEOPLE = "people"
# Scheme, host and port, as in a Content-Security-Policy; http only for a test on this machine.
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?", re.ASCII)
_MOST_DIGITS = 20
# An installed package holds app.py, pages/, data/ and docs/ in a folder of its own; a checkout has them beside geo/.
_INSTALLED = Path(__file__).resolve().with_name("_app")
APP_ROOT = _INSTALLED if _INSTALLED.is_dir() else _INSTALLED.parent.parent
DATA_DIR = APP_ROOT / "data"
# After the user's part no further @: a password with an unescaped sign would be taken for a host and shown in errors.
_DATABASE_URL = re.compile(r"postgres(ql)?://([^\s:@/?#]+(:[^\s:@/?#]*)?@)?[^\s@]*\Z")


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """Where several servers keep one store: the folder that all of them see, and the database of its catalogue.

    database: URL of a PostgreSQL database. It may hold a password and is never printed.
    """

    folder: Path
    database: str = field(repr=False)

    def __str__(self) -> str:
        """Return the folder, for messages."""
        return str(self.folder)


StorePlace = Path | SharedPlace


class Role(StrEnum):
    """What somebody is to a deployment; geo.policy says what each may do."""

    VISITOR = "visitor"
    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    ADMIN = "admin"


ROLES_TO_GIVE = frozenset({Role.VIEWER, Role.CONTRIBUTOR, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role: an e-mail address in lower case, and the issuer that must confirm it."""

    email: str
    issuer: str
    role: Role


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment may choose.

    store_path: folder of the catalogue and the batch files, created at first start; shared with other servers if the
    catalogue is in a database.
    mode: of MODES; geo.policy says what each means.
    delay_days: incidents newer than this many days are withheld; never below 30 in public mode.
    people: who has a role in server mode. has_sign_in: whether a provider to sign in with is configured.
    sign_in_hours: how long a sign-in gives a role. metrics: whether the figures of the server may be asked for.
    embed_origins: sites that may show the pages within their own.
    online_tiles: whether the opt-in switch for online background tiles is offered.
    limits: upload limits by name, see geo.schema.LIMITS.
    ucdp_token, acled_email, acled_password: of the user, for geo.fetch only; never printed, logged or stored.
    """

    store_path: StorePlace
    mode: str = LOCAL
    delay_days: int = 30
    people: tuple[Person, ...] = ()
    has_sign_in: bool = False
    sign_in_hours: int = 12
    metrics: bool = False
    embed_origins: tuple[str, ...] = ()
    online_tiles: bool = True
    limits: Mapping[str, int] = field(default_factory=lambda: {name: limit.default for name, limit in LIMITS.items()})
    ucdp_token: str = field(default="", repr=False)
    acled_email: str = field(default="", repr=False)
    acled_password: str = field(default="", repr=False)


def default_store_path() -> Path:
    """Return the per-user data folder of the operating system."""
    from platformdirs import user_data_path

    return user_data_path("kp-incident-atlas", appauthor=False)


def current() -> Settings:
    """Return the settings of this process, for the app and the command line alike; raises BadSetting."""
    files = _secret_files()
    people = [entry for document in files for entry in _listed(document.get("atlas", {}).get(_PEOPLE, ()))]
    return load(os.environ, read_secrets(files), people, has_sign_in=any(document.get("auth") for document in files))


def _listed(people: Any) -> Sequence[Any]:
    """Return the entries of a list of people; what is no list is one entry, which `load` refuses."""
    return people if isinstance(people, list | tuple) else (people,)


def read_secrets(files: Sequence[Mapping[str, Any]] | None = None) -> dict[str, str]:
    """Return the keys of the table [atlas] of the secrets.toml files that Streamlit would read; later files win.

    Raises BadSetting for a file that is not TOML.
    """
    tables = [document.get("atlas", {}) for document in (_secret_files() if files is None else files)]
    return {str(key): str(value) for table in tables for key, value in table.items() if key != _PEOPLE}


def _secret_files() -> list[dict[str, Any]]:
    """Return what .streamlit/secrets.toml holds in the user's home folder, the working folder and that of app.py."""
    found = []
    for folder in dict.fromkeys((Path.home(), Path.cwd(), APP_ROOT)):
        path = folder / ".streamlit" / "secrets.toml"
        try:
            document = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
        except ValueError as error:
            problem = Problem(ProblemCode.SETTING, "The file is not valid TOML.", str(error), file=str(path))
            raise BadSetting([problem]) from error
        if not isinstance(document.get("atlas", {}), dict):
            raise BadSetting([Problem(ProblemCode.SETTING, "atlas is a table, [atlas].", file=str(path))])
        found.append(document)
    return found


def load(
    environ: Mapping[str, str],
    secrets: Mapping[str, str] | None = None,
    people: Sequence[Any] = (),
    *,
    has_sign_in: bool = False,
) -> Settings:
    """Return the settings from secrets and environment (the environment wins).

    people: the tables [[atlas.people]] of the secrets. Raises BadSetting naming every unknown key and unusable value.
    """
    given = dict(secrets or {})
    given.update({key: value for key, value in environ.items() if key.startswith(PREFIX)})
    problems = [
        Problem(ProblemCode.SETTING, "is not a known setting.", f"Known: {', '.join(known_keys())}.", value=key)
        for key in given
        if key not in known_keys()
    ]
    limits = {
        name: _whole(given, limit.variable, limit.default, 1, _LARGEST, problems) for name, limit in LIMITS.items()
    }
    mode = given.get("ATLAS_MODE", LOCAL)
    if mode not in MODES:
        problems.append(Problem(ProblemCode.SETTING, "ATLAS_MODE is local, server or public.", value=mode))
    least_days = PUBLIC_DELAY_DAYS if mode == PUBLIC else 0
    settings = Settings(
        store_path=_store_place(given, problems),
        mode=mode,
        delay_days=_whole(given, "ATLAS_DELAY_DAYS", 30, least_days, _LONGEST_DELAY, problems),
        people=_people(people, problems),
        has_sign_in=has_sign_in,
        sign_in_hours=_whole(given, "ATLAS_SIGN_IN_HOURS", 12, 1, _LONGEST_SIGN_IN, problems),
        metrics=_yes_no(given, "ATLAS_METRICS", False, problems),
        embed_origins=_origins(given, "ATLAS_EMBED_ORIGINS", problems),
        online_tiles=_yes_no(given, "ATLAS_ONLINE_TILES", True, problems),
        limits=limits,
        ucdp_token=_token(given, "ATLAS_UCDP_TOKEN", problems),
        acled_email=given.get("ATLAS_ACLED_EMAIL", ""),
        acled_password=given.get("ATLAS_ACLED_PASSWORD", ""),
    )
    if problems:
        raise BadSetting(problems)
    return settings


def known_keys() -> tuple[str, ...]:
    """Return the names of all settings."""
    # ATLAS_LANGUAGE is read by geo.wording, which shows problems of the settings too.
    own = ("ATLAS_STORE", "ATLAS_STORE_DB", "ATLAS_MODE", "ATLAS_DELAY_DAYS", "ATLAS_ONLINE_TILES", "ATLAS_LANGUAGE")
    server = ("ATLAS_SIGN_IN_HOURS", "ATLAS_METRICS", "ATLAS_EMBED_ORIGINS")
    services = ("ATLAS_UCDP_TOKEN", "ATLAS_ACLED_EMAIL", "ATLAS_ACLED_PASSWORD")
    return own + server + services + tuple(limit.variable for limit in LIMITS.values())


def _store_place(given: Mapping[str, str], problems: list[Problem]) -> StorePlace:
    folder, database = given.get("ATLAS_STORE"), given.get("ATLAS_STORE_DB")
    if not database:
        return Path(folder or default_store_path())
    # The value is not shown: it may hold a password, and what stands in a wrong place of it as well.
    if not _DATABASE_URL.match(database):
        message = "ATLAS_STORE_DB is not a URL such as postgresql://user:password@host:5432/database."
        hint = "Write signs like @ : / ? # in user and password as %40 %3A %2F %3F %23."
        problems.append(Problem(ProblemCode.SETTING, message, hint))
    if not folder:
        message = "ATLAS_STORE_DB needs ATLAS_STORE, the folder that all servers share."
        problems.append(Problem(ProblemCode.SETTING, message))
    return SharedPlace(Path(folder or default_store_path()), database)


def _people(entries: Sequence[Any], problems: list[Problem]) -> tuple[Person, ...]:
    """Return who has a role. An entry that cannot be used is refused: a misspelt role must not become another one."""
    found: dict[tuple[str, str], Person] = {}
    for entry in entries:
        given = {key: str(value).strip() for key, value in entry.items()} if isinstance(entry, Mapping) else {}
        email, issuer, role = (given.get(key, "") for key in ("email", "issuer", "role"))
        said = ""
        if set(given) != {"email", "issuer", "role"}:
            said = "Each of [[atlas.people]] has email, issuer and role."
        elif "@" not in email or not re.match(r"https://.|http://(localhost|127\.0\.0\.1)[:/]", issuer):
            said = "Each of [[atlas.people]] has an e-mail address and an issuer that begins with https://."
        elif role not in ROLES_TO_GIVE:
            said = "A role in [[atlas.people]] is viewer, contributor or admin."
        elif (email.casefold(), issuer) in found:
            said = "The same person stands in [[atlas.people]] twice."
        if said:
            problems.append(Problem(ProblemCode.SETTING, said, value=shortened(email or str(entry), 80)))
        else:
            found[email.casefold(), issuer] = Person(email.casefold(), issuer, Role(role))
    return tuple(found.values())


def _origins(given: Mapping[str, str], key: str, problems: list[Problem]) -> tuple[str, ...]:
    """Return sites from a text that separates them by blanks."""
    origins = tuple(str(given.get(key, "")).split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            said = f"{key} names sites such as https://www.example.org, separated by blanks."
            problems.append(Problem(ProblemCode.SETTING, said, value=shortened(origin, 80)))
    return origins


def _token(given: Mapping[str, str], key: str, problems: list[Problem]) -> str:
    """Return a value that is sent as a header, where other characters cannot stand. It is never shown."""
    token = str(given.get(key, "")).strip()
    if not re.fullmatch(r"[\x21-\x7e]*", token):
        problems.append(Problem(ProblemCode.SETTING, f"{key} holds characters that no token has."))
    return token


def _whole(given: Mapping[str, str], key: str, default: int, least: int, most: int, problems: list[Problem]) -> int:
    text = given.get(key)
    if text is None:
        return default
    digits = str(text)
    # The digits are counted first: Python refuses to read thousands of them.
    if not digits.isdecimal() or len(digits) > _MOST_DIGITS or not least <= int(digits) <= most:
        message = f"{key} is a whole number from {least} to {most}."
        problems.append(Problem(ProblemCode.SETTING, message, value=shortened(digits, 40)))
        return default
    return int(digits)


def _yes_no(given: Mapping[str, str], key: str, default: bool, problems: list[Problem]) -> bool:
    text = str(given.get(key, default)).lower()
    if text not in ("true", "false", "1", "0", "yes", "no"):
        problems.append(Problem(ProblemCode.SETTING, f"{key} is yes or no.", value=text))
        return default
    return text in ("true", "1", "yes")
