"""A tower as one file of safetensors: weights, sizes, vocabulary, card.

| name | what |
|---|---|
| `format` in the metadata | `gluelink-tower/1` |
| `card` in the metadata | a JSON object with the fields of `TowerCard` |
| `tower.*` | the weights of `Tower`, in float32 |
| `vocabulary` (bytes,) uint8 | the tokenizer.json of its text side |

The card is read without torch, so that lists of encoders are quick.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.tensors import write_tensors
from backend.towers.settings import Search
from backend.towers.sizes import Sizes, Transformer

if TYPE_CHECKING:
    import torch

    from backend.towers.tower import Tower
    from backend.towers.words import Vocabulary

FORMAT = "gluelink-tower/1"
PREFIX, VOCABULARY = "tower.", "vocabulary"
DECODER = f"{PREFIX}decoder."
WRITES = ("caption", "question")
REMEDY = "Use a tower that was written by python -m backend.train."
_LONGEST_HEADER = 100_000_000  # safetensors' own limit


@dataclass(frozen=True)
class TowerCard:
    """What a tower's file says of itself."""

    name: str
    """What it was called when it was trained; its text space keeps the name."""
    sizes: Sizes
    """How large it is."""
    title: str = ""
    """What people read."""
    pixel_m: float = 10.0
    """Side of a pixel of most of its chips, in metres."""
    cell_px: int | None = None
    """Side of the cells of maps, in the middle of their chips; that of a chip when None."""
    writes: tuple[str, ...] = ()
    """What its decoder learnt to write, of `WRITES`; it has none where this is empty."""
    search: Search | None = None
    """How its captions are searched for."""
    licence: str = ""
    """That of the corpus it was trained on."""
    summary: str = ""
    """One sentence on what it learnt from."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """What was measured of it."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """How and on what it was trained."""


def save_tower(tower: "Tower", vocabulary: "Vocabulary", card: TowerCard, path: Path) -> None:
    """Write a tower, whole or not at all.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    import torch

    tensors = {PREFIX + name: tensor for name, tensor in tower.state_dict().items()}
    tensors[VOCABULARY] = torch.frombuffer(bytearray(vocabulary.content), dtype=torch.uint8)
    header = {"format": FORMAT, "card": card_text(card)}
    write_tensors(path, tensors, header)


def card_text(card: TowerCard) -> str:
    """Return a card as JSON."""
    return json.dumps(asdict(card), sort_keys=True)


def read_card(path: Path) -> TowerCard:
    """Return what a tower's file says of itself; its weights are not read.

    Raises:
        WeightsMissing: there is no such file.
        WeightsInvalid: it is damaged, or not a tower.
    """
    _require_file(path)
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > _LONGEST_HEADER:
                raise ValueError("its header is too long")
            header = json.loads(file.read(length)).get("__metadata__", {})
        if header.get("format") != FORMAT:
            raise WeightsInvalid(f"{path.name} is not of the format {FORMAT}.", REMEDY)
        return card_of(header["card"])
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsInvalid(f"{path.name} cannot be read as a tower: {error}.", REMEDY) from error


def is_tower(path: Path) -> bool:
    """Return whether a file is a tower that can be read."""
    try:
        read_card(path)
    except WeightsInvalid:
        return False
    return True


def card_of(text: str) -> TowerCard:
    """Return the card that `card_text` wrote; raise a ValueError, KeyError or TypeError if not."""
    fields = json.loads(text)
    sizes = fields.pop("sizes")
    image, words = (Transformer(**sizes.pop(side)) for side in ("image", "text"))
    search = fields.pop("search", None)
    card = TowerCard(
        sizes=Sizes(image, words, **sizes), search=search and Search(**search), **fields
    )
    if not all(isinstance(one, str) for one in (card.name, card.title, card.licence)):
        raise ValueError("a name, title or licence that is not text")
    if not set(card.writes) <= set(WRITES):
        raise ValueError(f"a decoder that writes {card.writes}")
    if not isinstance(card.training, dict):
        raise ValueError("training that is not an object")
    decoder = card.training.get("decoder") or {}
    if not isinstance(decoder, dict):
        raise ValueError("a decoder that is not an object")
    types = [*card.training.get("tasks", ()), *decoder.get("types", ())]
    if not all(isinstance(one, str) for one in types):
        raise ValueError(f"texts of the types {types}")
    cells, chips = card.cell_px, card.sizes.side_px
    if cells is not None and (
        not isinstance(cells, int) or not 1 <= cells <= chips or (chips - cells) % 2
    ):
        raise ValueError(f"cells of {cells} px in chips of {chips} px")
    return replace(
        card, pixel_m=float(card.pixel_m), summary=str(card.summary), writes=tuple(card.writes)
    )


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise WeightsMissing(f"There is no tower at {path}.", "Check the path, or train one.")


def load_tower(path: Path, device: "torch.device") -> tuple["Tower", "Vocabulary", TowerCard]:
    """Return a tower, frozen, with its vocabulary and card.

    Raises:
        WeightsMissing: there is no such file.
        WeightsInvalid: it is damaged, not a tower, or its weights are not of the sizes it states.
    """
    import torch

    from backend.towers.tower import Tower

    card = read_card(path)
    tensors = read_tensors(path)
    vocabulary = vocabulary_of(tensors, card, path)
    tower = Tower(card.sizes)
    if card.writes:
        tower.add_decoder()
    fill_tower(tower, tensors, path, REMEDY)
    if not all(torch.isfinite(one).all() for one in tower.parameters()):
        raise WeightsInvalid(f"{path.name} holds NaN or infinite values.", REMEDY)
    return tower.to(device).eval().requires_grad_(False), vocabulary, card


def read_tensors(path: Path) -> dict[str, "torch.Tensor"]:
    """Return all tensors of a tower's file.

    Raises:
        WeightsMissing: there is no such file.
        WeightsInvalid: it is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    _require_file(path)
    try:
        return load_file(path)
    except (OSError, SafetensorError, ValueError) as error:
        raise WeightsInvalid(f"{path.name} is cut short or damaged.", REMEDY) from error


def fill_tower(
    tower: "Tower",
    tensors: Mapping[str, "torch.Tensor"],
    path: Path,
    remedy: str = "Choose the sizes it was trained with, or start without it.",
) -> None:
    """Put the weights of a file into a tower: all of them, and each of its shape.

    Raises:
        WeightsInvalid: names the first that is missing, unknown or of another shape.
    """
    own = {k.removeprefix(PREFIX): v for k, v in tensors.items() if k.startswith(PREFIX)}
    expected = tower.state_dict()
    for name in [*expected, *own]:
        found, wanted = own.get(name), expected.get(name)
        if found is None or wanted is None or found.shape != wanted.shape:
            shapes = ["none" if one is None else f"{tuple(one.shape)}" for one in (found, wanted)]
            raise WeightsInvalid(
                f"{path.name} is a tower of another size: its {name} is {shapes[0]}; expected "
                f"{shapes[1]}.",
                remedy,
            )
    tower.load_state_dict(own)


def vocabulary_of(
    tensors: Mapping[str, "torch.Tensor"], card: TowerCard, path: Path
) -> "Vocabulary":
    """Return the vocabulary in a tower's file.

    Raises:
        WeightsInvalid: there is none, it is damaged, or the tower has another number of words.
    """
    from backend.towers.words import Vocabulary

    if VOCABULARY not in tensors:
        raise WeightsInvalid(f"{path.name} holds no vocabulary.", REMEDY)
    try:
        vocabulary = Vocabulary(bytes(tensors[VOCABULARY].tolist()))
    except WeightsInvalid as error:
        raise WeightsInvalid(f"{path.name} is damaged: {error.message}", REMEDY) from error
    require_vocabulary(vocabulary, card.sizes.vocabulary, path.name)
    return vocabulary


def require_vocabulary(vocabulary: "Vocabulary", words: int, name: str) -> None:
    """Raise WeightsInvalid unless a tower knows exactly the words of a vocabulary."""
    if vocabulary.size != words:
        raise WeightsInvalid(
            f"{name} knows {words:,} words, its vocabulary {vocabulary.size:,}.",
            "Give it the vocabulary that it was trained with.",
        )
