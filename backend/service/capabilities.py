"""Encoders, heads, describers, limits and scene options: all that can be chosen here."""

import logging

from backend import __version__
from backend.describers.offered import list_describers
from backend.encoders import EncoderSpec, list_encoders
from backend.errors import GlueLinkError
from backend.io.roots import without_foreign_paths
from backend.link.head import LinkHead, load_head, own_head
from backend.resources import head_files
from backend.scenes import PIXEL_M
from backend.scenes.options import SceneOptions
from backend.service.device import describe_device
from backend.service.schemas import (
    Capabilities,
    DescriberInfo,
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
    """Return the encoders, heads, describers, limits, scene options and the device."""
    return Capabilities(
        version=__version__,
        device=describe_device(),
        # Published ones that answer text by themselves are listed where their weights are.
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
            if spec.text is None or not spec.unavailable
        ],
        heads=head_infos(),
        describers=describer_infos(),
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
    """Return each head with each encoder that it fits; heads that fit none are logged.

    An encoder that brings its own text space comes first, with what stands for its head.
    """
    specs, infos = list_encoders(), []
    for spec in specs:
        if spec.text is not None and not spec.unavailable:
            try:
                infos.append(_head_info(spec.name, spec, own_head(spec)))
            except GlueLinkError as error:  # of its text encoder
                log.warning("%s", error)
    for path in head_files():
        try:
            head = load_head(path)
            fitting = [spec for spec in specs if spec.identity == head.meta.encoder_identity]
            if not fitting:
                log.warning("%s fits no encoder here: %s.", path, head.meta.encoder_identity)
            for spec in fitting:
                head.check(spec, load_text_encoder(head.meta.text).space)
                infos.append(_head_info(path.stem, spec, head))
        except GlueLinkError as error:  # of the head, or of its text encoder
            log.warning("%s", error)
    return infos


def describer_infos() -> list[DescriberInfo]:
    """Return all that describe; one whose files cannot be used says why."""
    infos = []
    for offer in list_describers():
        found, problem = offer.describer, without_foreign_paths(offer.problem)
        if problem:
            log.warning("The describer %s cannot be used: %s", offer.name, offer.problem)
        infos.append(
            DescriberInfo(
                name=offer.name,
                title=(found and found.title) or offer.name,
                captions=found is not None and "caption" in found.writes,
                questions=found is not None and "question" in found.writes,
                measures=found is not None and not found.needs_pixels,
                chip_m=found.chip_px * PIXEL_M if found and found.chip_px else None,
                licence=found.licence if found else "",
                available=found is not None,
                remedy=problem,
            )
        )
    return infos


def _head_info(name: str, spec: EncoderSpec, head: LinkHead) -> HeadInfo:
    return HeadInfo(
        name=name,
        title=head.meta.title or name,
        encoder=spec.name,
        text=head.meta.text,
        text_space=head.meta.text_space,
        sha256=head.sha256,
        scores=head.meta.scores,
        summary=head.meta.summary,
    )
