"""Published weights: what there is, what lies on this disk, and how it is fetched."""

from backend.models.disk import Found, look, verify
from backend.models.pull import Pull, fetch, plan_pull
from backend.models.table import CATALOGUE, Weights, find_weights

__all__ = [
    "CATALOGUE",
    "Found",
    "Pull",
    "Weights",
    "fetch",
    "find_weights",
    "look",
    "plan_pull",
    "verify",
]
