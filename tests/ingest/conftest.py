"""Reading small files in this process: the child process has its own tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.ingest.results import ReadOptions, ReadResult
from geo.problems import RejectedUpload
from geo.schema import LIMITS
from tests.unguarded import read_unguarded

Read = Callable[..., ReadResult]


@pytest.fixture
def limits() -> dict[str, int]:
    """The limits as shipped."""
    return {name: limit.default for name, limit in LIMITS.items()}


@pytest.fixture
def read(tmp_path: Path, limits: dict[str, int]) -> Read:
    """Read text or bytes as a file; options by name; `limit_...` overrides a limit."""

    def read_content(content: str | bytes, name: str = "upload.csv", **given: object) -> ReadResult:
        path = tmp_path / "content"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        own = {key.removeprefix("limit_"): given.pop(key) for key in list(given) if key.startswith("limit_")}
        options = ReadOptions(**given)  # type: ignore[arg-type]
        conversion = read_unguarded(path, tmp_path, name, options, limits | own)
        rows = conversion.rows()
        refused = conversion.refused_rows()
        assert len(rows) + len(refused) == conversion.findings.n_rows_in
        return ReadResult(
            **{name: getattr(conversion.findings, name) for name in conversion.findings.__dataclass_fields__},
            rows=rows,
            refused_rows=refused,
            file_sha256="",
            file=name,
            options=options,
        )

    return read_content


@pytest.fixture
def refusal(read: Read) -> Callable[..., RejectedUpload]:
    """Read what must be refused as a whole; returns the refusal."""

    def refused(content: str | bytes, name: str = "upload.csv", **given: object) -> RejectedUpload:
        with pytest.raises(RejectedUpload) as caught:
            read(content, name, **given)
        assert all(problem.file == name and str(problem.message) for problem in caught.value.problems)
        return caught.value

    return refused
