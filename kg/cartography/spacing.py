"""Room for everyone: nodes that would sit on each other are pushed apart, as little as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kg.cartography.topology import Floats


def spread(positions: Floats, radii: Floats, *, rounds: int, mobility: Floats | None = None) -> Floats:
    """Push discs that overlap apart, along the line between their centres.

    Args:
        positions: the centres, shape (n, 2).
        radii: of the discs, shape (n,).
        rounds: how often to look; dense places need several.
        mobility: how easily each disc moves; None moves the smaller of two more.

    Returns:
        New positions; after enough rounds few discs overlap.
    """
    from scipy.spatial import cKDTree

    positions = positions.astype(np.float64)
    n = len(positions)
    ease = 1 / radii**2 if mobility is None else np.asarray(mobility)
    large = float(np.quantile(radii, 0.99)) if n else 0.0
    for _round in range(rounds):
        tree = cKDTree(positions)
        pairs = tree.query_pairs(2 * large, output_type="ndarray")
        # The few large discs reach further than two ordinary ones.
        wide = np.flatnonzero(radii > large)
        more = [
            np.stack([np.full(len(near), number), np.asarray(near)], axis=1)
            for number, near in zip(wide, tree.query_ball_point(positions[wide], radii[wide] + large, return_sorted=True), strict=True)
        ]
        if more:
            pairs = np.unique(np.sort(np.concatenate([pairs, *more]), axis=1), axis=0)
        a, b = pairs[pairs[:, 0] != pairs[:, 1]].T
        apart = positions[a] - positions[b]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        missing = radii[a] + radii[b] - distance
        close = missing > 1e-3 * (radii[a] + radii[b])
        if not close.any():
            break
        a, b, apart, distance, missing = a[close], b[close], apart[close], distance[close], missing[close]
        same = distance < 1e-12
        if same.any():  # on the very same spot: the golden angle gives every pair its own direction
            angle = 2.399963 * (a[same] + b[same])
            apart[same] = np.stack([np.cos(angle), np.sin(angle)], axis=1)
            distance[same] = 1.0
        total = ease[a] + ease[b]
        share = np.divide(ease[a], total, out=np.zeros(len(a)), where=total > 0)
        push = apart * (missing / distance)[:, None]
        for axis in (0, 1):
            positions[:, axis] += np.bincount(a, push[:, axis] * share, n)
            positions[:, axis] -= np.bincount(b, push[:, axis] * np.where(total > 0, 1 - share, 0), n)
    return positions
