"""What counts as a word in full-text search.

Case, width, accents, and traditional or simplified characters make no difference. Chinese, Japanese and Korean are
written without spaces, so in each run every two neighbouring characters are a token, and so is the last one by itself:
`知识图谱` is `知识 识图 图谱 谱`. A word of a query becomes a phrase of such tokens, which is found only where the word
stands; a single character is the beginning of a token. Chinese names are also found by their pinyin.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from operator import add

from kg.resolution.forms import converted, is_wide
from kg.resolution.readings import sound
from kg.text.folding import caseless
from kg.text.scripts import HAN, WIDE

_TOKEN = re.compile(rf"[{WIDE}]+|[^\W_{WIDE}]+[+#]*")
_HAN_RUN = re.compile(f"[{HAN}]{{2,8}}")
_ACCENTS = re.compile("[\u0300-\u036f]+")
BREAKS = str.maketrans("\n\r\t", "   ")
"""Line breaks and tabs, as spaces."""


def valid(text: str) -> str:
    """A text without lone surrogates, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode()


def normal(text: str) -> str:
    r"""A text without the differences that make no difference; line breaks are spaces.

    >>> normal("ＡＩ\nCafé 圖譜")
    'ai cafe 图谱'
    """
    return normal_lines([text])[0]


def normal_lines(texts: Iterable[str]) -> list[str]:
    """The same for many texts, with one call of the converter."""
    return _all_normal([text.translate(BREAKS) for text in texts])


def _all_normal(lines: Sequence[str]) -> list[str]:
    """The same for texts without line breaks."""
    plain = [line.lower() if _is_plain(line) else _without_accents(caseless(line)) for line in lines]
    return converted(plain) if any(map(is_wide, plain)) else plain


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def tokens(text: str) -> Iterator[str]:
    """The tokens of a text that `normal` gave.

    >>> list(tokens("c++ 知识图谱 ai"))
    ['c++', '知识', '识图', '图谱', '谱', 'ai']
    """
    for run in _TOKEN.findall(text):
        if _is_wide_run(run):
            yield from map(add, run, run[1:])
            yield run[-1]
        else:
            yield run


_is_wide_run = re.compile(f"[{WIDE}]").match


def tokens_of_all(groups: Iterable[Iterable[str]]) -> list[str]:
    """The tokens of each group of short texts, with spaces between; no phrase goes from one text into the next."""
    lines = [" | ".join(texts).translate(BREAKS) for texts in groups]
    return list(map(_joined, _all_normal(lines)))


def tokens_of_body(body: str) -> str:
    """The tokens of a text of many lines, with spaces between."""
    return _joined("\n".join(_all_normal(body.split("\n")))) if body else ""


def _joined(text: str) -> str:
    """The tokens of a text that `normal` gave, with spaces between, or a text of which FTS5 makes the same."""
    if _is_plain(text) and "+" not in text and "#" not in text:
        return text
    return valid(" ".join(tokens(text)))


def pinyin(names: Sequence[str]) -> str:
    """The pinyin of Chinese names: each syllable, and each run of syllables at the beginning or the end as one word.

    >>> pinyin(["习近平"])
    'xi jin ping xijin jinping xijinping'
    """
    result: dict[str, None] = {}
    for run in _HAN_RUN.findall(" ".join(names)):
        syllables = [sound(character) for character in run]
        cuts = range(2, len(run))
        result |= dict.fromkeys(syllables)
        result |= dict.fromkeys("".join(part) for cut in cuts for part in (syllables[:cut], syllables[-cut:]))
        result["".join(syllables)] = None
    return " ".join(result)


def phrase(word: str, *, beginning: bool = False) -> str:
    """A word of a query as FTS5 takes it, in quotes; "" if it has neither a letter nor a digit.

    >>> phrase("知识图"), phrase("谱"), phrase('or"'), phrase("nvid", beginning=True)
    ('"知识 识图"', '"谱" *', '"or"', '"nvid" *')
    """
    found = list(tokens(word))
    if found and len(found[-1]) == 1 and _is_wide_run(found[-1]):
        beginning = len(found) == 1 or found[-2][-1] != found[-1] or not _is_wide_run(found[-2])
        found = found if beginning else found[:-1]
    return f'"{" ".join(found)}"' + " *" * beginning if found else ""
