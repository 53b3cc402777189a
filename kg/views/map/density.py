"""Evening out density: crowded places grow and empty ones shrink, while neighbours stay neighbours.

The map is treated as a fluid in which the density of the nodes diffuses (Gastner and Newman 2004,
doi:10.1073/pnas.0400280101): every node drifts with the flow. The diffusion is solved by cosine transform, so that a
step takes O(g² log g) for g by g cells.
"""

from itertools import pairwise

import numpy as np

from kg.insight.topology import Floats
from kg.views.map.mesh import put, shares_of, taken

SIDE = 256
"""Cells along each side."""
MARGIN = 0.35
"""Empty space around the nodes, as a share of the side: the sea, of average density."""
STEPS = 24
"""Integration steps."""
UNTIL = 0.12
"""Drifting stops once density is even at distances below this share of the side."""


def even_out(positions: Floats, areas: Floats) -> Floats:
    """Drift with the diffusing density.

    Args:
        positions: shape (n, 2).
        areas: the area each node needs, shape (n,).

    Returns:
        New positions.
    """
    from scipy.fft import dctn, idctn

    center = np.median(positions, axis=0)
    reach = float(np.hypot(*(positions - center).T).max()) + 1e-9
    cell = 2 * reach * (1 + MARGIN) / SIDE
    place = (positions - center) / cell + SIDE / 2 - 0.5
    density = put(areas, shares_of(place, SIDE), SIDE)
    x, y = np.meshgrid(np.arange(SIDE) - SIDE / 2 + 0.5, np.arange(SIDE) - SIDE / 2 + 0.5, indexing="ij")
    # The mean is taken where most nodes are: the sea must neither squeeze them nor let them flow away.
    land = float(np.quantile(np.hypot(*(place - SIDE / 2 + 0.5).T), 0.9))
    sea = float(areas.sum()) / (np.pi * land**2)
    shore = reach / cell * 1.02
    density[np.hypot(x, y) > shore] = sea
    waves = dctn(density.astype(np.float32), norm="ortho")
    frequencies = np.pi * np.arange(SIDE) / SIDE
    squared = (frequencies[:, None] ** 2 + frequencies[None] ** 2).astype(np.float32)
    # Time runs as the square of the blur: equal factors of blur take equal numbers of steps.
    finest = max(1.0, 0.3 * SIDE / np.sqrt(len(positions)))  # below the space between nodes there is no density
    times = np.geomspace(finest, max(UNTIL * SIDE, finest), STEPS + 1) ** 2 / 2
    for now, later in pairwise(times):
        smooth = np.maximum(idctn(waves * np.exp(-squared * now), norm="ortho"), sea * 1e-2)
        shares = shares_of(place, SIDE)
        flow = [-taken(slope, shares) for slope in np.gradient(smooth)] / taken(smooth, shares)
        step = flow.T * (later - now)
        # No farther than the blur: beyond it the flow is not known.
        length = np.hypot(*step.T)
        place += step * np.minimum(1, np.sqrt(2 * now) / (length + 1e-9))[:, None]
        place = np.clip(place, 0, SIDE - 1.001)
    return np.asarray((place - SIDE / 2 + 0.5) * cell + center)
