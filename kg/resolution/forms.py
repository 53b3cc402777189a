"""Forms: names of one kind that differ only in punctuation, spaces, and simplified or traditional characters.

`Xi Jinping`, `xi-jinping` and `XI JINPING` are one form; so are `中国` and `《中國》`. All evidence is between forms,
so that rare spellings share what is known about frequent ones. Topics are words rather than names, so it matters where
their words end: the tags `rust-docs` and `Rust docs` are one form, and `rustdocs` is another.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.resolution.names import first_places, is_topic, key_of
from kg.text.folding import fold
from kg.text.languages import HAN
from kg.text.scripts import script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.resolution.names import FoldedName, Key, Place

_HAS_WIDE = re.compile(f"[{HAN}]").search
_DECIMAL_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_LEVEL = re.compile(r"(?<=\w)/(?=\w)")
"""The slash of a nested tag: `go/lang` is not `golang`."""
_AND = re.compile(r"\s+&\s+|(?<=[a-z])\s*&\s*(?=co\b)")
_TURNS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Bidirectional controls are significant: they can disguise one name as another."""
_MARKS = re.compile(rf"[^\w+#&@\uE000\uE001{_TURNS}]|_")
_has_digit = re.compile(rf"[\d{_TURNS}]").search
_is_plain = re.compile("[0-9A-Za-z\u4e00-\u9fff]+").fullmatch
_DIGITS = re.compile(rf"\d+(?:\.\d+)*|[{_TURNS}]")
_ZEROS = re.compile(r"(?:\.0+)+\Z")
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
"""Roman numerals of two letters or more; `I`, `V` and `X` are letters as well: Model X."""
_WORDS = re.compile(r"[^\W_]+(?:['’.][^\W\d_]+)*")
_LOOSE = re.compile(rf"(?<=[\d{HAN}]) | (?=[\d{HAN}])")
"""Spaces that do not separate words: `gpt 4`, `ai 智能体`."""
_CHINESE = dict(zip("123456789", "一二三四五六七八九", strict=True)) | {"10": "十"}
_POINT, _SLASH = "\ue000", "\ue001"
"""Private-use placeholders for significant marks, while all other punctuation is dropped."""
_KEPT = {ord(_POINT): ".", ord(_SLASH): "/"}


def is_wide(text: str) -> bool:
    """Whether a text has a Chinese character."""
    return not text.isascii() and bool(_HAS_WIDE(text))


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def converted(lines: Sequence[str]) -> list[str]:
    """Texts (without line breaks) with traditional characters simplified."""
    return _converter().convert("\n".join(lines)).split("\n") if lines else []


def simplified(texts: Iterable[str]) -> dict[str, str]:
    """Text → its simplified form, for those that change.

    One call of OpenCC (https://github.com/BYVoid/OpenCC) for all, because calls are expensive.
    """
    wide = [text for text in set(texts) if is_wide(text) and "\n" not in text]
    return {old: new for old, new in zip(wide, converted(wide), strict=True) if old != new}


def bare(key: str) -> str:
    """A folded name without spaces and punctuation, except those that distinguish `3.5` from `35` and `C++` from `C`.

    >>> bare("gemini-3.0"), bare("u.s. coast guard"), bare("马克·扎克伯格"), bare("c++"), bare("c/s")
    ('gemini3.0', 'uscoastguard', '马克扎克伯格', 'c++', 'c/s')
    """
    text = key.replace(" ", "")
    if not text.isalnum():
        text = _AND.sub("and", key) if "&" in key else key
        text = _MARKS.sub("", _LEVEL.sub(_SLASH, _DECIMAL_POINT.sub(_POINT, text))).translate(_KEPT)
    return _without_accents(text) or key


def _without_accents(text: str) -> str:
    if text.isascii() or is_wide(text):
        return text
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not "\u0300" <= c <= "\u036f"))


def _words(key: str) -> list[str]:
    """The words of a folded name."""
    return key.split() if key.replace(" ", "").isalnum() else _WORDS.findall(key)


def parted(words: Iterable[str]) -> str:
    """The words of a topic, which distinguish it from others with the same letters."""
    return _LOOSE.sub("", " ".join(words)).replace(".", "")


class Form:
    """All names of one kind with the same `bare` text, of a topic also with the same words.

    The documented fields are set by `finish`.
    """

    __slots__ = ("_places", "_posts", "bare", "count", "digits", "kind", "label", "names", "number", "wide", "words")

    label: str
    """The most frequent spelling."""
    count: int
    """Number of mentions."""
    wide: bool
    """Whether it holds Chinese characters."""
    digits: tuple[str, ...]
    """Its numbers and bidirectional controls; forms that differ in them are never one thing. `3.0` is 3, and of a
    product, `III` is too."""
    words: tuple[str, ...]
    """The words of the name with the most words, folded; for Chinese, the parts between dots."""
    number: int
    """Its index in `Forms.all`."""

    def __init__(self, kind: str, bare: str) -> None:
        self.kind = kind
        self.bare = bare
        self.names: list[FoldedName] = []
        self._places: tuple[Place, ...] | None = None
        self._posts: frozenset[int] | None = None

    def finish(self, number: int) -> None:
        """Set the derived fields once all names have been added."""
        self.number = number
        names = self.names
        if len(names) == 1:
            self.count, self.label = names[0].count, names[0].label
            words = _words(names[0].key)
        else:
            self.count = sum(name.count for name in names)
            self.label = max(names, key=lambda name: (name.count, name.key)).label
            words = max((_words(name.key) for name in names), key=lambda words: (len(words), words))
        self.wide = is_wide(self.bare)
        self.words = tuple(map(_without_accents, words))
        self.digits = self._numbers()

    def _numbers(self) -> tuple[str, ...]:
        found = _DIGITS.findall(self.bare) if _has_digit(self.bare) else []
        if self.kind == "product" and not self.wide:
            found += (ROMAN[word] for word in self.words[1:] if word in ROMAN)
        return tuple(sorted(_ZEROS.sub("", number) for number in found)) if found else ()

    @property
    def script(self) -> str:
        """`han` if it holds Chinese characters, else as `kg.text.scripts.script_of`."""
        return "han" if self.wide else script_of(self.bare)

    @property
    def posts(self) -> frozenset[int]:
        """Indices of the posts that mention the form."""
        if self._posts is None:
            self._posts = frozenset(number for name in self.names for number in name.posts)
        return self._posts

    @property
    def roles(self) -> int:
        """Number of mentions in a role."""
        return sum(name.roles for name in self.names)

    @property
    def places(self) -> tuple[Place, ...]:
        """The first few places that mention it, in path order."""
        if self._places is None:
            self._places = first_places(self.names)
        return self._places


class Forms:
    """All forms, indexed by name, spelling and bare text."""

    def __init__(self, names: Mapping[Key, FoldedName], distinct_sets: Iterable[frozenset[Key]] = ()) -> None:
        """Group names into forms.

        Args:
            names: all names by key.
            distinct_sets: sets of distinct names, from the ledger; those with the same bare text get separate forms.
        """
        to_simple = simplified(key for _kind, key in names)
        alone = {key for group in distinct_sets for key in _sharing_text(group, to_simple)}
        forms: dict[tuple[str, str, str], Form] = {}
        self.of_name: dict[Key, Form] = {}
        self._of_spelling: dict[tuple[str, str], Form] = {}
        for key in sorted(names):
            kind, text = key
            plain = bare(to_simple.get(text, text))
            words = parted(_words(text)) if is_topic(kind) and plain != text else plain
            place = (kind, plain, text if key in alone else words)
            form = forms.get(place)
            if form is None:
                form = forms[place] = Form(kind, plain)
            name = names[key]
            form.names.append(name)
            self.of_name[key] = form
            for typed in name.spellings:
                self._of_spelling[kind, typed] = form
        self.all: list[Form] = list(forms.values())
        for number, form in enumerate(self.all):
            form.finish(number)
        self.by_bare = _by_bare(self.all)

    @classmethod
    def of(cls, forms: Iterable[Form]) -> Forms:
        """A subset of all forms, in their order; it renumbers them."""
        subset = cls.__new__(cls)
        subset.all = list(forms)
        for number, form in enumerate(subset.all):
            form.number = number
        subset.of_name = {name.id: form for form in subset.all for name in form.names}
        subset._of_spelling = {}
        subset.by_bare = _by_bare(subset.all)
        return subset

    def mentioned(self, kind: str, typed: str) -> Form | None:
        """The form of a name as typed; None if the ledger splits all its mentions off to another name."""
        return self._of_spelling.get((kind, typed)) or self.of_name.get(key_of(kind, typed))

    def named(self, text: str) -> list[Form]:
        """The forms of all kinds with this bare text."""
        return self.by_bare.get(text, [])

    def of_kind(self, kind: str) -> list[Form]:
        """The forms of one kind."""
        return [form for form in self.all if form.kind == kind]


def _sharing_text(names: Iterable[Key], to_simple: Mapping[str, str]) -> Iterator[Key]:
    """The names whose kind and bare text another of them shares."""
    sharing: dict[Key, list[Key]] = {}
    for kind, text in names:
        sharing.setdefault((kind, bare(to_simple.get(text, text))), []).append((kind, text))
    return (name for those in sharing.values() if len(those) > 1 for name in those)


def _by_bare(forms: Iterable[Form]) -> dict[str, list[Form]]:
    """Bare text → its forms, the most frequent first."""
    result: dict[str, list[Form]] = {}
    for form in forms:
        result.setdefault(form.bare, []).append(form)
    for alike in result.values():
        if len(alike) > 1:
            alike.sort(key=lambda form: (-form.count, form.number))
    return result


def same_numbers(a: Form, b: Form) -> bool:
    """Whether two forms have the same numbers, be they digits or, beside a Latin name, Chinese: `G7`, `七国集团`."""
    if a.digits == b.digits:
        return True
    if a.wide == b.wide:
        return False
    wide, latin = (a, b) if a.wide else (b, a)
    return not wide.digits and all(_CHINESE.get(number, number) in wide.bare for number in latin.digits)


def bare_of(text: str) -> str:
    """The bare text of a name as typed (not yet simplified)."""
    letters = text.replace(" ", "")
    return letters.lower() if _is_plain(letters) else bare(fold(text))


def bare_all(texts: Sequence[str]) -> list[str]:
    """The bare texts of many names as typed; most need only lower-casing and their spaces removed."""
    lines = "\n".join(texts).replace(" ", "").lower().split("\n")
    if len(lines) != len(texts):
        return list(map(bare_of, texts))
    plain = map(_is_plain, lines)
    return [line if is_plain else bare(fold(text)) for text, line, is_plain in zip(texts, lines, plain, strict=True)]
