"""Forms: names of one kind that differ only in punctuation, spaces, and simplified or traditional characters.

`Xi Jinping`, `xi-jinping` and `XI JINPING` are one form; so are `中国` and `《中國》`. All evidence is between forms,
so that rare spellings share what is known about frequent ones. Topics are words rather than names, so it matters where
their words end: the tags `rust-docs` and `Rust docs` are one form, and `rustdocs` is another.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import insort
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from kg.resolution.names import first_places, is_topic, key_of
from kg.text.folding import fold
from kg.text.patterns import pattern
from kg.text.scripts import HAN, first_han, script_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.resolution.names import FoldedName, Key, Place

_DECIMAL_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_LEVEL = re.compile(r"(?<=\w)/(?=\w)")
"""The slash of a nested tag: `go/lang` is not `golang`."""
_AND = re.compile(r"\s+&\s+|(?<=[a-z])\s*&\s*(?=co\b)")
_TURNS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Bidirectional controls are significant: they can disguise one name as another."""
_MARKS = re.compile(rf"[^\w+#&@\uE000\uE001{_TURNS}]|_")
_has_digit = re.compile(rf"[\d{_TURNS}]").search
_is_plain = re.compile("[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff-]*").fullmatch
_DIGITS = re.compile(rf"\d+(?:\.\d+)*|[{_TURNS}]")
_ZEROS = re.compile(r"(?:\.0+)+\Z")
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
"""Roman numerals of two letters or more; `I`, `V` and `X` are letters as well: Model X."""
_WORDS = re.compile(r"[^\W_]+(?:['’.][^\W\d_]+)*")
_LOOSE = pattern(rf" (?:(?<=[\d{HAN}] )|(?=[\d{HAN}]))")
"""Spaces that do not separate words: `gpt 4`, `ai 智能体`."""
_CHINESE = dict(zip("123456789", "一二三四五六七八九", strict=True)) | {"10": "十"}
_POINT, _SLASH = "\ue000", "\ue001"
"""Private-use placeholders for significant marks, while all other punctuation is dropped."""
_KEPT = {ord(_POINT): ".", ord(_SLASH): "/"}


def is_wide(text: str) -> bool:
    """Whether a text has a Chinese character."""
    return not text.isascii() and bool(first_han(text))


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
    text = key.replace(" ", "").replace("-", "")
    if not text.isalnum():
        text = _AND.sub("and", key) if "&" in key else key
        text = _MARKS.sub("", _LEVEL.sub(_SLASH, _DECIMAL_POINT.sub(_POINT, text))).translate(_KEPT)
    return (text if text.isascii() else _without_accents(text)) or key


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


class Form(msgspec.Struct, array_like=True, gc=False, eq=False):
    """All names of one kind with the same `bare` text, of a topic also with the same words."""

    kind: str
    bare: str
    part: str
    """What tells it from other forms with this bare text: see `places_of`."""
    keys: list[str]
    """The keys of its names, sorted; empty where only its text counts."""
    typed: list[str]
    """All spellings of its names."""
    label: str
    """The most frequent spelling."""
    count: int
    """Number of mentions."""
    roles: int
    """Number of mentions in a role."""
    posts: list[int]
    """Indices of the posts that mention it, ascending."""
    wide: bool
    """Whether it holds Chinese characters."""
    digits: tuple[str, ...]
    """Its numbers and bidirectional controls; forms that differ in them are never one thing. `3.0` is 3, and of a
    product, `III` is too."""
    words: tuple[str, ...]
    """The words of the name with the most words, folded; for Chinese, the parts between dots."""
    number: int = -1
    """Its index in the order of all forms: by kind, and then by first key."""

    @property
    def script(self) -> str:
        """`han` if it holds Chinese characters, else as `kg.text.scripts.script_of`."""
        return "han" if self.wide else script_of(self.bare)

    @property
    def place(self) -> tuple[str, str, str]:
        """What no other form has."""
        return self.kind, self.bare, self.part

    @property
    def ids(self) -> list[Key]:
        """The names that are of this form."""
        return [(self.kind, key) for key in self.keys]


def form_of(kind: str, bare: str, part: str, names: Sequence[FoldedName]) -> Form:
    """The form of some names, sorted by key; it has no number yet."""
    if len(names) == 1:
        (name,) = names
        words, keys, posts, typed = _words(name.key), [name.key], name.posts, list(name.spellings)
        label, count, roles = name.label, name.count, name.roles
    else:
        words = max((_words(name.key) for name in names), key=lambda words: (len(words), words))
        keys, posts = [name.key for name in names], mentioning(names)
        typed = [typed for name in names for typed in name.spellings]
        label = max(names, key=lambda name: (name.count, name.key)).label
        count, roles = sum(name.count for name in names), sum(name.roles for name in names)
    wide = is_wide(bare)
    plain = tuple([word if word.isascii() else _without_accents(word) for word in words])
    digits = _numbers(kind, bare, plain, wide=wide)
    return Form(kind, bare, part, keys, typed, label, count, roles, posts, wide, digits, plain)


def mentioning(names: Iterable[FoldedName]) -> list[int]:
    """Indices of the posts that mention any of the names, ascending."""
    return sorted({number for name in names for number in name.posts})


def _numbers(kind: str, bare: str, words: Sequence[str], *, wide: bool) -> tuple[str, ...]:
    found = _DIGITS.findall(bare) if not bare.isalpha() and _has_digit(bare) else []
    if kind == "product" and not wide:
        found += (ROMAN[word] for word in words[1:] if word in ROMAN)
    return tuple(sorted(_ZEROS.sub("", number) for number in found)) if found else ()


class Forms:
    """Forms by number, name, spelling and bare text, with the records of their names."""

    def __init__(
        self, forms: Sequence[Form], names: Mapping[Key, FoldedName], at: Mapping[int, Form] | None = None
    ) -> None:
        """Take forms that are numbered already.

        Args:
            forms: in the order of their numbers.
            names: the names of all of them, as far as anybody will ask for them.
            at: number → form; None if the numbers are indices of `forms`.
        """
        self.all = forms
        self.names = names
        self.at: Mapping[int, Form] | Sequence[Form] = forms if at is None else at

    @classmethod
    def of_names(cls, names: Mapping[Key, FoldedName], distinct_sets: Iterable[frozenset[Key]] = ()) -> Forms:
        """The forms of all names: see `grouped`."""
        return cls(numbered(grouped(names, distinct_sets), ()), names)

    def some(self, numbers: Iterable[int]) -> Forms:
        """Some of these forms, by their numbers in ascending order, which they keep."""
        at = {number: self.at[number] for number in numbers}
        return type(self)(list(at.values()), self.names, at)

    @cached_property
    def of_name(self) -> dict[Key, Form]:
        """Name → its form."""
        return {(form.kind, key): form for form in self.all for key in form.keys}

    @cached_property
    def of_spelling(self) -> dict[tuple[str, str], int]:
        """(kind, name as typed) → number of its form."""
        return {(form.kind, typed): form.number for form in self.all for typed in form.typed}

    @cached_property
    def by_bare(self) -> dict[str, list[Form]]:
        """Bare text → its forms, the most frequent first."""
        return _by_bare(self.all)

    def number_of(self, kind: str, typed: str) -> int | None:
        """The form of a name as typed; None if the ledger splits all its mentions off to another name."""
        number = self.of_spelling.get((kind, typed))
        if number is None and (form := self.of_name.get(key_of(kind, typed))):
            return form.number
        return number

    def named(self, text: str) -> list[Form]:
        """The forms of all kinds with this bare text."""
        return self.by_bare.get(text, [])

    def of_kind(self, kind: str) -> list[Form]:
        """The forms of one kind."""
        return [form for form in self.all if form.kind == kind]

    def names_of(self, form: Form) -> list[FoldedName]:
        """The names of a form, sorted by key."""
        return [self.names[form.kind, key] for key in form.keys]

    def places(self, form: Form) -> tuple[Place, ...]:
        """The first few places that mention a form, in path order."""
        return first_places(self.names_of(form))


def numbered(ordered: Iterable[Form], more: Iterable[Form]) -> list[Form]:
    """Forms in the order of all, numbered by it: those that are in order already, and some more."""
    result = list(ordered)
    for form in more:
        insort(result, form, key=_order)
    for number, form in enumerate(result):
        form.number = number
    return result


def _order(form: Form) -> Key:
    return form.kind, form.keys[0]


def grouped(names: Mapping[Key, FoldedName], distinct_sets: Iterable[frozenset[Key]]) -> list[Form]:
    """The forms of some names, in the order of their first keys.

    Args:
        names: all names of these forms.
        distinct_sets: sets of distinct names, from the ledger; those with the same bare text get separate forms.
    """
    members: dict[tuple[str, str, str], list[FoldedName]] = {}
    for key, place in places_of(sorted(names), distinct_sets).items():
        members.setdefault(place, []).append(names[key])
    return [form_of(*place, own) for place, own in members.items()]


def places_of(names: Collection[Key], distinct_sets: Iterable[frozenset[Key]] = ()) -> dict[Key, tuple[str, str, str]]:
    """Name → kind, bare text, and what else tells its form from others: see `grouped`."""
    apart = list(distinct_sets)
    to_simple = simplified(key for _kind, key in chain(names, *apart))
    alone = {key for group in apart for key in _sharing_text(group, to_simple)}
    result = {}
    for key in names:
        kind, text = key
        plain = bare(to_simple.get(text, text))
        words = parted(_words(text)) if is_topic(kind) and plain != text else plain
        result[key] = kind, plain, text if key in alone else words
    return result


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
    return letters.lower().replace("-", "") if _is_plain(letters) else bare(fold(text))


def bare_all(texts: Sequence[str]) -> list[str]:
    """The bare texts of many names as typed; most need only lower-casing, and their spaces and hyphens removed."""
    lines = "\n".join(texts).replace(" ", "").lower().split("\n")
    if len(lines) != len(texts):
        return list(map(bare_of, texts))
    plain = map(_is_plain, lines)
    return [
        line.replace("-", "") if is_plain else bare(fold(text))
        for text, line, is_plain in zip(texts, lines, plain, strict=True)
    ]
