"""The map under the page: the position and region of every node, and the names of the regions.

    graph ─▶ themes (kg/insight) ─▶ layout ─▶ Map

Seeded and single-threaded throughout: the same graph, with the same hints, gives the same map.
"""

from kg.insight.earlier import PreviousMap
from kg.views.map.chart import chart
from kg.views.map.model import Map, Region
from kg.views.map.positions import load_positions, save_positions

__all__ = ["Map", "PreviousMap", "Region", "chart", "load_positions", "save_positions"]
