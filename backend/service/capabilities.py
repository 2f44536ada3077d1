"""Encoders, heads, limits and scene options: all that can be chosen here."""

import logging

from backend import __version__
from backend.encoders import list_encoders
from backend.errors import GlueLinkError
from backend.io.roots import without_foreign_paths
from backend.link.head import load_head
from backend.resources import head_files
from backend.scenes.options import SceneOptions
from backend.service.device import describe_device
from backend.service.schemas import (
    Capabilities,
    EncoderInfo,
    HeadInfo,
    Limit,
    SceneOption,
    SceneOptionChoice,
)
from backend.service.settings import Settings
from backend.text import load_text_encoder

log = logging.getLogger(__name__)


def capabilities(settings: Settings) -> Capabilities:
    """Return the encoders, heads, limits, scene options and the device."""
    return Capabilities(
        version=__version__,
        device=describe_device(),
        # Those with a text tower of their own are for evaluation: a map needs a head.
        encoders=[
            EncoderInfo(
                name=spec.name,
                title=spec.title,
                modality=spec.modality,
                bands=list(spec.bands),
                dates=spec.dates,
                least_dates=spec.least_dates,
                dim=spec.dim,
                window_px=spec.window_px,
                cell_m=spec.cell_m,
                licence=spec.licence,
                source=spec.source,
                available=not spec.unavailable,
                remedy=without_foreign_paths(spec.unavailable),
            )
            for spec in list_encoders()
            if spec.text is None
        ],
        heads=head_infos(),
        limits=[
            Limit(name=name, value=getattr(settings, name), unit=unit, reason=reason)
            for name, (unit, reason) in settings.limits().items()
        ],
        scene_options=scene_options(SceneOptions),
    )


def scene_options(options: type[SceneOptions]) -> list[SceneOption]:
    """Return what can be stated about a scene, ready to be drawn."""
    return [
        SceneOption(
            name=name,
            title=option.title,
            help=option.help,
            kind=option.kind,
            choices=[SceneOptionChoice(value=v, title=t) for v, t in option.choices.items()],
            modality=option.modality,
            advanced=option.advanced,
            default=options.model_fields[name].default,
        )
        for name, option in options.described().items()
    ]


def head_infos() -> list[HeadInfo]:
    """Return each head with each encoder that it fits; heads that fit none are logged."""
    specs = list_encoders()
    infos = []
    for path in head_files():
        try:
            head = load_head(path)
            fitting = [spec for spec in specs if spec.identity == head.meta.encoder_identity]
            if not fitting:
                log.warning("%s fits no encoder here: %s.", path, head.meta.encoder_identity)
            for spec in fitting:
                head.check(spec, load_text_encoder(head.meta.text).space)
                infos.append(
                    HeadInfo(
                        name=path.stem,
                        title=head.meta.title or path.stem,
                        encoder=spec.name,
                        text=head.meta.text,
                        text_space=head.meta.text_space,
                        sha256=head.sha256,
                        scores=head.meta.scores,
                        summary=head.meta.summary,
                    )
                )
        except GlueLinkError as error:  # of the head, or of its text encoder
            log.warning("%s", error)
    return infos
