"""The canonical incident: columns, vocabularies, limits, and the batch that carries them.

One row is one reported incident from one source (or one summary row, then `n_events` > 1). Every
original cell of the row is kept as JSON text in `raw`, so nothing in a file is lost by mapping it.

Labels, meanings and credits are English source sentences marked with N_: `_(label)` gives the words to show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo.wording import N_

if TYPE_CHECKING:
    from pathlib import Path

    from geo.wording import Text

# --- vocabularies: code -> label. The order is the order of controls and legends. ------------------

DATE_PRECISIONS: dict[str, str] = {
    "day": N_("Exact day"),
    "days_2_6": N_("Within 2 to 6 days"),
    "week": N_("Known to the week"),
    "month": N_("Known to the month"),
    "year": N_("Known to the year"),
}

# Ordered from most to least precise: "at least near" means code <= index of "near".
GEO_PRECISIONS: dict[str, str] = {
    "exact": N_("Exact place (within about 5 km)"),
    "near": N_("Near a place (within about 25 km)"),
    "district": N_("District only"),
    "division": N_("Division or police region only"),
    "province": N_("Province only"),
    "country": N_("Country only"),
    "unknown": N_("Place not stated"),
}

ATTACK_TYPES: dict[str, str] = {
    "armed_assault": N_("Armed assault"),
    "ambush": N_("Ambush"),
    "ied": N_("Roadside or planted bomb"),
    "vehicle_bomb": N_("Vehicle bomb"),
    "suicide_bombing": N_("Suicide bombing"),
    "complex_attack": N_("Complex attack"),
    "grenade": N_("Grenade"),
    "shelling_rocket": N_("Rocket, mortar or shelling"),
    "drone_strike": N_("Drone"),
    "targeted_killing": N_("Targeted killing"),
    "abduction": N_("Abduction"),
    "hostage_siege": N_("Hostage siege"),
    "post_overrun": N_("Post overrun"),
    "checkpoint_blockade": N_("Militant checkpoint or blockade"),
    "territory_taken": N_("Territory taken"),
    "arson_sabotage": N_("Arson or sabotage"),
    "weapons_looting": N_("Looting of weapons"),
    "clash_unspecified": N_("Clash, initiator not stated"),
    "state_operation": N_("Operation by state forces"),
    "air_strike_state": N_("Air strike by state forces"),
    "disrupted_plot": N_("Disrupted plot"),
    "threat_other": N_("Threat or other"),
    "unknown": N_("Not stated"),
}

TARGET_TYPES: dict[str, str] = {
    "police": N_("Police"),
    "army": N_("Army"),
    "frontier_corps": N_("Frontier Corps"),
    "frontier_constabulary": N_("Frontier (Federal) Constabulary"),
    "levies_khasadar": N_("Levies and Khasadar"),
    "ctd": N_("Counter Terrorism Department"),
    "intelligence": N_("Intelligence service"),
    "other_state_force": N_("Other or unspecified state force"),
    "government_official": N_("Government official"),
    "judiciary": N_("Judiciary"),
    "political_party": N_("Politician or party"),
    "health_polio": N_("Health or polio worker"),
    "education": N_("School or education"),
    "religious": N_("Religious place or figure"),
    "journalist": N_("Journalist"),
    "tribal_elder": N_("Tribal elder"),
    "peace_committee": N_("Peace committee"),
    "ngo_un": N_("NGO or UN"),
    "foreigner": N_("Foreign national"),
    "infrastructure": N_("Infrastructure"),
    "business": N_("Business"),
    "civilian": N_("Civilians"),
    "militant": N_("Militants"),
    "other": N_("Other"),
    "unknown": N_("Not stated"),
}

# State armed forces; peace committees are pro-government militias and are not in it.
SECURITY_TARGETS: frozenset[str] = frozenset(
    {"police", "army", "frontier_corps", "frontier_constabulary", "levies_khasadar", "ctd", "intelligence"}
    | {"other_state_force"}
)
# Levies and Khasadar joined the provincial police after the 2018 merger; the CTD is a police branch.
POLICE_TARGETS: frozenset[str] = frozenset({"police", "ctd", "levies_khasadar"})

INITIATORS: dict[str, str] = {
    "militant": N_("Militant"),
    "state": N_("State forces"),
    "mutual": N_("Both sides, or initiator not stated"),
    "communal": N_("Communal"),
    "disputed": N_("Disputed"),
    "foreign": N_("Foreign state"),
    "unknown": N_("Not stated"),
}

# On what the name of a group rests. A claim and an attribution differ, and neither is proof.
ATTRIBUTIONS: dict[str, str] = {
    "claimed": N_("Claimed by the group"),
    "officials": N_("Attributed by officials"),
    "source": N_("Attributed by the source"),
    "ucdp": N_("Attributed by UCDP"),
    "none": N_("Not attributed"),
}

# Signs of territorial control (the C component of the index) when the initiator is militant.
CONTROL_ATTACK_TYPES: frozenset[str] = frozenset(
    {"post_overrun", "complex_attack", "abduction", "hostage_siege", "checkpoint_blockade", "territory_taken"}
    | {"weapons_looting"}
)

DISTRICT_METHODS: dict[str, str] = {
    "point_in_polygon": N_("The coordinates lie in the district"),
    "source_admin": N_("District or P-code stated by the source"),
    "alias": N_("Stated name resolved by the alias table"),
    "place": N_("Located by the name of the stated place"),
    "fuzzy": N_("Stated name resolved by close spelling"),
    "manual": N_("Resolved by hand"),
    "outside": N_("Outside Khyber Pakhtunkhwa"),
    "none": N_("Not located"),
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
    Column("incident_id", "string", False, N_("source:source_event_id, unique and stable")),
    Column("source", "string", False, N_("key of the source, see SOURCES")),
    Column("source_event_id", "string", False, N_("identifier in the source, text, leading zeros kept")),
    Column("source_row", "int64", False, N_("row of the file, header counted as row 1")),
    Column("date_start", "date32", False, N_("first possible day")),
    Column("date_end", "date32", False, N_("last possible day, inclusive")),
    Column("date_precision", "string", False, N_("precision of the date"), DATE_PRECISIONS),
    Column("n_events", "int32", False, N_("1, or more for a summary row")),
    Column("lat", "double", True, N_("latitude, degrees, WGS84 (EPSG:4326)")),
    Column("lon", "double", True, N_("longitude, degrees, WGS84 (EPSG:4326)")),
    Column("geo_precision", "string", False, N_("precision of the place"), GEO_PRECISIONS),
    Column("place", "string", True, N_("place name as given")),
    Column("district_reported", "string", True, N_("district name as given")),
    Column("admin1_reported", "string", True, N_("province name as given")),
    Column("pcode_stated", "string", True, N_("P-code as stated, else the one the stated name resolves to")),
    Column("pcode_located", "string", True, N_("P-code of the district that holds the coordinates")),
    Column("pcode", "string", True, N_("P-code used for counting; null is not located")),
    Column("district_method", "string", False, N_("how pcode was found"), DISTRICT_METHODS),
    Column(
        "is_district_conflict", "bool", False, N_("stated and located district disagree, or the stated P-code and name")
    ),
    Column("attack_type", "string", False, N_("what was done"), ATTACK_TYPES),
    Column("target_type", "string", False, N_("primary target"), TARGET_TYPES),
    Column("initiator", "string", False, N_("initiated by, as the rule of the source decides"), INITIATORS),
    Column("is_control_type", "bool", False, N_("a sign of territorial control, initiated by militants")),
    Column("group_id", "string", False, N_("group key, see data/groups.csv; unid if unattributed")),
    Column("group_reported", "string", True, N_("group as given")),
    Column("attribution", "string", True, N_("basis of the group's name, if the file states it"), ATTRIBUTIONS),
    Column("killed_best", "int32", True, N_("people killed, best figure, all sides; null is unknown")),
    Column("killed_low", "int32", True, N_("people killed, low figure")),
    Column("killed_high", "int32", True, N_("people killed, high figure")),
    Column("killed_police", "int32", True, N_("police killed")),
    Column("killed_military", "int32", True, N_("soldiers and paramilitaries killed")),
    Column("killed_civilian", "int32", True, N_("civilians killed")),
    Column("killed_militant", "int32", True, N_("militants killed")),
    Column("injured", "int32", True, N_("people injured")),
    Column("n_sources", "int32", True, N_("number of reports behind the row")),
    Column("source_url", "string", True, N_("address of the public page")),
    Column("source_date", "date32", True, N_("date of that page")),
    Column("source_url_2", "string", True, N_("address of a second public page")),
    Column("note", "string", True, N_("what is in doubt, as the source notes it")),
    Column("raw", "string", False, N_("every original cell by column name, as JSON text")),
)
COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
# Files that were stored before a column existed have no such column: it is read as null.
ADDED_COLUMNS: frozenset[str] = frozenset({"attribution", "source_url_2", "note"})


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
    """A source: its name, the credit that it requires, and what its licence and its fields allow.

    may_show_rows: False for aggregates and maps only, no row table and no row export (licence of the source).
    states_target, records_control: whether its rows name the target, and acts of territorial control.
    """

    key: str
    label: str
    credit: str
    may_show_rows: bool
    states_target: bool
    records_control: bool


SOURCES: dict[str, Source] = {
    source.key: source
    for source in (
        Source(
            "register",
            N_("Register of publicly reported incidents (sample)"),
            N_("KP Incident Atlas register: facts compiled from public news pages; coordinates GeoNames, CC BY 4.0"),
            True,
            True,
            True,
        ),
        Source("template", N_("Own file in the atlas template"), N_("File of the user"), True, True, True),
        Source("table", N_("Own table, mapped"), N_("File of the user"), True, True, True),
        Source(
            "ucdp_ged",
            N_("UCDP Georeferenced Event Dataset"),
            N_(
                "UCDP GED, Uppsala Conflict Data Program, CC BY 4.0, modified; Sundberg and Melander 2013; "
                "Davies, Pettersson and Öberg 2022"
            ),
            True,
            False,
            False,
        ),
        Source(
            "acled",
            "ACLED",
            N_("ACLED, acleddata.com; aggregates only, rows are not shown or exported"),
            False,
            True,
            True,
        ),
        Source(
            "gtd",
            N_("Global Terrorism Database"),
            N_("START, University of Maryland: Global Terrorism Database; aggregates only"),
            False,
            True,
            True,
        ),
        Source(
            "hdx_acled",
            N_("ACLED monthly totals by district (HDX)"),
            N_("ACLED through HDX; monthly district totals"),
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
        Limit("file_mb", 400, "MB", N_("the whole UCDP GED csv is about 250 MB")),
        Limit("unpacked_mb", 1500, "MB", N_("an archive may not expand without bound")),
        Limit("members", 200, N_("files"), N_("a workbook or archive has few parts")),
        Limit("rows", 2_000_000, N_("rows"), N_("global event files have under half a million rows")),
        Limit("columns", 200, N_("columns"), N_("the widest known format, GTD, has 135")),
        Limit("cell_chars", 50_000, N_("characters"), N_("source texts of UCDP reach some thousands")),
        Limit("line_mb", 4, "MB", N_("a file without line ends is not a table")),
        Limit("child_memory_mb", 4096, "MB", N_("reading happens in a child process of this size")),
        Limit("child_output_mb", 8192, "MB", N_("every original cell is kept under its column name")),
        Limit("child_cpu_s", 300, "s", N_("CPU time of that child process")),
        Limit("child_wall_s", 600, "s", N_("elapsed time of that child process")),
        Limit("problems_shown", 200, N_("problems"), N_("the total is always stated")),
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
