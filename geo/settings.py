"""Settings: environment variables and secrets, read once into a frozen value; unknown keys are refused."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geo.problems import BadSetting, Problem, ProblemCode
from geo.schema import LIMITS
from geo.text import shortened

PREFIX = "ATLAS_"
_LARGEST = 10**9  # of a limit
_LONGEST_DELAY = 36_525  # days: a century
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


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment may choose.

    store_path: folder of the catalogue and the batch files, created at first start; shared with other servers if the
    catalogue is in a database.
    mode: "local" (own machine, uploads on) or "public" (read only, recent incidents withheld).
    delay_days: incidents newer than this many days are withheld; never below 30 in public mode.
    online_tiles: whether the opt-in switch for online background tiles is offered.
    limits: upload limits by name, see geo.schema.LIMITS.
    ucdp_token, acled_email, acled_password: of the user, for geo.fetch only; never printed, logged or stored.
    """

    store_path: StorePlace
    mode: str = "local"
    delay_days: int = 30
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
    return load(os.environ, read_secrets())


def read_secrets() -> dict[str, str]:
    """Return the table [atlas] of the secrets.toml files that Streamlit would read; later files win.

    These are in .streamlit/ of the user's home folder, of the working folder, and of the folder of app.py.
    Raises BadSetting for a file that is not TOML.
    """
    found: dict[str, str] = {}
    for folder in dict.fromkeys((Path.home(), Path.cwd(), APP_ROOT)):
        path = folder / ".streamlit" / "secrets.toml"
        try:
            table = tomllib.loads(path.read_text("utf-8")).get("atlas", {}) if path.is_file() else {}
        except ValueError as error:
            problem = Problem(ProblemCode.SETTING, "The file is not valid TOML.", str(error), file=str(path))
            raise BadSetting([problem]) from error
        found |= {str(key): str(value) for key, value in table.items()}
    return found


def load(environ: Mapping[str, str], secrets: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from secrets and environment (the environment wins).

    Raises BadSetting naming every unknown key and unusable value.
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
    mode = given.get("ATLAS_MODE", "local")
    if mode not in ("local", "public"):
        problems.append(Problem(ProblemCode.SETTING, "ATLAS_MODE is local or public.", value=mode))
    settings = Settings(
        store_path=_store_place(given, problems),
        mode=mode,
        delay_days=_whole(given, "ATLAS_DELAY_DAYS", 30, 30 if mode == "public" else 0, _LONGEST_DELAY, problems),
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
    access = ("ATLAS_UCDP_TOKEN", "ATLAS_ACLED_EMAIL", "ATLAS_ACLED_PASSWORD")
    return own + access + tuple(limit.variable for limit in LIMITS.values())


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
