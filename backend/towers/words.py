"""Texts of several fragments as tokens, and which of them may be masked."""

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer, decoders
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from backend.errors import WeightsInvalid

SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[MASK]")
UNKNOWN = "[UNK]"
OUTSIDE = -1
"""The fragment of tokens that belong to none: those that begin and end a text, and padding."""
_SIGN = re.compile(r"\[\w+\]")
_LEAD_IN = re.compile(r"^[^.:]{1,60}?(?::| as )\s*")


@dataclass(frozen=True)
class Tokens:
    """Texts as tensors; t is the length of the longest."""

    ids: torch.Tensor
    """(n, t) int64."""
    attended: torch.Tensor
    """(n, t) bool: which tokens are words, and not padding."""
    fragment: torch.Tensor
    """(n, t) int64: the number of each token's fragment, `OUTSIDE` for those of none."""
    value: torch.Tensor
    """(n, t) bool: which tokens belong to what a fragment says, and not to how it is led in."""

    def to(self, device: torch.device) -> "Tokens":
        """Return the same on a device."""
        return Tokens(*(one.to(device) for one in vars(self).values()))


class Vocabulary:
    """The WordPiece vocabulary of a BERT.

    Example:
        vocabulary = Vocabulary((model_folder() / "tokenizer.json").read_bytes())
        tokens = vocabulary.tokenise([["Water: a lake in the north.", "Roads: none."]], 100)
    """

    def __init__(self, content: bytes) -> None:
        """Take what `tokenizer.json` holds.

        Raises:
            WeightsInvalid: it is damaged, or not the vocabulary of a BERT.
        """
        try:
            self._tokenizer = Tokenizer.from_buffer(content)
        except Exception as error:  # a damaged file makes the reader raise anything
            raise WeightsInvalid(
                f"The vocabulary cannot be read: {' '.join(str(error).split())}.",
                "Take the tokenizer.json of a BERT.",
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.content = content
        self.pad, self.begin, self.end, self.mask = map(self._special, SPECIAL)
        self.no_words = sorted(
            number for word, number in self._tokenizer.get_vocab().items() if _SIGN.fullmatch(word)
        )
        """Tokens that stand for no word: the special ones, and those that BERT left unused."""

    def _special(self, word: str) -> int:
        number: int | None = self._tokenizer.token_to_id(word)
        if number is None:
            raise WeightsInvalid(
                f"The vocabulary lacks {word}, which a BERT has.",
                "Take the tokenizer.json of a BERT.",
            )
        return number

    @property
    def size(self) -> int:
        """How many tokens it knows."""
        return int(self._tokenizer.get_vocab_size())

    def tokenise(self, texts: Sequence[Sequence[str]], most: int) -> Tokens:
        """Return texts of fragments as tokens, each cut off after `most` of them.

        The lead-in of a fragment ends with a colon or the word "as"; a text that is one fragment
        has none.
        """
        rows = [self._row(fragments, most) for fragments in texts]
        longest = max(len(row) for row in rows)
        outside = (self.pad, OUTSIDE, False)
        table = torch.tensor([row + [outside] * (longest - len(row)) for row in rows])
        lengths = torch.tensor([len(row) for row in rows])
        attended = torch.arange(longest) < lengths[:, None]
        return Tokens(table[..., 0], attended, table[..., 1], table[..., 2].bool())

    def _row(self, fragments: Sequence[str], most: int) -> list[tuple[int, int, bool]]:
        """Return id, fragment and whether it is a value of each token of one text."""
        row = [(self.begin, OUTSIDE, False)]
        for number, words in enumerate(fragments):
            lead_in = _LEAD_IN.match(words) if len(fragments) > 1 else None
            first = lead_in.end() if lead_in else 0
            encoded = self._tokenizer.encode(words, add_special_tokens=False)
            starts = (start for start, _ in encoded.offsets)
            row += [
                (one, number, start >= first)
                for one, start in zip(encoded.ids, starts, strict=True)
            ]
        return [*row[: most - 1], (self.end, OUTSIDE, False)]

    def words(self, ids: Sequence[int]) -> str:
        """Return the words of tokens."""
        return str(self._tokenizer.decode(list(ids)))


def words_of(texts: Iterable[str]) -> bytes:
    """Return a `tokenizer.json` of the words of texts, in lower case.

    Words that do not occur in them are spelt by single letters. The same texts in any order give
    the same bytes.
    """
    tokenizer = Tokenizer(WordPiece({}, unk_token=UNKNOWN))
    tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    found = {
        word
        for text in set(texts)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(
            tokenizer.normalizer.normalize_str(text)
        )
    }
    signs = string.ascii_lowercase + string.digits
    spelt = [*signs, *(f"##{sign}" for sign in signs)]
    words = dict.fromkeys([*SPECIAL, UNKNOWN, *spelt, *sorted(found)])
    tokenizer.model = WordPiece({word: k for k, word in enumerate(words)}, unk_token=UNKNOWN)
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens([*SPECIAL, UNKNOWN])
    return str(tokenizer.to_str()).encode()
