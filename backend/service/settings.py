"""The settings of the service: its token, whom it listens to, its limits."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.resources import user_path


class Settings(BaseSettings):
    """Settings of one service; those the caller leaves out are read from GLUELINK_... variables."""

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
    kept_days: float = Field(
        7.0, gt=0, description="Days that a result is kept: a week's holiday loses no map."
    )
    kept_bytes: int = Field(
        20 * 1024**3,
        ge=0,
        description="Bytes of results that are kept: as many as the store of features may have.",
    )
    store: Path | None = Field(
        default_factory=lambda: user_path("features"),
        description="Folder that keeps what was encoded, for every later phrase; none keeps none.",
    )
    store_bytes: int = Field(
        20 * 1024**3, ge=1, description="What the store may hold, where it is new."
    )
    max_phrases: int = Field(32, ge=1)
    max_phrase_length: int = Field(300, ge=1, description="Characters.")
    max_upload_bytes: int = Field(8 * 1024**3, ge=1)
    max_queued_jobs: int = Field(16, ge=1)
    max_connections: int = Field(
        128, ge=1, description="A panel has two; a process may have no more than 256 files open."
    )
    idle_s: float = Field(
        30.0, gt=0, description="Seconds that a client may take for the next thing it has to send."
    )
