"""The heads on this machine: those shipped in resources/heads and the user's own."""

from backend.encoders.base import EncoderSpec
from backend.errors import HeadInvalid, HeadUnknown
from backend.link.head import LinkHead, load_head
from backend.resources import head_files, head_path


def list_heads() -> list[LinkHead]:
    """Return all heads that can be chosen by name.

    Raises:
        HeadInvalid: names a damaged file.
    """
    return [load_head(path) for path in head_files()]


def find_head(name: str | None, encoder: EncoderSpec) -> LinkHead:
    """Return the head of this name, or at this path; the first that fits `encoder` when None.

    Raises:
        HeadUnknown: there is no such head.
        HeadInvalid: its file is damaged.
        HeadMismatch: it belongs to another encoder.
    """
    if name is None:
        return _first_fitting(encoder)
    head = open_head(name)
    head.check_encoder(encoder)
    return head


def open_head(name: str) -> LinkHead:
    """Return the head of this name, or at this path, whatever its encoder.

    Raises:
        HeadUnknown: there is no such head.
        HeadInvalid: its file is damaged.
    """
    return load_head(head_path(name))


def _first_fitting(encoder: EncoderSpec) -> LinkHead:
    """Return the first head that was fitted on `encoder`, past files that are damaged."""
    for path in head_files():
        try:
            head = load_head(path)
        except HeadInvalid:
            continue
        if head.meta.encoder_identity == encoder.identity:
            return head
    raise HeadUnknown(
        f"There is no head for {encoder.name} ({encoder.identity}) on this machine.",
        "Train one: python -m backend.train.",
    )
