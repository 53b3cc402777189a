"""The names of posts that may be notes about a thing, and the kind of that thing: `People/Ada.md`."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kg.fields import plain_key
from kg.model import IRI, Post
from kg.namespaces import DCTERMS
from kg.text.filenames import SUFFIX

TYPE = IRI(DCTERMS + "type")
_SORTS = {
    "person": "person people persons contact contacts 人物 personen personnes personas persone pessoas люди",
    "organization": "organization organizations organisation organisations org orgs company companies 机构 组织 公司",
    "product": "product products tool tools 产品 工具",
    "work": "work works book books movie movies film films paper papers 作品 书籍 电影",
    "project": "project projects 项目",
    "series": "series 系列",
}
KIND_OF = {word: kind for kind, words in _SORTS.items() for word in words.split()}
"""What folders, types, categories and tags are called whose notes are each about one thing of a kind."""
_OF_TYPES = frozenset({"class", "fileClass", "fileclass", "kind"})
"""Fields other than `type` that say what a note is about."""
_HYPHENS = re.compile(r"[-_]+")
_LONGEST = 100
_AROUND = re.compile(r"\A[\W\d_]+|[\W_]+\Z")
"""What stands around the words in the names of folders and tags: `03 - People`, `@People`, `#person`, `[[Person]]`."""


class PostNames(NamedTuple):
    """The names of a post."""

    path: str
    names: tuple[str, ...]
    """Title, file name, aliases."""
    kind: str
    """The kind of thing that it is about, by its folder, type, category or tag; "" if they do not say."""


def own_names(posts: Iterable[Post], pointed: Container[str] = ()) -> Iterator[PostNames]:
    """The names of those posts that may be notes: about a thing of some kind, or pointed at by a name."""
    for post in posts:
        folder, _slash, file = SUFFIX.sub("", post.path).rpartition("/")
        words = [each.value for each in post.attributes if each.predicate == TYPE or each.field in _OF_TYPES]
        words += (mention.name for mention in post.mentions if mention.kind in ("category", "tag"))
        words += reversed(folder.split("/"))
        parts = (part for word in words if "/" in word for part in word.split("/"))  # `people/colleague`
        kind = next(filter(None, map(_kind_called, chain(words, parts))), "")
        if kind or post.path in pointed:
            names = dict.fromkeys((post.title, file, _HYPHENS.sub(" ", file), file.removeprefix("@"), *post.aliases))
            yield PostNames(post.path, tuple(names), kind)


@lru_cache(maxsize=1 << 14)
def _kind_called(word: str) -> str:
    """The kind of thing that notes in a folder, or with a type, category or tag of this name, are about, or ""."""
    return KIND_OF.get(plain_key(_AROUND.sub("", word)), "") if len(word) < _LONGEST else ""
