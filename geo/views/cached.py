"""The one place of caches. Cached values are shared by all sessions: they are read-only and hold no user's file."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import streamlit as st

from geo import districts as geo_districts
from geo import incidents as geo_incidents
from geo import intake
from geo import settings as geo_settings
from geo.districts import Districts
from geo.incidents import IncidentTable
from geo.settings import DATA_DIR, Settings
from geo.store import Store


def settings() -> Settings:
    """Return the settings of this process; raises BadSetting."""
    return _settings(tuple(sorted((k, v) for k, v in os.environ.items() if k.startswith(geo_settings.PREFIX))))


@st.cache_resource(show_spinner=False, max_entries=4)
def _settings(environ: tuple[tuple[str, str], ...]) -> Settings:
    path = Path(".streamlit/secrets.toml")
    secrets = {str(k): str(v) for k, v in st.secrets.get("atlas", {}).items()} if path.exists() else {}
    return geo_settings.load(dict(environ), secrets)


@st.cache_resource(show_spinner=False)
def districts() -> Districts:
    """Return the districts after checking every embedded file against its checksum; raises DamagedData."""
    geo_districts.verify_data(DATA_DIR)
    return geo_districts.load(DATA_DIR)


def store() -> Store:
    """Return the store of this deployment with the embedded register in it; raises StoreError."""
    return _store(settings().store_path)


@st.cache_resource(show_spinner="Opening the store", max_entries=4)
def _store(path: Path) -> Store:
    opened = Store.open(path)
    intake.ensure_register(opened, districts(), settings())
    return opened


def incidents() -> IncidentTable:
    """Return the incidents of the current store version, older than the publication delay."""
    newest = datetime.now(UTC).date() - timedelta(days=settings().delay_days)
    return _incidents(settings().store_path, store().version(), newest)


@st.cache_resource(show_spinner="Reading the incidents", max_entries=2)
def _incidents(path: Path, version: str, newest: date) -> IncidentTable:
    opened = _store(path)
    tables = {str(record.batch_id): opened.read(record.batch_id) for record in opened.batches() if record.is_shown}
    return geo_incidents.build(tables, districts().pcodes, f"{version}-{newest:%Y%m%d}", newest)
