"""What a head's cosines are worth: a small posterior of cover classes, kept in the head's file.

The posterior is a softmax over the cosines of a cell with a few classes, so it costs as much as so
many phrases more, and is asked of encoded and of stored cells alike.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import HeadInvalid

L2 = 1e-2  # by the variance of a cosine: steeper posteriors are too sure of other ground


@dataclass(frozen=True, eq=False)
class Calibration:
    """What turns cosines with K classes into probabilities; a head's file carries it.

    Example:
        beside = torch.from_numpy(head.calibration.vectors)
        cosines = Scorer(head, beside).score(features).numpy()  # (n, K + 1)
        shares = head.calibration.posterior(cosines.T).mean(axis=1)  # (K,)
    """

    classes: tuple[str, ...]
    """What the classes are called."""
    holds: tuple[str, ...]
    """Those whose probability has held on real scenes; of the others it must not be shown."""
    vectors: NDArray[np.float32]
    """(K + 1, D): unit vectors of the text space: each class, then the mean of all their words."""
    weight: NDArray[np.float32]
    """(K, K): from cosines with the classes to logits."""
    bias: NDArray[np.float32]
    """(K,)."""
    near: tuple[float, ...]
    """(K): from this cosine with a class on a phrase means it: nine tenths of its words do."""
    noise: float
    """The cosine with the nearest class that random letters stay below."""
    words: tuple[float, float]
    """Of all the words: the length of their mean, and how their cosines with a cell spread."""

    def __post_init__(self) -> None:
        count = len(self.classes)
        shapes = self.weight.shape, self.bias.shape, (len(self.vectors), len(self.near))
        numbers = (*self.near, self.noise, *self.words)
        fits = shapes == ((count, count), (count,), (count + 1, count)) and len(self.words) == 2
        typed = all(isinstance(each, str) for each in (*self.classes, *self.holds)) and all(
            isinstance(each, int | float) for each in numbers
        )
        arrays = [self.vectors, self.weight, self.bias, np.array(numbers if typed else np.nan)]
        if not (fits and typed and all(np.isfinite(each).all() for each in arrays)):
            raise HeadInvalid(
                f"The head's calibration of {count} classes has arrays of other shapes, or holds "
                "something else than names and finite numbers.",
                "Fetch the head again, or train it anew.",
            )

    def posterior(self, cosines: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the probability of each class (K, …), from cosines (K or K + 1, …) of cells."""
        of_classes = np.moveaxis(cosines[: len(self.classes)], 0, -1)
        logits = of_classes @ self.weight + self.bias
        odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.moveaxis(odds / odds.sum(axis=-1, keepdims=True), -1, 0)


def fit_posterior(
    cosines: NDArray[np.floating], shares: NDArray[np.floating], l2: float = L2
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weight (K, K) and bias (K,) of a softmax from cosines (n, K) to cover shares (n, K).

    It minimises the cross-entropy, plus `l2` times the squared weights of cosines at unit variance.
    """
    from scipy.optimize import minimize  # to ask a head needs none of it

    mean, deviation = cosines.mean(axis=0), cosines.std(axis=0)
    x = np.column_stack([(cosines - mean) / deviation, np.ones(len(cosines))]).astype(np.float64)
    y = shares.astype(np.float64)
    size = x.shape[1], y.shape[1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        matrix = flat.reshape(size)
        logits = x @ matrix
        logits -= logits.max(axis=1, keepdims=True)
        log = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        gradient = x.T @ (np.exp(log) * y.sum(axis=1, keepdims=True) - y) / len(x)
        gradient[:-1] += 2 * l2 * matrix[:-1]
        value = -(y * log).sum() / len(x) + l2 * np.square(matrix[:-1]).sum()
        return float(value), gradient.ravel()

    found = minimize(loss, np.zeros(size).ravel(), jac=True, method="L-BFGS-B").x.reshape(size)
    weight = found[:-1] / deviation[:, None]
    return weight.astype(np.float32), (found[-1] - mean @ weight).astype(np.float32)
