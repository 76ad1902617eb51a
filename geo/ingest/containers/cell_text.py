"""Typed values of workbooks, Parquet and JSON as the text a person would type, nothing rounded."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import Any

_EXACT_INTEGERS = 2**53


class Digits(str):
    """A number of a JSON file with the digits that the file has."""

    __slots__ = ()


def cell_text(value: Any) -> str:
    """Return a value as text: 12.0 is "12", days are ISO, None and NaN are blank, nested values are JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""  # pandas writes a missing number as NaN
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT_INTEGERS else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return _json(value)
    return str(value)


def _json(value: Any) -> str:
    """Return a nested value as JSON text; numbers keep the digits that the file has."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)}: {_json(one)}" for k, one in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return str(value) if isinstance(value, Digits) else json.dumps(value, ensure_ascii=False, default=cell_text)
