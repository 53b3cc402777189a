"""Amounts on a square grid: each place has a share in the four cells around it (cloud in cell)."""

import numpy as np

from kg.insight.topology import Floats, Integers

Shares = list[tuple[Integers, Floats]]
"""For each of the four corners around places: the cell of each place, and its share there, in [0, 1]."""


def shares_of(place: Floats, side: int) -> Shares:
    """The shares of places, shape (n, 2), on a grid of `side` by `side` cells."""
    corner = np.clip(np.floor(place).astype(np.int64), 0, side - 2)
    x, y = (place - corner).T
    first = corner[:, 0] * side + corner[:, 1]
    return [
        (first, (1 - x) * (1 - y)),
        (first + side, x * (1 - y)),
        (first + 1, (1 - x) * y),
        (first + side + 1, x * y),
    ]


def put(amounts: Floats, shares: Shares, side: int) -> Floats:
    """The grid on which places have some amounts."""
    grid = np.zeros(side * side)
    for where, share in shares:
        grid += np.bincount(where, amounts * share, side * side)
    return grid.reshape(side, side)


def taken(grid: Floats, shares: Shares) -> Floats:
    """What a grid has at places."""
    flat = grid.ravel()
    return np.asarray(sum(share * flat[where] for where, share in shares))
