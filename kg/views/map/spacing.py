"""Pushing overlapping nodes apart, as little as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

    from kg.insight.topology import Floats, Integers


def _near(tree: cKDTree, positions: Floats, radii: Floats, ordinary: float) -> Integers:
    """Pairs of discs that may overlap, shape (2, k), each once."""
    pairs = tree.query_pairs(2 * ordinary, output_type="ndarray").T
    wide = np.flatnonzero(radii > ordinary)  # the few large discs reach farther than two ordinary ones
    if not len(wide):
        return np.asarray(pairs)
    near = tree.query_ball_point(positions[wide], radii[wide] + radii.max(), return_sorted=True)
    far = np.stack([np.repeat(wide, [len(those) for those in near]), np.concatenate(near).astype(np.int64)])
    pairs = np.concatenate([pairs, far], axis=1)
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    keys = np.sort((low * len(positions) + high)[low != high])
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return np.stack([keys // len(positions), keys % len(positions)])


def spread(positions: Floats, radii: Floats, *, rounds: int, mobility: Floats | None = None) -> Floats:
    """Push discs that overlap apart, along the line between their centres.

    Args:
        positions: the centres, shape (n, 2).
        radii: the radii of the discs, shape (n,).
        rounds: the number of passes; dense places need several.
        mobility: how easily each disc moves; with None, the smaller of two moves more.

    Returns:
        New positions; after enough rounds few discs overlap.
    """
    from scipy.spatial import cKDTree

    positions = positions.astype(np.float64)
    n = len(positions)
    ease = 1 / radii**2 if mobility is None else np.asarray(mobility)
    ordinary = float(np.quantile(radii, 0.98)) if n else 0.0
    for _round in range(rounds):
        a, b = _near(cKDTree(positions), positions, radii, ordinary)
        apart = positions[a] - positions[b]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        missing = radii[a] + radii[b] - distance
        total = ease[a] + ease[b]
        close = (missing > 1e-3 * (radii[a] + radii[b])) & (total > 0)
        if not close.any():
            break
        a, b, apart, distance, missing = a[close], b[close], apart[close], distance[close], missing[close]
        same = distance < 1e-12
        if same.any():  # in exactly the same spot: the golden angle gives every pair its own direction
            angle = 2.399963 * (a[same] + b[same])
            apart[same] = np.stack([np.cos(angle), np.sin(angle)], axis=1)
            distance[same] = 1.0
        share = ease[a] / total[close]
        push = apart * (missing / distance)[:, None]
        moves = [np.bincount(a, p * share, n) - np.bincount(b, p * (1 - share), n) for p in push.T]
        step = np.stack(moves, axis=1)
        # A disc that many others push would overshoot.
        length = np.hypot(step[:, 0], step[:, 1])
        positions += step * np.minimum(1, 2 * radii / np.maximum(length, 1e-12))[:, None]
    return positions
