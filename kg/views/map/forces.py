"""ForceAtlas2 (Jacomy et al. 2014, doi:10.1371/journal.pone.0098679): linked nodes attract, all nodes repel.

Repulsion between all pairs is exact for small graphs. For large ones it is computed on a mesh, as in particle
simulations (Hockney and Eastwood, Computer Simulation Using Particles, 1988): the mass of the nodes is spread on a
grid (cloud in cell) and convolved with the force of a unit mass by FFT, so that an iteration takes O(n + m + g² log g)
for n nodes, m edges and g by g cells. The mesh is blind within a cell; `kg.views.map.spacing` takes care of that.
"""

import numpy as np
from scipy.sparse import csr_matrix

from kg.insight.topology import Floats, Integers
from kg.views.map.mesh import put, shares_of, taken

EXACT_UP_TO = 500
"""Nodes; for more, repulsion is computed on a mesh."""
SOFTENING = 0.3
"""Added to squared distances, in cells, so that the force of a near neighbour stays finite."""
SCALING = 2.0
"""Strength of repulsion; the size of the result grows with it."""
GRAVITY = 1.0
"""Pull towards the centre, which keeps weakly linked nodes from drifting away."""


def settle(
    positions: Floats,
    attraction: csr_matrix,
    masses: Floats,
    *,
    iterations: int,
    labels: Integers | None = None,
    cohesion: float = 0.0,
) -> Floats:
    """Let the nodes move until the forces on them are nearly in balance.

    Args:
        positions: where to start, shape (n, 2).
        attraction: symmetric weights of the links, shape (n, n).
        masses: how strongly each node repels the others, shape (n,).
        iterations: number of steps.
        labels: the community of each node, 0 … k - 1, shape (n,).
        cohesion: pull of every node towards the middle of its community, in weights of links.

    Returns:
        The new positions, float64 of shape (n, 2).
    """
    n = len(positions)
    positions = positions.astype(np.float64)
    repel = _exact if n <= EXACT_UP_TO else _Mesh(128 if n < 5_000 else 256)
    pull = np.asarray(attraction.sum(axis=1)).ravel()
    members = np.maximum(np.bincount(labels), 1) if labels is not None else None
    pace = _Pace(positions, masses)
    for _step in range(iterations):
        force = SCALING * repel(positions, masses)
        force -= pull[:, None] * positions - attraction @ positions
        if labels is not None and members is not None:
            middle = np.stack([np.bincount(labels, axis) / members for axis in positions.T], axis=1)
            force -= cohesion * (positions - middle[labels])
        center = positions.mean(axis=0)
        outward = positions - center
        force -= outward * (GRAVITY * masses / (np.hypot(outward[:, 0], outward[:, 1]) + 1e-9))[:, None]
        positions += force * pace.of(force)[:, None]
    return positions


class _Pace:
    """How far nodes go along the forces, by the paper's section on adaptive speed: far where they travel together."""

    def __init__(self, positions: Floats, masses: Floats) -> None:
        self._masses = masses
        self._previous = np.zeros_like(positions)
        self._speed, self._efficiency = 1.0, 1.0

    def of(self, force: Floats) -> Floats:
        """The factor of each node in the next step."""
        n, masses = len(force), self._masses
        change, sum_ = force - self._previous, force + self._previous
        self._previous = force
        swing = np.hypot(change[:, 0], change[:, 1])
        swinging = float((masses * swing).sum()) + 1e-12
        traction = float((masses * np.hypot(sum_[:, 0], sum_[:, 1])).sum()) / 2 + 1e-12
        expected = 0.05 * np.sqrt(n)
        tolerance = max(np.sqrt(expected), min(10, expected * traction / n**2))
        if swinging / traction > 2:
            self._efficiency = max(self._efficiency * 0.5, 0.05)
            tolerance = max(tolerance, 1)
        target = tolerance * self._efficiency * traction / swinging
        if swinging > tolerance * traction:
            self._efficiency = max(self._efficiency * 0.7, 0.05)
        elif self._speed < 1000:
            self._efficiency *= 1.3
        self._speed += min(target - self._speed, 0.5 * self._speed)
        factors: Floats = self._speed / (1 + np.sqrt(self._speed * masses * swing))
        return factors


def _exact(positions: Floats, masses: Floats) -> Floats:
    """Between all pairs: m₁ m₂ / distance."""
    strength, result = np.full((len(positions), len(positions)), 1e-3), np.empty_like(positions)
    for axis in positions.T:
        strength += np.square(axis[:, None] - axis)
    np.divide(masses, strength, out=strength)
    total = strength.sum(axis=1)
    for number, axis in enumerate(positions.T):
        # Not by matrix product: its sums may depend on the number of processors.
        result[:, number] = masses * (axis * total - np.einsum("ij,j->i", strength, axis))
    return result


class _Mesh:
    """Repulsion on a grid of `side` by `side` cells that covers all nodes."""

    def __init__(self, side: int) -> None:
        from scipy.fft import rfft2

        self.side = side
        steps = np.fft.fftfreq(2 * side, 1 / (2 * side))
        x, y = np.meshgrid(steps, steps, indexing="ij")
        squared = x**2 + y**2 + SOFTENING
        # Twice the side, padded with zeros: a convolution by FFT is circular, and space is not.
        self.kernels = [rfft2((axis / squared).astype(np.float32)) for axis in (x, y)]

    def __call__(self, positions: Floats, masses: Floats) -> Floats:
        from scipy.fft import fft, ifft, irfft, rfft

        side = self.side
        low, high = positions.min(axis=0), positions.max(axis=0)
        cell = float((high - low).max()) * 1.01 / (side - 1) + 1e-9
        place = (positions - (low + high) / 2) / cell + (side - 1) / 2
        shares = shares_of(place, side)
        density = put(masses, shares, side)
        # One axis after the other, because nobody needs to transform the half of the rows that is padding.
        spectrum = fft(rfft(density.astype(np.float32), 2 * side, axis=1), 2 * side, axis=0)
        result = np.empty_like(positions)
        for axis, kernel in enumerate(self.kernels):
            field = irfft(ifft(spectrum * kernel, axis=0)[:side], axis=1)[:, :side]
            result[:, axis] = taken(field, shares)
        result *= (masses / cell)[:, None]
        return result
