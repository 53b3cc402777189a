"""What the posts of a folder say together about the people that each of them names.

`Noel Hart and Iris Vale` are two people if others are named alone (`kg.reading.pairs`), and `ada` is the person whose
page is `authors/ada.md` (`kg.reading.authors`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Post, Record
from kg.reading import authors, pairs
from kg.reading.authors import Author
from kg.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class People(Record, frozen=True):
    """What is to be known of all posts for the names of people in each."""

    parts: pairs.Parts
    authors: dict[str, Author | None]
    """See `kg.reading.authors.known`."""
    decisive: frozenset[str]
    """The folded names of which it matters whether any post gives them."""

    def rewritten(self, posts: Sequence[Post]) -> tuple[Post, ...]:
        """Some of the posts with the names that are meant."""
        apart = pairs.separate(posts, self.parts)
        return authors.joined(apart, self.authors, authors.pages(apart))

    def stands(self, before: Post | None, now: Post | None) -> bool:
        """Whether it stays the same if a post that is no page about an author is edited; None if there is none."""
        one, two = ({m.name for m in post.mentions if m.kind == "person"} if post else set() for post in (before, now))
        return not any(pairs.may_be_several(name) or fold(name) in self.decisive for name in one ^ two)


def people(posts: Sequence[Post], content: Path, home: str) -> People:
    """The people of all posts of a folder, as they were read; `home` is `kg.reading.site.Site.home`."""
    found = pairs.names_of_people(posts)
    parts = pairs.several([found])
    pages = authors.pages(pairs.separate([post for post in posts if authors.has_page(post.path)], parts))
    named = authors.named(pairs.separate(posts, parts)) if pages else ()
    names = [*pairs.parts_of(found.joined), *(name for page in pages for name in (*page.slugs, page.name))]
    known = authors.known(authors.claimed(pages, named), content, home)
    return People(parts, known, frozenset(map(fold, names)))
