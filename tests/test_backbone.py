"""Which things go together: the measure by a worked example, and what is kept of it."""

from __future__ import annotations

import numpy as np
import pytest

from kg.insight.relatedness import g_squared
from kg.views.map.backbone import MOST, SURE, backbone, ties
from tests.page.graphs import big


def named(*posts: str) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Posts that name things by single letters, as arguments of `ties`; the things come first."""
    things = sorted(set("".join(posts)))
    pairs = [(len(things) + number, things.index(thing)) for number, post in enumerate(posts) for thing in post]
    source, target = np.array(pairs, np.int64).T
    return len(things) + len(posts), np.arange(len(things), len(things) + len(posts)), source, target


@pytest.mark.parametrize(
    ("both", "one", "other", "total", "expected"),
    [(8, 10, 10, 100, 35.8), (1, 10, 10, 100, 0.0), (0, 50, 50, 100, -138.6), (5, 5, 100, 100, 0.0), (2, 2, 2, 4, 5.5)],
)
def test_the_measure(both: int, one: int, other: int, total: int, expected: float) -> None:
    score = g_squared(np.array([both]), np.array([one]), np.array([other]), total)
    assert score[0] == pytest.approx(expected, abs=0.05)


def test_things_are_tied_that_appear_together_more_often_than_chance_would_have_it() -> None:
    found = ties(*named(*["ab"] * 8, *["ac", "bc", "c", "c", "d", "cd"] * 10))
    assert found.ends[0].tolist() == [0, 1]
    assert found.posts[0] == 8
    assert (found.strengths > 0).all()


def test_a_hub_that_is_everywhere_is_tied_to_nothing() -> None:
    found = ties(*named(*["abh", "cdh"] * 9))
    assert {tuple(ends) for ends in found.ends.tolist()} == {(0, 1), (2, 3)}


def test_notes_that_link_to_each_other_are_tied() -> None:
    posts = np.arange(60)
    source = np.repeat(posts, 2)
    target = np.stack([(posts // 3) * 3 + (posts + 1) % 3, (posts // 3) * 3 + (posts + 2) % 3], axis=1).ravel()
    found = ties(60, posts, source, target)
    assert len(found.ends)
    assert (found.ends[:, 0] // 3 == found.ends[:, 1] // 3).all()


def test_of_a_large_graph_the_sure_ties_of_what_matters_are_kept_and_always_the_same() -> None:
    graph = big(posts=800, seed=2)
    one, other = backbone(graph), backbone(graph)
    assert 500 < len(one.ends) <= MOST
    assert (one.ends[:, 0] < one.ends[:, 1]).all()
    assert (one.strengths >= SURE).all()
    assert (one.posts >= 2).all()
    assert len(np.unique(one.ends, axis=0)) == len(one.ends)
    assert one.ends.tobytes() == other.ends.tobytes()


@pytest.mark.parametrize("posts", [(), ("",), ("a",), ("ab",)])
def test_graphs_with_hardly_anything_in_them(posts: tuple[str, ...]) -> None:
    if not "".join(posts):
        found = ties(len(posts), np.arange(len(posts)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    else:
        found = ties(*named(*posts))
    assert found.ends.shape == (len(found.posts), 2)
