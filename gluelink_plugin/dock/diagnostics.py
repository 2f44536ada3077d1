"""What a report of a problem needs, without anything secret."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QT_VERSION_STR, QSysInfo

from ..session import Session
from ..settings import read_metadata

# Tokens and passwords as they appear in headers, variables and addresses.
SECRETS = re.compile(
    r"(bearer\s+|token[\"']?\s*[=:]\s*[\"']?|password[\"']?\s*[=:]\s*[\"']?|://[^/\s:@]+:)[^\s\"'@&]+",
    re.IGNORECASE,
)


def diagnostics(session: Session, log: Iterable[str]) -> str:
    """Return versions, state and the end of the log as text."""
    backend = session.backend
    where = "started by the plugin" if backend.is_ours else backend.settings.address
    lines = [
        f"GLUE-Link {read_metadata('version')}, QGIS {Qgis.QGIS_VERSION}, Qt {QT_VERSION_STR}, "
        f"Python {platform.python_version()}, {QSysInfo.prettyProductName()}",
        f"Backend: {backend.state.value}, {where}",
    ]
    if backend.capabilities is not None:
        can = backend.capabilities
        lines += [
            f"Backend version {can.version} on {can.device.kind} ({can.device.name})",
            "Encoders: "
            + ", ".join(f"{e.name}{'' if e.available else ' (no weights)'}" for e in can.encoders),
            "Describers: "
            + ", ".join(
                f"{d.name}{'' if d.available else ' (not usable)'}" for d in can.describers
            ),
            "Heads: " + ", ".join(f"{head.name} {head.sha256[:12]}" for head in can.heads),
        ]
    if session.scene is not None:
        scene = session.scene
        lines.append(
            f"Scene: {scene.size[0]}×{scene.size[1]} px, {scene.units}, {scene.crs}, "
            + "; ".join(check.text for check in scene.checks)
        )
    return without_secrets("\n".join([*lines, "Log:", *log]))


def without_secrets(text: str) -> str:
    """Return `text` with tokens and passwords struck out, and the user's home as ~."""
    return SECRETS.sub(r"\1…", text).replace(str(Path.home()), "~")
