"""Placing circles side by side: the largest in the middle, the others around it."""

import numpy as np

from kg.insight.topology import Floats

ONE_BY_ONE = 60
"""Maximum number of circles for which a free place is sought; all others, and the smallest, go into rings."""


def pack(radii: Floats) -> Floats:
    """Centres of circles that do not overlap, shape (k, 2).

    Args:
        radii: shape (k,), the largest first; it is placed at the origin.
    """
    k = len(radii)
    centers = np.zeros((k, 2))
    placed = 1
    angles = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    while placed < min(k, ONE_BY_ONE) and radii[placed] > 1.01 * radii[-1]:
        # Of all places that touch a circle, the free one nearest to the middle.
        reach = (radii[:placed] + radii[placed]) * 1.05
        spots = (centers[:placed, None] + reach[:, None, None] * directions).reshape(-1, 2)
        apart = np.hypot(*(spots[:, None] - centers[None, :placed]).transpose(2, 0, 1))
        gaps = apart - (radii[:placed] + radii[placed])
        free = (gaps > -1e-9).all(axis=1)
        distance = np.where(free, np.hypot(*spots.T), np.inf)
        centers[placed] = spots[int(np.argmin(distance.round(6)))]
        placed += 1
    if placed < k:
        edge = float((np.hypot(*centers[:placed].T) + radii[:placed]).max())
        centers[placed:] = rings(radii[placed:], edge)
    return centers


def rings(radii: Floats, inner: float) -> Floats:
    """Centres of circles in rings round a disc of radius `inner`, shape (k, 2)."""
    centers = np.zeros((len(radii), 2))
    done, edge = 0, inner
    while done < len(radii):
        size = float(radii[done])
        edge += size * 1.4
        room = max(1, int(np.pi / np.arcsin(min(1.0, size * 1.3 / edge))))
        room = min(room, len(radii) - done)
        turn = 2 * np.pi * np.arange(room) / room + edge
        centers[done : done + room] = edge * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        done += room
        edge += size * 1.4
    return centers
