"""Names as they are written in front matter: several in one string, as wikilinks, or as YAML would change them."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

MARKS = "、､，；،؛"
"""What separates names in Chinese, Japanese and Arabic."""
_GUARDED = (
    r"《[^《》\n]*》|〈[^〈〉\n]*〉|「[^「」\n]*」|『[^『』\n]*』|“[^“”\n]*”|\"[^\"\n]*\"|\([^()\n]*\)|（[^（）\n]*）"
    r"|\[\[[^\[\]\n]*\]\]"
)
_PIECE = re.compile(
    rf"(?P<guarded>{_GUARDED})"
    rf"|(?P<separator>[{MARKS};\n]|(?<!\d),|,(?!\d{{3}}(?!\d)))"
    r"|(?P<entity>&#?\w+;)"
    rf"|[^《〈「『“\"(（\[{MARKS};\n,&\s\d]+|."
)
_SUFFIX = re.compile(
    r"\s*(?:Inc|Incorporated|Ltd|Limited(?=\s*(?:[,;.]|\Z))|Pty|Pte|B\.V|N\.V|S\.p\.A|S\.r\.l|LLC|L\.L\.C|Co|Corp|Corporation|GmbH|S\.A|AG|PLC|LP|Jr|Sr|II|III|Ph\.?D|M\.?D|Esq)\b\.?(?![\w-])",
    re.IGNORECASE,
)
_WIKILINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")
_REFERENCE = re.compile(r"#?(\[\[[^\[\]\n]+\]\])|#[^\s,，、;#\[\]]+")
_REFERENCES = re.compile(rf"(?:(?:{_REFERENCE.pattern})(?:\s+|\Z))+\Z")
_AND_LAST = re.compile(r"(?:and|und|et(?!\s+al\b)|y|e|en|och|og|ja|és|i|и|та|ve|dan|&|＆)\s+(?=\S)|以及(?=\S)")


class Name(Struct, frozen=True, gc=False):
    """One name of a field."""

    text: str
    offset: int
    """Where it begins in the string it was cut from."""
    link: str = ""
    """The target, where it was written as a wikilink."""
    words: str = ""
    """The words that a wikilink shows instead, if any."""


def split(text: str, *, spaces: bool = False) -> list[Name]:
    """The names of one string.

    Separators are commas and semicolons of any script, `、` and line ends; not within quotes or brackets, not in
    numbers, and not before `Inc.` or `Jr.`. With `spaces`, white space separates too, as Jekyll has it. Nothing but
    `[[links]]` and `#tags` needs no separator, as in Logseq.

    >>> [name.text for name in split("张三、李四，Acme, Inc.;《甲、乙》")]
    ['张三', '李四', 'Acme, Inc.', '《甲、乙》']
    """
    cuts = [-1]
    for match in _PIECE.finditer(text):
        separates = match["separator"] and not (match[0] == "," and _SUFFIX.match(text, match.end()))
        if separates or (spaces and match[0].isspace()):
            cuts.append(match.start())
    cuts.append(len(text))
    names = []
    for before, after in pairwise(cuts):
        part, start = text[before + 1 : after], before + 1
        name = part.strip()
        if name[:1] in ("#", "[") and _REFERENCES.match(name):
            names += [Name(match[1] or match[0], start + match.start()) for match in _REFERENCE.finditer(part)]
        elif name:
            names.append(Name(name, start + len(part) - len(part.lstrip())))
    if len(names) > 1 and (joined := _AND_LAST.match(names[-1].text)):  # `Ada, Bob, and Cy`
        last = names[-1]
        names[-1] = Name(last.text[joined.end() :], last.offset + joined.end())
    return names


def joined_links(text: str) -> list[Name]:
    """The names of `[[Ada]], #Bob and [[Cy]]`, or of `[Ada](/ada) & [Bob](/bob)`.

    Nothing unless all of a string is links and what joins them.
    """
    if text.count("[[") + text.count("#") > 1 and _JOINED_LINKS.fullmatch(text.strip()):
        return [Name(match[1] or match[0], match.start()) for match in _REFERENCE.finditer(text)]
    if text.count("](") > 1 and _JOINED_ADDRESSES.fullmatch(text.strip()):
        return [Name(match[0], match.start()) for match in _MARKDOWN.finditer(text)]
    return []


_JOINT = rf"\s*+(?:(?:[,;{MARKS}&＆|/+·]++|(?:and|und|et|y|e|en|och|og|和|与|與)\b)\s*+)?"
_JOINED_LINKS = re.compile(rf"(?:(?:#?\[\[[^\[\]\n]+\]\]|#[^\s,，、;#\[\]]+)(?:{_JOINT}(?=\[\[|#)|\Z))++")
_JOINED_ADDRESSES = re.compile(rf"(?:\[[^\[\]\n]+\]\([^()\s]+\)(?:{_JOINT}(?=\[)|\Z))++")
_SEPARATORS = f",;{MARKS}"
_LONE = re.compile(rf"\s*[{_SEPARATORS}][{_SEPARATORS}\s]*\Z|[,{MARKS}][{_SEPARATORS}\s]*(?=\w)")
_TRAILING = re.compile(
    rf"(?<=[\w.)\]》」』”\"'!?])(?<!&\w\w)(?<!&\w\w\w)(?<!&\w\w\w\w)\s*[{_SEPARATORS}][{_SEPARATORS}\s]*\Z"
)


def without_separators(name: Name) -> Name:
    """A name without a separator that separates nothing: `News,` is `News`, and `、` is not a name at all.

    Blanks around it have been stripped.
    """
    if name.text[:1] not in _SEPARATORS and name.text[-1:] not in _SEPARATORS:
        return name
    text = _TRAILING.sub("", name.text)
    lone = _LONE.match(text)
    if lone:
        text = text[lone.end() :]
    return name if text == name.text else replace(name, text=text, offset=name.offset + (lone.end() if lone else 0))


def inverted(text: str) -> list[Name]:
    """The names of `Lovelace, Ada; Noyce, Bob`: where each has one comma, semicolons or `and` separate; else nothing.

    Where every second part is initials, commas separate names, too.

    >>> [name.text for name in inverted("Smith, John and Doe, Jane")]  # as BibTeX has it
    ['Smith, John', 'Doe, Jane']
    >>> [name.text for name in inverted("Smith, J. R., Doe, J., and Roe, R., et al.")]
    ['Smith, J. R.', 'Doe, J.', 'Roe, R.', 'et al.']
    """
    if initialed := _before_initials(text):
        return initialed
    cuts = [(0, 0), *(match.span() for match in _BETWEEN_INVERTED.finditer(text)), (len(text), len(text))]
    parts = [(text[end:start], end) for (_start, end), (start, _end) in pairwise(cuts)]
    if len(parts) < 2 or not all(part.count(",") == 1 and all(map(str.strip, part.split(","))) for part, _at in parts):
        return []
    return [Name(part.strip(), at + len(part) - len(part.lstrip())) for part, at in parts]


def _before_initials(text: str) -> list[Name]:
    """The names of a string in which every second part is initials."""
    cuts = [(0, 0), *(match.span() for match in _PART_ENDS.finditer(text)), (len(text), len(text))]
    parts = [(end, start) for (_start, end), (start, _end) in pairwise(cuts) if text[end:start].strip()]
    others = parts[-1:] if parts and _OTHERS.fullmatch(text[slice(*parts[-1])].strip()) else []
    parts = parts[: len(parts) - len(others)]
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(pairs) < 2 or len(parts) % 2:
        return []
    for family, given in pairs:
        if not _INITIALS.fullmatch(text[slice(*given)].strip()) or not text[slice(*family)].strip()[0].isalpha():
            return []
    spans = [(family[0], given[1]) for family, given in pairs] + others
    return [Name(text[start:end].strip(), start + _indent(text[start:end])) for start, end in spans]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


_PART_ENDS = re.compile(r"[,;&]|(?<=\s)and(?=\s)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}")
_OTHERS = re.compile(r"et\s+al\.?")
_BETWEEN_INVERTED = re.compile(r";|\s(?:and|&)\s")
_LINKED = re.compile(
    r"\[(?P<words>[^\[\]\n]+)\]\(<?(?P<target>[^()\s<>]+)>?\)"
    r"(?:\s*\([^()\n]*\)|,[^,()\[\]\n]*|\s+(?!(?:and|und|et|with|mit)\s|[ye&]\s)[^,()\[\]\n]*)?"
)
"""A link of Markdown, and where the one it names works: `[Ada](https://ada.example) (Engines & Co)`."""
_NOTED = re.compile(
    r"(?<!\s)(?:\s*+(?:,?\s*et\s+al\.?|\^\[[^\[\]]*\]|\^[\d,*†‡§ ]{1,9}\^|\\thanks\{[^{}]*\}|\[\^[\w-]+\])){1,4}\Z"
)
_MARKED = re.compile(r"(?P<mark>\*{1,3}|__)(?P<name>[^\s*_](?:[^*_]*[^\s*_])?)(?P=mark)\Z")
_SUPERSCRIPT = re.compile(r"<sup>[^<>]*</sup>", re.IGNORECASE)
_TAGGED = re.compile(r"<(?P<tag>[a-z]{1,10})(?:\s[^<>]*)?>(?P<words>[^\s<>][^<>]*)</(?P=tag)>", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?P<words>[^\n<>@\[\]()]*[^\s<>@\[\]()])\s*\((?:(?P<handle>@[\w.-]+)|(?:mailto:)?(?P<mail>[^\s<>@()]+@[^\s<>@()]+)"
    r"|(?P<page>https?://[^\s<>()]+)|\[[^\[\]\n]+\]\((?P<linked>https?://[^\s<>()]+)\))\)"
)


def unnoted(name: Name) -> Name:
    """A person's name without footnotes, emphasis, and the account, mail or page behind it.

    `Ada^[Engines & Co]`, `Ada^1,2^`, `**Ada**`, `<b>Ada<sup>*</sup></b>`, `Ada (@ada)`, `Ada ([@ada](https://ada.example))`,
    `Ada (ada@ada.example)` and `Ada et al.` are all `Ada`.
    """
    if "<" in name.text:
        bare = _SUPERSCRIPT.sub("", name.text)
        tagged = _TAGGED.fullmatch(bare)
        bare = tagged["words"] if tagged else bare
        if bare != name.text:
            return replace(name, text=bare, offset=name.offset + max(0, name.text.find(bare)))
    if account := _ACCOUNT.fullmatch(name.text):
        mail = f"mailto:{account['mail']}" if account["mail"] else ""
        return replace(name, text=account["words"], link=account["page"] or account["linked"] or mail)
    text = _NOTED.sub("", name.text)
    marked = _MARKED.match(text)
    if marked:
        return replace(name, text=marked["name"], offset=name.offset + marked.start("name"))
    return replace(name, text=text) if text != name.text else name


_MAILED = re.compile(r"(?P<words>[^\n<>@\[\]]*[^\s<>@\[\]])\s*<(?:mailto:)?(?P<target>[^\s<>@]+@[^\s<>@]+)>")


def unlinked(name: Name) -> Name:
    """A link as the name of what it leads to: `[[people/Ada Lovelace|Ada]]` is `Ada Lovelace`, `[Ada](/a)` is `Ada`.

    `Ada <ada@example.org>` is `Ada`, too.
    """
    if mailed := _MAILED.fullmatch(name.text):
        return Name(mailed["words"], name.offset, f"mailto:{mailed['target']}")
    if linked := _LINKED.fullmatch(name.text):
        return Name(linked["words"].strip(), name.offset, linked["target"])
    match = _WIKILINK.match(name.text)
    if not match or not _TAIL.fullmatch(name.text, match.end()):
        return name
    target = match[1].strip()
    bare = target.partition("#")[0].rpartition("/")[2].removesuffix(".md").strip()
    words = (match[2] or "").strip() if match.end() == len(name.text) else name.text
    return Name(bare or target, name.offset, target, words)


_TAIL = re.compile(r"(?:\s*(?:\([^()\n]*\)|（[^（）\n]*）))?")
"""What may be said of somebody behind a link: `[[Ada]] (chair)`."""


class Reference(NamedTuple):
    """A link within a string."""

    target: str
    words: str
    offset: int
    end: int
    is_address: bool
    """Whether it is written `[words](target)`; otherwise `[[target|words]]`."""


_MARKDOWN = re.compile(r"\[(?P<words>[^\[\]\n]*)\]\(<?(?P<target>[^()\s<>]+)>?\)")


def references(text: str) -> list[Reference]:
    """Every link in a string, as wikilink or in Markdown."""
    if "[" not in text:
        return []
    found = [
        Reference(m[1].strip(), (m[2] or m[1]).strip(), m.start(), m.end(), is_address=False)
        for m in _WIKILINK.finditer(text)
    ]
    found += (
        Reference(m["target"], m["words"].strip(), m.start(), m.end(), is_address=True)
        for m in _MARKDOWN.finditer(text)
    )
    return sorted(found, key=lambda each: each.offset)


def is_torn(name: str) -> bool:
    """Whether a name begins or ends with a bracket that another one should match: `[[a`, `a]]`, `#[[a`.

    >>> is_torn("[[a]"), is_torn("[draft] a"), is_torn("x[1"), is_torn("[[a]] (x)")
    (True, False, False, False)
    """
    if name.lstrip("#")[:1] != "[" and name[-1:] != "]":
        return False
    return name.count("[") != name.count("]") or name.count("[[") != name.count("]]")


def opens_link(text: str) -> bool:
    """Whether a text begins with a link that nothing closes."""
    return text.lstrip().startswith("[[") and "]]" not in text


def torn_message(key: str, text: str) -> str:
    """What is said of a torn name or link in a field."""
    bare = re.sub(r"\A\W*|\W*\Z", "", text)
    meant = f"[[{bare}]]" if "[[" in text or "]]" in text else bare
    mend = f"write {meant[:60]!r}" if meant != text.strip() else "take them away, or add what is missing"
    return f"{key}: the brackets of {text[:60]!r} do not match; {mend}; kept as text"


_INTEGER = re.compile(r"[-+]?(?:0b_*[01][01_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|0[0-7_]*|[1-9][0-9_]*(?::[0-5]?[0-9])*)\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)\Z")
_LONGEST = 100
"""Characters of a number whose value is told; Python refuses to read or write those of thousands of digits."""
_WORDS = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "true"), "true"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF", "False", "FALSE", "false"), "false"),
    **dict.fromkeys(("null", "Null", "NULL", "~"), "null"),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "-.inf", ".nan", ".NaN", ".NAN"), "a number that is none"),
}
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt ].*)?\Z")


def as_yaml_reads(text: str) -> str:
    """What YAML 1.1 makes of a plain scalar (https://yaml.org/type/), or "" if that is the text itself.

    >>> as_yaml_reads("0123"), as_yaml_reads("12:30"), as_yaml_reads("Yes"), as_yaml_reads("2024")
    ('83', '750', 'true', '')
    """
    if text in _WORDS:
        return _WORDS[text] if _WORDS[text] != text else ""
    if not text or text[0] not in "+-.0123456789":
        return ""
    if len(text) > _LONGEST and _INTEGER.match(text):
        read = f"a number of {len(text):,} characters"
    elif _INTEGER.match(text):
        read = str(_integer(text.replace("_", "")))
    elif _FLOAT.match(text):
        read = repr(float(text.replace("_", "")))
    else:
        return ""
    return read if read != text else ""


@lru_cache(maxsize=1 << 12)
def is_no_text(text: str) -> bool:
    """Whether YAML 1.1 reads a plain scalar as a number, a boolean, a date or null."""
    return text in _WORDS or bool(_INTEGER.match(text) or _FLOAT.match(text) or _DATE.match(text))


def _integer(text: str) -> int:
    sign, digits = (-1 if text[0] == "-" else 1), text.lstrip("+-")
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    if digits[0] == "0":
        return sign * int(digits, 8)
    value = 0
    for part in digits.split(":"):
        value = value * 60 + int(part)
    return sign * value


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\U0001fffe\U0001ffff\U000e0000-\U000e007f]|(?<!\xa0)\xa0+\\Z|\\A\xa0+|(?<=[A-Za-z0-9])[\u200c\u200d]+(?=[A-Za-z0-9])"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OF_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
"""Marks of direction (https://www.unicode.org/reports/tr9/), but for those that turn letters round."""
_OF_PROSE = "\xa0\xad\u180e\u200b\u200e\u200f\u061c\u2060\ufeff"
"""What programs write into prose, and what typesetters do: spaces, hyphens and marks without harm to readers."""


def unseen(text: str, *, prose: bool = False) -> str:
    """What cannot be seen in a text, for a message: `U+200B (zero width space), character 5,`; "" if there is nothing.

    Joiners are part of emoji and of several scripts, and direction marks of right-to-left text: they are allowed.

    Args:
        text: one value.
        prose: whether spaces and hyphens are allowed, too: they make two names of one, but no two sentences.
    """
    if text.isprintable():
        return ""
    right_to_left = _RIGHT_TO_LEFT.search(text)
    for match in _UNSEEN.finditer(text):
        if (match[0] in _OF_DIRECTION and right_to_left) or (prose and match[0][0] in _OF_PROSE):
            continue
        name = unicodedata.name(match[0][0], "").lower()
        return f"U+{ord(match[0][0]):04X}{f' ({name})' if name else ''}, character {match.start() + 1},"
    return ""
