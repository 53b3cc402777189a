"""Forms: names of one kind that differ in nothing but punctuation, blanks and simplified or traditional characters.

`Xi Jinping`, `xi-jinping` and `XI JINPING` are one form; so are `中国` and `《中國》`. Evidence of every kind
is looked for between forms, so that rare spellings share what is known about frequent ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.folding import fold
from kg.languages import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.resolution.names import Key, Name

_HAS_WIDE = re.compile(f"[{HAN}]").search
_DECIMAL_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_AND = re.compile(r"\s+&\s+|(?<=[a-z])\s*&\s*(?=co\b)")
_TURNS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Bidirectional controls: they can disguise one name as another, and so they count."""
_MARKS = re.compile(rf"[^\w+#&@\uE000{_TURNS}]|_")
_DIGITS = re.compile(rf"\d+(?:\.\d+)*|[{_TURNS}]")
_WORDS = re.compile(r"[^\W_]+(?:['’.][^\W\d_]+)*")
_POINT = "\ue000"
"""Stands for a decimal point while all other punctuation is dropped; from the private use area."""


def is_wide(text: str) -> bool:
    """Whether there is a Chinese character."""
    return not text.isascii() and bool(_HAS_WIDE(text))


@lru_cache(maxsize=1)
def converter() -> Any:
    """From traditional to simplified characters; made once, for that takes longer than most texts."""
    import opencc

    return opencc.OpenCC("t2s")


def simplified(texts: Iterable[str]) -> dict[str, str]:
    """Texts with traditional characters → the same in simplified ones; only those that change.

    One call of OpenCC (https://github.com/BYVoid/OpenCC) for all of them: a call costs more than a name.
    """
    wide = sorted({text for text in texts if is_wide(text) and "\n" not in text})
    if not wide:
        return {}
    converted = converter().convert("\n".join(wide)).split("\n")
    return {old: new for old, new in zip(wide, converted, strict=True) if old != new}


def bare(key: str) -> str:
    """A folded name without blanks, hyphens and punctuation, which still tells `3.5` from `35` and `C++` from `C`.

    >>> bare("gemini-3.0"), bare("u.s. coast guard"), bare("马克·扎克伯格"), bare("c++")
    ('gemini3.0', 'uscoastguard', '马克扎克伯格', 'c++')
    """
    if key.isalnum():
        return key if key.isascii() else _without_accents(key)
    text = _AND.sub("and", _DECIMAL_POINT.sub(_POINT, key))
    text = _MARKS.sub("", text).replace(_POINT, ".")
    return _without_accents(text) or key


def _without_accents(text: str) -> str:
    if text.isascii() or is_wide(text):
        return text
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not "\u0300" <= c <= "\u036f"))


class Form:
    """Names of one kind with one `bare` text. Everything but `posts` is known once `settle` was called."""

    __slots__ = ("_posts", "bare", "count", "digits", "kind", "label", "names", "number", "wide", "words")

    label: str
    """The most frequent spelling."""
    count: int
    """Number of mentions."""
    wide: bool
    """Whether it holds Chinese characters."""
    digits: tuple[str, ...]
    """The numbers in it, and controls that turn its direction: forms that differ in these are never one thing."""
    words: tuple[str, ...]
    """The words of its most readable name, folded; for Chinese, the parts between the dots."""
    number: int
    """Its place among all forms."""

    def __init__(self, kind: str, bare: str) -> None:
        self.kind = kind
        self.bare = bare
        self.names: list[Name] = []
        self._posts: frozenset[int] | None = None

    def settle(self, number: int) -> None:
        """Work out what follows from the names, once all are there."""
        self.number = number
        self.count = sum(name.count for name in self.names)
        self.label = max(self.names, key=lambda name: (name.count, name.key)).label
        self.wide = is_wide(self.bare)
        self.digits = () if self.bare.isalpha() else tuple(sorted(_DIGITS.findall(self.bare)))
        words = max((_WORDS.findall(name.key) for name in self.names), key=lambda words: (len(words), words))
        self.words = tuple(map(_without_accents, words))

    @property
    def posts(self) -> frozenset[int]:
        """Indices of the posts that mention it."""
        if self._posts is None:
            self._posts = frozenset(number for name in self.names for number in name.posts)
        return self._posts


class Forms:
    """All forms, and the way to each."""

    def __init__(self, names: Mapping[Key, Name], apart: Iterable[frozenset[Key]] = ()) -> None:
        """Bring names together.

        Args:
            names: all names by key.
            apart: pairs that are never one; names of such a pair with the same bare text get forms of their own.
        """
        to_simple = simplified(key for _kind, key in names)
        alone = {key for pair in apart for key in pair if len({bare(to_simple.get(k, k)) for _, k in pair}) == 1}
        forms: dict[tuple[str, str, str], Form] = {}
        for key in sorted(names):
            kind, text = key
            plain = bare(to_simple.get(text, text))
            place = (kind, plain, text if key in alone else "")
            form = forms.get(place)
            if form is None:
                form = forms[place] = Form(kind, plain)
            form.names.append(names[key])
        for number, form in enumerate(forms.values()):
            form.settle(number)
        self._hold(list(forms.values()))

    @classmethod
    def of(cls, forms: Iterable[Form]) -> Forms:
        """Some of all forms, in the order they have among all; they are numbered anew."""
        held = cls.__new__(cls)
        every = list(forms)
        for number, form in enumerate(every):
            form.number = number
        held._hold(every)
        return held

    def _hold(self, forms: list[Form]) -> None:
        self.all = forms
        self.by_bare: dict[str, list[Form]] = {}
        self.of_name: dict[Key, Form] = {}
        for form in forms:
            self.by_bare.setdefault(form.bare, []).append(form)
            for name in form.names:
                self.of_name[name.id] = form
        for namesakes in self.by_bare.values():
            if len(namesakes) > 1:
                # Of two that the ledger keeps apart, the more frequent one is meant.
                namesakes.sort(key=lambda form: (-form.count, form.number))

    def named(self, text: str) -> list[Form]:
        """The forms of all kinds with this bare text."""
        return self.by_bare.get(text, [])

    def of_kind(self, kind: str) -> list[Form]:
        """The forms of one kind."""
        return [form for form in self.all if form.kind == kind]


@lru_cache(maxsize=1 << 16)
def bare_of(text: str) -> str:
    """The bare text of a name as typed (not yet simplified)."""
    return bare(fold(text))
