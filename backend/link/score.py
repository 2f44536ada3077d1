"""Exact scoring with the folded head: cosines without ever making a D-dimensional cell.

With x = (F, 1) and A = (W; b), the linked cell is x A, and for a unit phrase vector t
cos = x (A t) / |x A|, |x A|^2 = x^T G x, G = A A^T. Neither G's factor nor the norms depend on
the phrase, so a further phrase costs one product of d-vectors per cell. A head with a metric M
takes A M for A and t M, at unit length, for t; nothing else changes.
"""

import numpy as np
import torch

from backend.errors import HeadMismatch
from backend.link.head import LinkHead

ROWS = 8192  # cells whose (d + 1)-dimensional products are held at once


class Scorer:
    """The cosine of every linked cell with every phrase.

    Example:
        scorer = Scorer(head, text.embed(["open water", "a forest"]))
        cosines = scorer.score(encoder.encode(windows))  # (…, 2)
    """

    def __init__(
        self,
        head: LinkHead,
        phrases: torch.Tensor | np.ndarray,
        mixing: torch.Tensor | np.ndarray | None = None,
    ) -> None:
        """Fold the head with phrases (q, D), unit vectors of its text space.

        With `mixing` (p, q) each of p answers is a sum of the q cosines with these weights: one
        minus another is a contrast, at the cost of one phrase.

        Raises:
            HeadMismatch: the phrases have another dimension than the head's text space.
        """
        vectors = torch.as_tensor(phrases).to(head.weight.device, torch.float64)
        if vectors.ndim != 2 or vectors.shape[1] != head.weight.shape[1]:
            raise HeadMismatch(
                f"The phrases are vectors of shape {tuple(vectors.shape)}; "
                f"the head needs (q, {head.weight.shape[1]}).",
                "Embed the phrases with the head's own text encoder.",
            )
        folded = torch.cat([head.weight, head.bias[None]]).to(torch.float64)  # A: (d + 1, D)
        if head.metric is not None:
            folded = folded @ head.metric.to(folded)
        self._phrases = folded @ in_metric(head, vectors).T  # (d + 1, q)
        if mixing is not None:
            self._phrases = self._phrases @ torch.as_tensor(mixing).to(self._phrases).T
        # |x A| = |R x|, R (d + 1, d + 1) from A^T = Q R: a root of G would lose half the digits.
        narrow = folded.shape[0] < folded.shape[1]
        self._factor = torch.linalg.qr(folded.T, mode="r").R.T if narrow else folded

    @property
    def folded(self) -> torch.Tensor:
        """The phrases folded with the head, float64 (d + 1, q) on the CPU: A t, b · t the last."""
        return self._phrases.cpu()

    def linked(self, features: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Return linked cells (…, m) of features (…, d), in a basis of their own, m at most d + 1.

        Lengths and angles are those of F W + b, or of (F W + b) M with a metric.

        Raises:
            HeadMismatch: the features have another dimension than the head's encoder.
        """
        return _affine(self._factor, features)

    def norms(self, features: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Return lengths of linked cells (…,) of features (…, d), the same for every phrase.

        Raises:
            HeadMismatch: the features have another dimension than the head's encoder.
        """
        values = torch.as_tensor(features)
        rows = values.reshape(-1, values.shape[-1]).split(ROWS)
        norms = [torch.linalg.vector_norm(self.linked(part), dim=-1) for part in rows]
        return torch.cat(norms).reshape(values.shape[:-1])

    def score(
        self, features: torch.Tensor | np.ndarray, norms: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return cosines (…, q) of features (…, d); `norms` of them are not computed again.

        Raises:
            HeadMismatch: the features have another dimension than the head's encoder.
        """
        norms = self.norms(features) if norms is None else norms
        products = _affine(self._phrases, features)
        # A cell that is linked to nothing has the cosine 0, not NaN.
        return products / norms.clamp(min=torch.finfo(norms.dtype).tiny)[..., None]


def in_metric(head: LinkHead, phrases: torch.Tensor | np.ndarray) -> torch.Tensor:
    """Return phrases (q, D) as unit vectors of the head's metric, float64: t M."""
    vectors = torch.as_tensor(phrases).to(head.weight.device, torch.float64)
    if head.metric is None:
        return vectors
    return torch.nn.functional.normalize(vectors @ head.metric.to(vectors), dim=1)


def _affine(matrix: torch.Tensor, features: torch.Tensor | np.ndarray) -> torch.Tensor:
    """Return (F, 1) times a matrix (d + 1, k), in float64 for float64 features, else float32."""
    values = torch.as_tensor(features)
    dtype = torch.float64 if values.dtype == torch.float64 else torch.float32
    if values.shape[-1] != matrix.shape[0] - 1:
        raise HeadMismatch(
            f"The features have {values.shape[-1]} dimensions; "
            f"the head needs {matrix.shape[0] - 1}.",
            "Use features of the head's own encoder.",
        )
    matrix = matrix.to(values.device, dtype)
    return values.to(dtype) @ matrix[:-1] + matrix[-1]
