"""The names that posts mention, one record per kind and folded name, with counts and places."""

from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec

from kg.fields import AUTHOR
from kg.model import Post
from kg.namespaces import KG, KINDS
from kg.text.folding import fold
from kg.text.languages import language_of
from kg.text.scripts import has_letter

Key = tuple[str, str]
"""(kind, folded name): identifies a name before anything is inferred."""
Place = tuple[str, int]
"""(post path, line)."""
SEVERAL = "mul"
"""The tag of ISO 639-2 for several languages."""
ROLES = frozenset({AUTHOR, KG + "speaker", KG + "guest", KG + "host"})
"""Predicates of roles."""
MAX_PLACES = 5
"""Places recorded per name."""


def key_of(kind: str, name: str) -> Key:
    """The key of a name; a name with no visible characters is its own key."""
    return kind, fold(name) or name


def is_topic(kind: str) -> bool:
    """Whether names of a kind are subjects, written as words are: `open-ai`."""
    return kind in KINDS and KINDS[kind].scheme


class FoldedName(msgspec.Struct, array_like=True, gc=False):
    """A name of one kind, with all the spellings that fold to its key."""

    kind: str
    key: str
    spellings: dict[str, int] = {}
    """As typed → number of mentions."""
    languages: dict[str, str] = {}
    """As typed → the language that posts with this spelling declare, "" if none does, `SEVERAL` if they differ."""
    posts: list[int] = []
    """Indices of the posts that mention it, ascending, each once."""
    places: list[Place] = []
    """The first few mentions."""
    homepage: str = ""
    count: int = 0
    """Number of mentions."""
    roles: int = 0
    """Number of mentions as author, speaker, guest or host, which say what it does rather than what it is."""

    @property
    def id(self) -> Key:
        """(kind, key)."""
        return self.kind, self.key

    @property
    def label(self) -> str:
        """The most frequent spelling; the first by code point among equals."""
        spellings = self.spellings
        if len(spellings) == 1:
            return next(iter(spellings))
        return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))

    def hear(self, typed: str, language: str) -> None:
        """Add the language that a spelling has in one more post."""
        before = self.languages.get(typed, "")
        self.languages[typed] = SEVERAL if before and language and before != language else before or language

    def take(
        self,
        spellings: Mapping[str, int],
        languages: Mapping[str, str],
        posts: Iterable[int],
        places: Iterable[Place],
        homepage: str,
        roles: int,
    ) -> None:
        """Add mentions from later posts."""
        for typed, language in languages.items():
            self.hear(typed, language)
        for typed, count in spellings.items():
            self.spellings[typed] = self.spellings.get(typed, 0) + count
            self.count += count
        self.posts.extend(posts)
        self.places = [*self.places, *places][:MAX_PLACES]
        self.homepage = self.homepage or homepage
        self.roles += roles


def collect(
    posts: Sequence[Post],
    splits: Mapping[tuple[str, Key], str] | None = None,
    *,
    numbers: Iterable[int] | None = None,
    among: Container[Key] | None = None,
) -> dict[Key, FoldedName]:
    """All names of all posts, or some of them.

    Args:
        posts: in the order that numbers them.
        splits: (post path, key) → the name it stands for there, from the ledger's `split` lines.
        numbers: of the posts to look at, ascending; None for all.
        among: the names, as (kind, name as typed), to look for; None for all.
    """
    names: dict[Key, FoldedName] = {}
    seen: dict[tuple[str, str, str], FoldedName] = {}
    """Kind, name as typed, language of a post → its name, which has heard of the three."""
    for number in range(len(posts)) if numbers is None else numbers:
        post = posts[number]
        path = post.path
        for mention in post.mentions:
            typed = mention.name
            if among is not None and (mention.kind, typed) not in among:
                continue
            if splits and (path, key := key_of(mention.kind, typed)) in splits:
                typed = splits[path, key]
            name = seen.get((mention.kind, typed, post.language))
            if name is None:
                name = seen[mention.kind, typed, post.language] = _named(names, mention.kind, typed)
                name.hear(typed, language_of(typed, post.language) if has_letter(typed) else "")
            name.count += 1
            name.roles += mention.predicate in ROLES
            name.spellings[typed] = name.spellings.get(typed, 0) + 1
            if not name.posts or name.posts[-1] != number:
                name.posts.append(number)
            if name.count <= MAX_PLACES:
                name.places.append((path, mention.line))
            if mention.homepage and not name.homepage:
                name.homepage = mention.homepage
    return {key: name for key, name in names.items() if name.count}


def _named(names: dict[Key, FoldedName], kind: str, typed: str) -> FoldedName:
    key = key_of(kind, typed)
    name = names.get(key)
    if name is None:
        name = names[key] = FoldedName(*key)
    return name


def first_places(names: Iterable[FoldedName]) -> tuple[Place, ...]:
    """The first few places of any of the names, in path order."""
    return tuple(sorted({place for name in names for place in name.places})[:MAX_PLACES])
