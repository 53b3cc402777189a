"""The map under the page: where every node stands, which region it belongs to, and what the regions are called.

    graph ─▶ topology ─▶ communities ─▶ layout ─▶ naming ─▶ Map

Seeded and single-threaded throughout: the same graph, with the same hints, gives the same map.
"""

from kg.views.map.chart import chart
from kg.views.map.model import Map, Region
from kg.views.map.positions import Earlier, load_positions, save_positions

__all__ = ["Earlier", "Map", "Region", "chart", "load_positions", "save_positions"]
