"""The settings of the service: its token, whom it listens to, what it may read, its limits."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, DirectoryPath, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend.resources import user_path


def limit(default: float, unit: str, reason: str, **bounds: Any) -> Any:
    """Return a field that clients see as a limit: a number of `unit`, and why it is this number."""
    return Field(default, description=reason, json_schema_extra={"unit": unit}, **bounds)


def _folders(stated: object) -> object:
    """Return the folders of a variable, which are separated as those of PATH are."""
    if not isinstance(stated, str):
        return stated
    return [Path(part).expanduser() for part in stated.split(os.pathsep) if part]


class Settings(BaseSettings):
    """Settings of one service; those the caller leaves out are read from GLUELINK_... variables.

    A new limit is a new field made by `limit`, and a line in docs/service.md.
    """

    model_config = SettingsConfigDict(
        env_prefix="GLUELINK_", env_parse_none_str="none", frozen=True
    )

    token: str = Field(min_length=1, repr=False, pattern=r"^[!-~]+$")
    hosts: frozenset[str] = Field(
        frozenset(), description="Accepted Host headers: NAME:PORT, or NAME for any port."
    )
    state: Path | None = Field(
        None,
        description="Folder of the queue, the scenes and the uploads, which outlives the service; "
        "one in GLUELINK_HOME when left out.",
    )
    results: Path | None = Field(
        None, description="Folder that keeps the maps; one in the state folder when left out."
    )
    store: Path | None = Field(
        default_factory=lambda: user_path("features"),
        description="Folder that keeps what was encoded, for every later phrase; none keeps none.",
    )
    roots: Annotated[tuple[DirectoryPath, ...] | None, NoDecode, BeforeValidator(_folders)] = Field(
        None,
        description="Folders below which scenes are read, beside uploads and fetched scenes; "
        "any folder when left out.",
    )

    max_km2: float = limit(
        500_000, "km²", "Ten whole scenes; more goes to backend.embed, in shards.", gt=0
    )
    max_windows: int = limit(
        2_000_000, "windows", "A day of encoding, at 25 windows a second.", ge=1
    )
    max_result_bytes: int = limit(
        32 * 1024**3, "bytes", "A map of 500,000 km² in cells of 10 m has 20 GB a phrase.", ge=1
    )
    max_job_s: float = limit(
        86_400.0, "seconds", "A job that is not done after a day keeps all others waiting.", gt=0
    )
    max_cancel_s: float = limit(
        30.0, "seconds", "Cancelled work that still goes on hangs on a disk or a fault.", gt=0
    )
    spare_disk_bytes: int = limit(
        1024**3, "bytes", "Left free by every job: other programs write to the disk, too.", ge=0
    )
    max_upload_bytes: int = limit(
        8 * 1024**3, "bytes", "Both bands of a whole scene at 10 m in float32 have 4 GB.", ge=1
    )
    max_uploads: int = limit(
        64,
        "files",
        "Each is kept for days, and few people have more scenes at hand.",
        ge=1,
    )
    uploads_bytes: int = limit(
        32 * 1024**3, "bytes", "All uploads together: four of the largest.", ge=1
    )
    upload_days: float = limit(
        3.0, "days", "An upload that nobody goes on with outlasts a weekend, and then goes.", gt=0
    )
    max_message_bytes: int = limit(
        2 * 1024**2, "bytes", "Twice what an area of the most corners takes.", ge=1
    )
    max_truth_bytes: int = limit(
        64 * 1024**2, "bytes", "A file of labels is read as a whole: a million points.", ge=1
    )
    max_truth_cells: int = limit(
        20_000_000, "cells", "Of a map to measure: a labelled cell takes 100 bytes of memory.", ge=1
    )
    max_phrases: int = limit(
        32, "phrases", "Each is a band of the map, and few people compare more at once.", ge=1
    )
    max_phrase_length: int = limit(
        300, "characters", "The shortest text encoder reads 64 tokens, some 250 letters.", ge=1
    )
    kept_days: float = limit(7.0, "days", "A week's holiday loses no map.", gt=0)
    kept_bytes: int = limit(
        20 * 1024**3, "bytes", "Of results: as many as the store of features may have.", ge=0
    )
    max_queued_jobs: int = limit(16, "jobs", "More would wait for hours, most of them.", ge=1)
    store_bytes: int = limit(
        20 * 1024**3,
        "bytes",
        "What a new store may hold: some 28 whole scenes of texture-s1.",
        ge=1,
    )
    max_connections: int = limit(
        128, "connections", "A panel has two; a process may have no more than 256 files open.", ge=1
    )
    idle_s: float = limit(
        30.0, "seconds", "What a client may take for the next thing that it has to send.", gt=0
    )

    @classmethod
    def limits(cls) -> dict[str, tuple[str, str]]:
        """Return the unit and the reason of each limit, by its name."""
        extras = {name: field.json_schema_extra for name, field in cls.model_fields.items()}
        return {
            name: (str(extra["unit"]), str(cls.model_fields[name].description))
            for name, extra in extras.items()
            if isinstance(extra, dict)
        }
