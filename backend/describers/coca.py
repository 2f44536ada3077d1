"""A CoCa as a describer: it looks at a picture as its encoder does, and writes captions.

Its decoder is searched as open_clip searches it: six beams, at least five tokens, the first
included. Its texts may be longer, as those of SARVLM are: up to the places that it has.
Source: Yu et al., CoCa (2022), and mlfoundations/open_clip.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from backend.describers.backscatter import backscatter
from backend.describers.base import Answer, Chip, Describer, Description
from backend.describers.model import as_sentences, require_text
from backend.encoders.clips import read_settings
from backend.errors import ConfigInvalid
from backend.io.hashes import file_sha256
from backend.text.clip import find_tokenizer, open_tokenizer
from backend.towers.spelling import as_written

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

    from backend.encoders.networks.coca import Coca
    from backend.encoders.networks.own import CocaFiles
    from backend.towers.search import Step

BEAMS, LEAST = 6, 4
"""Texts side by side, and tokens before one may end."""
_STOP = re.compile(r" (?=[.,])")  # CLIP's words stand apart from what ends a sentence


class CocaDescriber(Describer):
    """One CoCa of the user's own, trained here or elsewhere.

    Its words are in small letters, as its vocabulary has them; sentences begin with a capital here.
    """

    writes = ("caption",)
    colours = True

    def __init__(self, path: Path, device: str | None = None) -> None:
        """Look at its files; they are read by the first chip.

        Raises:
            WeightsMissing: there is no such file, or no configuration or tokenizer beside it.
            WeightsInvalid: it is damaged.
            ConfigInvalid: it is a CLIP without a decoder.
        """
        from backend.encoders.networks.own import has_decoder

        if not has_decoder(path):
            raise ConfigInvalid(
                f"{path.stem} is a CLIP, which writes no texts: it has no decoder.",
                "Choose a CoCa, or another describer.",
            )
        self._path, self._device = path, device
        self._settings, self._sha256 = read_settings(path), file_sha256(path)
        self.title, self.chip_px = path.stem, self._settings.side_px
        self.pixel_m = self._settings.pixel_m
        self.types = {"caption": self._settings.tasks}
        self.name = f"{path.stem}@{self._sha256[:8]}"

    @cached_property
    def _files(self) -> CocaFiles:
        from backend.encoders.networks.own import CocaFiles, read_own

        files = read_own(self._path)
        assert isinstance(files, CocaFiles)
        return files

    @cached_property
    def _loaded(self) -> tuple[Coca, Tokenizer]:
        from backend.device import choose_device

        files = self._files
        tokenizer = open_tokenizer(find_tokenizer(self._path.parent), files.words, files.places)
        return files.both(choose_device(self._device)), tokenizer

    def caption(self, chip: Chip) -> Description:
        """Return the caption that the CoCa finds the best for a chip.

        Raises:
            ConfigInvalid: the chip is not what it looks at.
            ReplyInvalid: it wrote nothing.
            WeightsInvalid: weights are of another layout, or not of this tokenizer.
        """
        from backend.towers.search import search
        from backend.towers.settings import Search

        network, tokenizer = self._loaded
        how = Search(beams=BEAMS, least=LEAST, most=network.places - 1)
        first, end = tokenizer.encode("").ids
        best = search(next_word(network, self._see(chip)), [first], end, how)[0]
        text = as_written(_STOP.sub("", tokenizer.decode(list(best.tokens))))
        facts = {"clip": self._path.stem, "sha256": self._sha256, "search": asdict(how)}
        return Description(as_sentences(require_text(self, text)), self.name, facts)

    def answer(self, chip: Chip, question: str) -> Answer:
        """Raise ConfigInvalid: a CoCa learns captions alone."""
        raise ConfigInvalid(
            f"{self._path.stem} is a CoCa, which answers no questions; it writes captions.",
            "Choose another describer.",
        )

    def _see(self, chip: Chip) -> torch.Tensor:
        """Return what the decoder looks at (1, q, D) of a chip, drawn as when it was trained.

        Raises:
            ConfigInvalid: it has neither VV and VH nor a picture, or is larger than its chips.
        """
        import torch

        from backend.encoders.networks.pictures import draw_picture, scale_picture

        network, settings = self._loaded[0], self._settings
        if chip.picture is None:
            db = backscatter(chip, settings.side_px, settings.pixel_m, self._path.stem)
            drawn = draw_picture(torch.from_numpy(db), settings.picture)
        else:
            drawn = torch.tensor(chip.picture, dtype=torch.float32)[None].expand(1, 3, -1, -1)
        device = network.logit_scale.device
        with torch.no_grad():
            return network.encode_image(scale_picture(drawn, self._files.side_px).to(device))[1]


def next_word(network: Coca, seen: torch.Tensor) -> Step:
    """Return what gives logits of the next word, by what is seen (1, q, D) of a picture."""

    def step(ids: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        return network.next_word(seen.expand(len(ids), -1, -1), ids.to(seen.device))

    return step
