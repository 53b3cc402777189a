"""Disjoint sets with union by size and path halving (Tarjan 1975, https://doi.org/10.1145/321879.321884)."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Groups(Generic[Item]):
    """Disjoint groups of items; each group keeps the order in which it was joined."""

    def __init__(self) -> None:
        self._above: dict[Item, Item] = {}
        self._size: dict[Item, int] = {}
        self._first: dict[Item, Item] = {}
        self._last: dict[Item, Item] = {}
        self._next: dict[Item, Item] = {}

    def __iter__(self) -> Iterator[Item]:
        """Every item ever joined, in that order."""
        return iter(self._above)

    def root(self, item: Item) -> Item:
        """The representative of an item's group; it may change with a join."""
        above = self._above
        while (higher := above.get(item, item)) != item:
            above[item] = highest = above.get(higher, higher)
            item = highest
        return item

    def size(self, item: Item) -> int:
        """Number of items in an item's group."""
        return self._size.get(self.root(item), 1)

    def members(self, item: Item) -> Iterator[Item]:
        """The items of an item's group; those joined later come later."""
        root = self.root(item)
        member, last = self._first.get(root, root), self._last.get(root, root)
        while member != last:
            yield member
            member = self._next[member]
        yield last

    def join(self, a: Item, b: Item) -> None:
        """Append the group of `b` to that of `a`."""
        self._above.setdefault(a, a)
        self._above.setdefault(b, b)
        one, two = self.root(a), self.root(b)
        if one == two:
            return
        first, last = self._first.get(one, one), self._last.get(two, two)
        self._next[self._last.get(one, one)] = self._first.get(two, two)
        small, large = sorted((one, two), key=lambda root: self._size.get(root, 1))
        self._above[small] = large
        self._size[large] = self._size.get(large, 1) + self._size.pop(small, 1)
        self._first[large], self._last[large] = first, last
