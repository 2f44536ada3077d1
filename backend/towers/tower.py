"""The networks of a tower: ViT and BERT of transformers, with what joins them.

Text and image meet twice: as vectors of one space, and in the same BERT, whose layers then also
look at the patches (cross-attention). So one text side serves contrast, matching and filling.
Sources: Li et al., ALBEF (2021) and BLIP (2022); Yang et al., SAR-KnowLIP (2025).
"""

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel, EncoderDecoderCache, ViTConfig, ViTModel

from backend.towers.decoder import Decoder
from backend.towers.reading import Chips, class_tokens, read_words
from backend.towers.sizes import Sizes

TEMPERATURE, COLDEST, HOTTEST = 0.07, 0.001, 0.5
_MLP = 4
_MEAN_DB, _STD_DB = (-12.59, -20.26), (5.26, 5.91)
"""Of Sentinel-1's VV and VH, as SSL4EO-S12 has them."""


def _spread(width: int) -> float:
    """Return the deviation of random weights at which a layer hands on as much as it reads.

    BERT's 0.02, even when it grows with 1 / √width, leaves the class token of a narrow text side
    nearly the same for all texts: at a width of 64 cosines are 0.992 for a few words and 0.999 for
    eight fragments, here 0.921 and 0.985.
    """
    return float(width**-0.5)


class Tower(nn.Module):
    """A vision transformer and a BERT with one shared space.

    Example:
        tower = Tower(Sizes(*SIZES["small"], side_px=64, patch_px=8))
        states = tower.see(db)  # (n, 2, 64, 64) in dB to (n, 65, 384)
        vectors = tower.image_vectors(states)  # (n, 256), of unit length
    """

    def __init__(self, sizes: Sizes) -> None:
        """Make a tower with random weights."""
        super().__init__()
        self.sizes, image, text = sizes, sizes.image, sizes.text
        vit = ViTConfig(
            image_size=sizes.side_px,
            patch_size=sizes.patch_px,
            num_channels=len(_MEAN_DB),
            hidden_size=image.width,
            num_hidden_layers=image.depth,
            num_attention_heads=image.heads,
            intermediate_size=_MLP * image.width,
            initializer_range=_spread(image.width),
        )
        bert = BertConfig(
            vocab_size=sizes.vocabulary,
            hidden_size=text.width,
            num_hidden_layers=text.depth,
            num_attention_heads=text.heads,
            intermediate_size=_MLP * text.width,
            max_position_embeddings=512,
            initializer_range=_spread(text.width),
            hidden_dropout_prob=0.0,  # a run that goes on must not need the state of any dropout
            attention_probs_dropout_prob=0.0,
            is_decoder=True,  # transformers gives cross-attention to decoders alone
            add_cross_attention=True,
            use_cache=False,
        )
        self.vit = ViTModel(vit, add_pooling_layer=False)
        self.bert = BertModel(bert, add_pooling_layer=False)
        same = image.width == text.width
        self.bridge = nn.Identity() if same else nn.Linear(image.width, text.width)
        self.image_projection = nn.Linear(image.width, sizes.dim)
        self.text_projection = nn.Linear(text.width, sizes.dim)
        self.matching = nn.Linear(text.width, 2)
        self.filling = nn.Sequential(
            nn.Linear(text.width, text.width), nn.GELU(), nn.LayerNorm(text.width)
        )
        self.filling_bias = nn.Parameter(torch.zeros(sizes.vocabulary))
        self.temperature = nn.Parameter(torch.tensor(TEMPERATURE))
        self.decoder: Decoder | None = None

    def add_decoder(self) -> None:
        """Let the tower write; its self-attention for that begins as that for reading."""
        self.decoder = Decoder(self.bert)

    def see(self, db: torch.Tensor) -> torch.Tensor:
        """Return the states (n, 1 + patches, width) of chips (n, 2, side, side) in dB.

        Pixels without data (NaN) count as the mean of all radar.
        """
        mean, std = (db.new_tensor(of)[:, None, None] for of in (_MEAN_DB, _STD_DB))
        scaled = (db - mean) / std
        states: torch.Tensor = self.vit(pixel_values=scaled.nan_to_num(0.0)).last_hidden_state
        return states

    def read(
        self, tokens: torch.Tensor, attended: torch.Tensor, seen: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return the states (n, t, width) of tokens (n, t), of which `attended` (n, t) count.

        With `seen`, the states (n, p, width) of chips, every layer looks at those, too.
        """
        # BertModel itself would let a token see only those before it, as a decoder does.
        encoded = self.bert.encoder(
            self.bert.embeddings(input_ids=tokens),
            attention_mask=attended[:, None, None, :],
            encoder_hidden_states=None if seen is None else self.bridge(seen),
            use_cache=False,
        )
        states: torch.Tensor = encoded.last_hidden_state
        return states

    def write(
        self, tokens: torch.Tensor, seen: torch.Tensor, cache: EncoderDecoderCache | None = None
    ) -> torch.Tensor:
        """Return the states (n, t, width) of tokens (n, t), from which `fill` gives the next ones.

        Each sees those before it and the chips' states `seen` (n, p, width). A `cache` holds
        earlier tokens. The tower has a decoder.
        """
        assert self.decoder is not None
        return self.decoder.read_on(self.bert, tokens, self.bridge(seen), cache)

    def read_asked(
        self,
        tokens: torch.Tensor,
        attended: torch.Tensor,
        asked: torch.Tensor | None = None,
        chips: Chips | None = None,
    ) -> torch.Tensor:
        """Return the states (k, width) of the `asked` (n, t) tokens alone, row by row: see `read`.

        Nothing else is computed that they do not need. The class tokens are asked when None.
        """
        asked = class_tokens(attended) if asked is None else asked
        if chips is not None:
            chips = Chips(self.bridge(chips.states), chips.of)
        return read_words(self.bert, tokens, attended, asked, chips)

    def image_vectors(self, states: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, dim) by the class token of chips' states."""
        return functional.normalize(self.image_projection(states[:, 0]).float(), dim=1)

    def text_vectors(self, states: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, dim) by the class token of texts' states."""
        return functional.normalize(self.text_projection(states[:, 0]).float(), dim=1)

    def match(self, states: torch.Tensor) -> torch.Tensor:
        """Return logits (n, 2) of states that have seen a chip: not matched, matched."""
        return self.matching(states[:, 0]).float()

    def match_texts(
        self, tokens: torch.Tensor, attended: torch.Tensor, seen: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits (n, 2) of texts (n, t) with one chip of states (1, p, width)."""
        chip = Chips(seen, torch.zeros(len(tokens), dtype=torch.int64, device=seen.device))
        return self.match(self.read_asked(tokens, attended, chips=chip)[:, None])

    def fill(self, states: torch.Tensor) -> torch.Tensor:
        """Return logits (k, vocabulary) of the words at states (k, width) that have seen a chip."""
        words = self.bert.embeddings.word_embeddings.weight
        return functional.linear(self.filling(states), words, self.filling_bias).float()

    @torch.no_grad()
    def clamp_temperature(self) -> None:
        """Keep the temperature where it may be."""
        self.temperature.clamp_(COLDEST, HOTTEST)

    def start_text(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take a published BERT's embeddings and layers; cross-attention stays as it is.

        Raises:
            RuntimeError: one of them is missing, or of another shape.
        """
        own = {
            name: tensor
            for name, tensor in tensors.items()
            if not name.startswith("pooler.") and name != "embeddings.position_ids"
        }
        missing, unknown = self.bert.load_state_dict(own, strict=False)
        lacking = [name for name in missing if "crossattention" not in name]
        if lacking or unknown:
            raise RuntimeError(f"{[*lacking, *unknown][0]} is in one of them alone")
