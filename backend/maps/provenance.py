"""What a map depends on, kept inside it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend import __version__
from backend.link.reading import Reading
from backend.maps.inquiry import Inquiry
from backend.scenes import AnyScene, Scene


def provenance_of(asked: Inquiry) -> dict[str, Any]:
    """Return everything that a map depends on, ready for JSON."""
    area, head, text = asked.area, asked.head, asked.text
    spec, lattice = asked.encoder.spec, asked.plan.lattice
    return {
        "gluelink": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "phrases": asked.phrases,
        **({"but_not": asked.but_not} if asked.but_not else {}),
        **({"like": asked.examples.like} if asked.examples.like else {}),
        **({"unlike": asked.examples.unlike} if asked.examples.unlike else {}),
        "measure": asked.measure,
        "area": area.geojson if area else None,
        "scene": _scene_of(asked.scene),
        "encoder": {
            name: getattr(spec, name)
            for name in ("name", "identity", "product_type", "weights_hash")
        },
        "head": {"name": head.meta.name, "sha256": head.sha256},
        "text": {
            "name": text.name,
            "space": text.space.name,
            "revision": text.space.revision,
            "dim": text.space.dim,
        },
        "grid": {"crs": asked.scene.info.utm, "cell_m": asked.cell_m},
        "features": {
            "precision": "int8" if asked.store else "float32",
            "cells_averaged": asked.coarser**2,
        },
        "windows": {
            "quality": lattice.quality,
            "side_px": lattice.window_px,
            "step_px": lattice.stride * lattice.cell_px,
            "margin_px": lattice.margin * lattice.cell_px,
        },
    }


def _scene_of(scene: AnyScene) -> dict[str, Any]:
    """Return what is known of a scene, and how its pixels were prepared."""
    info = scene.info
    return {
        "name": info.name,
        "files": [Path(file).name for file in info.files],
        "date": info.date,
        "source": info.source,
        "product_type": info.product_type,
        "units": info.units,
        "units_reason": info.units_reason,
        "crs": info.crs,
        **_preprocessing_of(scene),
    }


def _preprocessing_of(scene: AnyScene) -> dict[str, Any]:
    """Return how a radar scene's pixels were prepared for the encoder."""
    if not isinstance(scene, Scene):
        return {}
    preprocessing = scene.preprocessing
    return {
        "bands": list(preprocessing.bands),
        "dates": list(preprocessing.dates),
        "dates_are": "averaged" if preprocessing.least_dates is None else "stacked",
        "speckle": preprocessing.options.speckle,
        "options": preprocessing.options.recorded,
        "offset_db": dict(preprocessing.offset_db),
    }


def tags_of(
    provenance: dict[str, Any], labels: Sequence[str], readings: Sequence[Reading | None]
) -> dict[str, str]:
    """Return TIFF tags: everything as JSON, and in plain words what people look for."""
    read = zip(labels, readings, strict=True)
    sentences = [f"{label}: {one.sentence}" for label, one in read if one]
    return {
        "GLUELINK_PROVENANCE": json.dumps(provenance, ensure_ascii=False),
        "GLUELINK_SCENE": provenance["scene"]["name"],
        "GLUELINK_DATE": provenance["scene"]["date"] or "unknown",
        **({"GLUELINK_DATES": dates} if (dates := dates_text(provenance)) else {}),
        "GLUELINK_SPECKLE": provenance["scene"].get("speckle") or "not filtered",
        "GLUELINK_OFFSET_DB": offset_text(provenance) or "none",
        "GLUELINK_ENCODER": provenance["encoder"]["identity"],
        "GLUELINK_HEAD": provenance["head"]["name"],
        "GLUELINK_TEXT_SPACE": f"{provenance['text']['space']}@{provenance['text']['revision']}",
        "GLUELINK_PHRASES": "; ".join(labels),
        **({"GLUELINK_READING": "\n".join(sentences)} if sentences else {}),
    }


def dates_text(provenance: dict[str, Any]) -> str:
    """Return what became of which dates; empty where there is one."""
    scene = provenance["scene"]
    dates = [date or "unknown" for date in scene.get("dates", [])]
    return f"{scene['dates_are']}: {', '.join(dates)}" if len(dates) > 1 else ""


def offset_text(provenance: dict[str, Any]) -> str:
    """Return the dB added to the scene so that it suits the encoder; empty when nothing was."""
    offset = provenance["scene"].get("offset_db") or {}
    return ", ".join(f"{band} {value:+.2f}" for band, value in offset.items())
