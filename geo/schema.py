"""The canonical incident: columns, vocabularies, limits, and the batch that carries them.

One row is one reported incident from one source (or one summary row, then `n_events` > 1). Every
original cell of the row is kept as JSON text in `raw`, so nothing a file said is lost by mapping it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from pathlib import Path

    from geo.wording import Text

# --- vocabularies: code -> label. The order is the order of controls and legends. ------------------

DATE_PRECISIONS: dict[str, str] = {
    "day": "Exact day",
    "days_2_6": "Within 2 to 6 days",
    "week": "Known to the week",
    "month": "Known to the month",
    "year": "Known to the year",
}

# Ordered from most to least precise: "at least near" means code <= index of "near".
GEO_PRECISIONS: dict[str, str] = {
    "exact": "Exact place (within about 5 km)",
    "near": "Near a place (within about 25 km)",
    "district": "District only",
    "division": "Division or police region only",
    "province": "Province only",
    "country": "Country only",
    "unknown": "Place not stated",
}

ATTACK_TYPES: dict[str, str] = {
    "armed_assault": "Armed assault",
    "ambush": "Ambush",
    "ied": "Roadside or planted bomb",
    "vehicle_bomb": "Vehicle bomb",
    "suicide_bombing": "Suicide bombing",
    "complex_attack": "Complex attack",
    "grenade": "Grenade",
    "shelling_rocket": "Rocket, mortar or shelling",
    "drone_strike": "Drone",
    "targeted_killing": "Targeted killing",
    "abduction": "Abduction",
    "hostage_siege": "Hostage siege",
    "post_overrun": "Post overrun",
    "checkpoint_blockade": "Militant checkpoint or blockade",
    "territory_taken": "Territory taken",
    "arson_sabotage": "Arson or sabotage",
    "weapons_looting": "Looting of weapons",
    "clash_unspecified": "Clash, initiator not stated",
    "state_operation": "Operation by state forces",
    "air_strike_state": "Air strike by state forces",
    "disrupted_plot": "Disrupted plot",
    "threat_other": "Threat or other",
    "unknown": "Not stated",
}

TARGET_TYPES: dict[str, str] = {
    "police": "Police",
    "army": "Army",
    "frontier_corps": "Frontier Corps",
    "frontier_constabulary": "Frontier (Federal) Constabulary",
    "levies_khasadar": "Levies and Khasadar",
    "ctd": "Counter Terrorism Department",
    "intelligence": "Intelligence service",
    "other_state_force": "Other or unspecified state force",
    "government_official": "Government official",
    "judiciary": "Judiciary",
    "political_party": "Politician or party",
    "health_polio": "Health or polio worker",
    "education": "School or education",
    "religious": "Religious place or figure",
    "journalist": "Journalist",
    "tribal_elder": "Tribal elder",
    "peace_committee": "Peace committee",
    "ngo_un": "NGO or UN",
    "foreigner": "Foreign national",
    "infrastructure": "Infrastructure",
    "business": "Business",
    "civilian": "Civilians",
    "militant": "Militants",
    "other": "Other",
    "unknown": "Not stated",
}

# State armed forces; peace committees are pro-government militias and are not in it.
SECURITY_TARGETS: frozenset[str] = frozenset(
    {
        "police",
        "army",
        "frontier_corps",
        "frontier_constabulary",
        "levies_khasadar",
        "ctd",
        "intelligence",
        "other_state_force",
    }
)
# Levies and Khasadar joined the provincial police after the 2018 merger; the CTD is a police branch.
POLICE_TARGETS: frozenset[str] = frozenset({"police", "ctd", "levies_khasadar"})

INITIATORS: dict[str, str] = {
    "militant": "Militant",
    "state": "State forces",
    "mutual": "Both sides or not stated who began",
    "communal": "Communal",
    "foreign": "Foreign state",
    "unknown": "Not stated",
}

# Signs of territorial control (the C component of the index) when the initiator is militant.
CONTROL_ATTACK_TYPES: frozenset[str] = frozenset(
    {
        "post_overrun",
        "complex_attack",
        "abduction",
        "hostage_siege",
        "checkpoint_blockade",
        "territory_taken",
        "weapons_looting",
    }
)

DISTRICT_METHODS: dict[str, str] = {
    "point_in_polygon": "The coordinates lie in the district",
    "source_admin": "District or P-code stated by the source",
    "alias": "Stated name resolved by the alias table",
    "fuzzy": "Stated name resolved by close spelling",
    "manual": "Resolved by hand",
    "outside": "Outside Khyber Pakhtunkhwa",
    "none": "Not located",
}


# --- columns ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column: `kind` is an Arrow type name; `vocabulary` lists allowed codes if closed."""

    name: str
    kind: str
    is_nullable: bool
    meaning: str
    vocabulary: dict[str, str] | None = None


COLUMNS: tuple[Column, ...] = (
    Column("incident_id", "string", False, "source:source_event_id, unique and stable"),
    Column("source", "string", False, "key of the source, see SOURCES"),
    Column("source_event_id", "string", False, "identifier in the source, text, leading zeros kept"),
    Column("source_row", "int64", False, "row of the file, header counted as row 1"),
    Column("date_start", "date32", False, "first possible day"),
    Column("date_end", "date32", False, "last possible day, inclusive"),
    Column("date_precision", "string", False, "how well the day is known", DATE_PRECISIONS),
    Column("n_events", "int32", False, "1, or more for a summary row"),
    Column("lat", "double", True, "latitude, degrees, WGS84 (EPSG:4326)"),
    Column("lon", "double", True, "longitude, degrees, WGS84 (EPSG:4326)"),
    Column("geo_precision", "string", False, "how well the place is known", GEO_PRECISIONS),
    Column("place", "string", True, "place name as given"),
    Column("district_reported", "string", True, "district name as given"),
    Column("admin1_reported", "string", True, "province name as given"),
    Column("pcode_stated", "string", True, "P-code as stated, else the one the stated name resolves to"),
    Column("pcode_located", "string", True, "P-code of the district that holds the coordinates"),
    Column("pcode", "string", True, "P-code used for counting; null is not located"),
    Column("district_method", "string", False, "how pcode was found", DISTRICT_METHODS),
    Column(
        "is_district_conflict", "bool", False, "stated and located district disagree, or the stated P-code and name"
    ),
    Column("attack_type", "string", False, "what was done", ATTACK_TYPES),
    Column("target_type", "string", False, "primary target", TARGET_TYPES),
    Column("initiator", "string", False, "who began, by the rule of the source", INITIATORS),
    Column("is_control_type", "bool", False, "a sign of territorial control, begun by militants"),
    Column("group_id", "string", False, "group key, see data/groups.csv; unid if unattributed"),
    Column("group_reported", "string", True, "group as given"),
    Column("killed_best", "int32", True, "people killed, best figure, all sides; null unknown"),
    Column("killed_low", "int32", True, "people killed, low figure"),
    Column("killed_high", "int32", True, "people killed, high figure"),
    Column("killed_police", "int32", True, "police killed"),
    Column("killed_military", "int32", True, "soldiers and paramilitaries killed"),
    Column("killed_civilian", "int32", True, "civilians killed"),
    Column("killed_militant", "int32", True, "militants killed"),
    Column("injured", "int32", True, "people injured"),
    Column("n_sources", "int32", True, "number of reports behind the row"),
    Column("source_url", "string", True, "address of the public page"),
    Column("source_date", "date32", True, "date of that page"),
    Column("raw", "string", False, "every original cell as JSON text: {column: text}"),
)
COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)


def arrow_schema() -> pa.Schema:
    """Return the Arrow schema of a batch, columns in the order of COLUMNS."""
    kinds: dict[str, Any] = {
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "date32": pa.date32(),
        "bool": pa.bool_(),
    }
    return pa.schema([pa.field(column.name, kinds[column.kind], column.is_nullable) for column in COLUMNS])


# --- sources and their licences --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A source: what it is called, how it must be credited, and whether its rows may be shown."""

    key: str
    label: str
    credit: str
    # False: only aggregates and maps; no row table, no row export (licence of the source).
    may_show_rows: bool
    states_target: bool
    records_control: bool


SOURCES: dict[str, Source] = {
    source.key: source
    for source in (
        Source(
            "register",
            "Register of publicly reported incidents (sample)",
            "KP Incident Atlas register: facts compiled from public news pages; coordinates GeoNames, CC BY 4.0",
            True,
            True,
            True,
        ),
        Source("template", "Own file in the atlas template", "File of the user", True, True, True),
        Source("table", "Own table, mapped", "File of the user", True, True, True),
        Source(
            "ucdp_ged",
            "UCDP Georeferenced Event Dataset",
            "UCDP GED, Uppsala Conflict Data Program, CC BY 4.0; Sundberg and Melander 2013",
            True,
            False,
            False,
        ),
        Source(
            "acled",
            "ACLED",
            "ACLED, acleddata.com; aggregates only, rows are not shown or exported",
            False,
            True,
            True,
        ),
        Source(
            "gtd",
            "Global Terrorism Database",
            "START, University of Maryland: Global Terrorism Database; aggregates only",
            False,
            True,
            True,
        ),
        Source(
            "hdx_acled",
            "ACLED monthly totals by district (HDX)",
            "ACLED through HDX; monthly district totals",
            False,
            False,
            False,
        ),
    )
}


# --- limits of an upload ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """A named limit: default value, unit and why it is there. Overridden by the named variable."""

    name: str
    default: int
    unit: str
    reason: str

    @property
    def variable(self) -> str:
        """Environment variable that overrides the default."""
        return f"ATLAS_LIMIT_{self.name.upper()}"


LIMITS: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("file_mb", 400, "MB", "the whole UCDP GED csv is about 250 MB"),
        Limit("unpacked_mb", 1500, "MB", "an archive may not expand without bound"),
        Limit("members", 200, "files", "a workbook or archive has few parts"),
        Limit("rows", 2_000_000, "rows", "global event files have under half a million rows"),
        Limit("columns", 200, "columns", "the widest known format, GTD, has 135"),
        Limit("cell_chars", 50_000, "characters", "source texts of UCDP reach some thousands"),
        Limit("line_mb", 4, "MB", "a file without line ends is not a table"),
        Limit("child_memory_mb", 4096, "MB", "reading happens in a child process of this size"),
        Limit("child_output_mb", 8192, "MB", "every original cell is kept under its column name"),
        Limit("child_cpu_s", 300, "s", "CPU time of that child process"),
        Limit("child_wall_s", 600, "s", "elapsed time of that child process"),
        Limit("problems_shown", 200, "problems", "the total is always stated"),
    )
}


# --- what a reader hands to the store --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows ready to be stored as one unit that can be undone.

    rows: Arrow table with exactly the columns of `arrow_schema()`.
    label: file name made safe for display (geo.text.file_label).
    format: recognised format, for example "register" or "ucdp_ged".
    file_sha256: hex digest of the bytes that were read; file_path: those bytes, to be kept as they were.
    """

    rows: pa.Table
    label: str
    format: str
    source: str
    file_sha256: str
    file_path: Path
    n_rows_in: int
    n_refused: int = 0
    n_duplicates: int = 0
    source_version: str | None = None
    snapshot_date: date | None = None
    notes: tuple[Text, ...] = field(default=())
