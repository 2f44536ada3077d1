"""Wedges: which cells lie in front of a view, and the mean of what is there.

Source: Czerkawski, Talk is Cheap (2026), section on directional pooling.
"""

import numpy as np
import torch

VIEWS = ("north", "east", "south", "west")


def directional_masks(
    height: int, width: int, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu"
) -> torch.Tensor:
    """Masks M (4, h, w) of the views north, east, south, west over a feature grid.

    M_v(i, j) = max(0, cos(theta(i, j) - theta_v)), theta the azimuth from the grid's centre to the
    cell's centre, clockwise from north; row 0 is the northern edge. A cell exactly at the centre
    has no direction and gets 0.
    """
    north = (height - 1) / 2 - torch.arange(height, dtype=torch.float64)[:, None]
    east = torch.arange(width, dtype=torch.float64)[None, :] - (width - 1) / 2
    distance = torch.hypot(*torch.broadcast_tensors(north, east))
    distance[distance == 0] = torch.inf
    cosines = torch.stack([north / distance, east / distance, -north / distance, -east / distance])
    return cosines.clamp(min=0).to(dtype=dtype, device=device)


def mask_means(grid: tuple[int, int] | None) -> torch.Tensor:
    """Mean of each mask over the grid (4,), float64: the factor of the bias in a pooled view.

    Without a grid: the limit of a fine square grid, which real ones come within a percent of.
    """
    return directional_masks(*(grid or (512, 512)), dtype=torch.float64).mean(dim=(1, 2))


def wedge_pool(features: torch.Tensor | np.ndarray) -> torch.Tensor:
    """Pooled views (n, 4, d) of feature grids (n, h, w, d): the mean over cells of M_v * F.

    Pooling commutes with the head: mean(M_v (F W + b)) = wedge_pool(F) W + mean(M_v) b, so a
    survey point is 4 d numbers and no cell is ever projected for training.
    """
    grids = torch.as_tensor(features)
    n, height, width, dim = grids.shape
    masks = directional_masks(height, width, grids.dtype, grids.device).flatten(1)
    return (masks / (height * width)) @ grids.reshape(n, height * width, dim)
