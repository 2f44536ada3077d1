"""What a map depends on, kept inside the map."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend import __version__
from backend.encoders import EncoderSpec
from backend.link import LinkHead
from backend.maps.area import Area
from backend.scenes import AnyScene
from backend.text import TextEncoder


def provenance_of(
    scene: AnyScene,
    area: Area | None,
    phrases: list[str],
    spec: EncoderSpec,
    head: LinkHead,
    text: TextEncoder,
) -> dict[str, Any]:
    """All that the map depends on, ready for JSON."""
    info = scene.info
    return {
        "gluelink": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "phrases": phrases,
        "area": area.geojson if area else None,
        "scene": {
            "name": info.name,
            "files": [Path(file).name for file in info.files],
            "date": info.date,
            "product": info.product,
            "units": info.units,
            "units_reason": info.units_reason,
            "crs": info.crs,
        },
        "encoder": {
            "name": spec.name,
            "identity": spec.identity,
            "weights_hash": spec.weights_hash,
        },
        "head": {"name": head.meta.name, "sha256": head.sha256},
        "text": {
            "name": text.name,
            "space": text.space.name,
            "revision": text.space.revision,
            "dim": text.space.dim,
        },
        "grid": {"crs": info.utm, "cell_m": spec.cell_m},
    }


def tags_of(provenance: dict[str, Any]) -> dict[str, str]:
    """TIFF tags: everything as JSON, and what people look for in plain words."""
    return {
        "GLUELINK_PROVENANCE": json.dumps(provenance, ensure_ascii=False),
        "GLUELINK_SCENE": provenance["scene"]["name"],
        "GLUELINK_DATE": provenance["scene"]["date"] or "unknown",
        "GLUELINK_ENCODER": provenance["encoder"]["identity"],
        "GLUELINK_HEAD": provenance["head"]["name"],
        "GLUELINK_TEXT_SPACE": f"{provenance['text']['space']}@{provenance['text']['revision']}",
        "GLUELINK_PHRASES": "; ".join(provenance["phrases"]),
    }
