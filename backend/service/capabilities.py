"""What can be chosen here."""

import logging

from backend import __version__
from backend.encoders import EncoderSpec, list_encoders
from backend.errors import HeadInvalid, HeadMismatch, TextEncoderUnknown
from backend.link.head import LinkHead, load_head
from backend.link.library import head_files
from backend.service.device import describe_device
from backend.service.schemas import Capabilities, EncoderInfo, HeadInfo, Limits, TextSpaceInfo
from backend.service.settings import Settings
from backend.text import load_text_encoder

log = logging.getLogger(__name__)


def capabilities(settings: Settings) -> Capabilities:
    """Encoders, heads, limits and the device."""
    return Capabilities(
        version=__version__,
        device=describe_device(),
        encoders=[encoder_info(spec) for spec in list_encoders()],
        heads=head_infos(),
        limits=Limits(
            max_phrases=settings.max_phrases,
            max_phrase_length=settings.max_phrase_length,
            max_upload_bytes=settings.max_upload_bytes,
            max_queued_jobs=settings.max_queued_jobs,
        ),
    )


def encoder_info(spec: EncoderSpec) -> EncoderInfo:
    """One encoder; those without weights are always available."""
    return EncoderInfo(
        name=spec.name,
        title=spec.title,
        bands=list(spec.bands),
        dim=spec.dim,
        window_px=spec.window_px,
        cell_m=spec.cell_m,
        licence=spec.licence,
        source=spec.source,
        available=True,
    )


def head_infos() -> list[HeadInfo]:
    """All heads that work with an encoder and a text encoder here; others are logged."""
    specs = {spec.name: spec for spec in list_encoders()}
    infos = []
    for path in head_files():
        try:
            head = load_head(path)
            spec = specs.get(head.meta.encoder)
            if spec is not None:
                head.check(spec, load_text_encoder(head.meta.text).space)
                infos.append(head_info(path.stem, head))
        except (HeadInvalid, HeadMismatch, TextEncoderUnknown) as error:
            log.warning("%s", error)
    return infos


def head_info(name: str, head: LinkHead) -> HeadInfo:
    """One head under the name by which it is chosen."""
    space = head.meta.text_space
    return HeadInfo(
        name=name,
        title=head.meta.title or name,
        encoder=head.meta.encoder,
        text=head.meta.text,
        text_space=TextSpaceInfo(name=space.name, revision=space.revision, dim=space.dim),
        sha256=head.sha256,
        scores=head.meta.scores,
        summary=head.meta.summary,
    )
