"""IRIs for posts and entities: readable, injective, and a function of the name alone.

Since only the name counts, adding files never changes an IRI; since the encoding can be undone, two names never share
one. White space becomes `_`; whatever RFC 3987 (https://www.rfc-editor.org/rfc/rfc3987) allows in a path segment stays
as it is, so `person/习近平` and `tag/c++` are readable; everything else, and a literal `_`, is percent-encoded.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from kg.model import IRI
from kg.text.filenames import POST_SUFFIXES
from kg.text.folding import fold

MAX_SLUG = 120
"""Characters; a longer slug is truncated and ends in `~` and a digest of the whole."""

_ASCII_KEPT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!$&'()*+,;=:@")
_PLAIN = re.compile(r"[a-z0-9 -]+\Z")
_HALF_ESCAPE = re.compile(r"%.?\Z")


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987), according to the parser that reads them all."""
    from pyoxigraph import NamedNode  # takes as long to import as everything else that reads settings

    try:
        NamedNode(text)
    except ValueError:  # UnicodeEncodeError among them
        return False
    return True


@lru_cache(maxsize=1 << 17)
def slug(text: str) -> str:
    """Folded text as one segment of an IRI's path; different texts give different segments.

    >>> slug("donald trump"), slug("c#"), slug("a_b")
    ('donald_trump', 'c%23', 'a%5Fb')
    """
    if _PLAIN.match(text) and len(text) <= MAX_SLUG:
        return text.replace(" ", "_")
    encoded = "".join(map(_encode, text))
    if not encoded.strip("."):
        return "~" + _digest(text)  # "." and ".." would be read as steps of a path
    if len(encoded) > MAX_SLUG:
        return _HALF_ESCAPE.sub("", encoded[:MAX_SLUG]) + "~" + _digest(text)
    return encoded


def entity_iri(base: IRI, kind: str, name: str) -> IRI:
    """`{base}{kind}/{slug of the folded name}`."""
    return IRI(f"{base}{kind}/{slug(fold(name) or name)}")


@lru_cache(maxsize=1 << 14)
def post_iri(base: IRI, path: str) -> IRI:
    """`{base}post/{path}`, without the suffix `.md`.

    The suffix stays if two files could have the same IRI without it: `a.mdx`, `a.MD`, `a.mdx.md`.
    """
    stem = path.removesuffix(".md")
    if stem.lower().endswith(POST_SUFFIXES) or not stem.rpartition("/")[2].strip("."):
        stem = path
    return IRI(f"{base}post/{stem.translate(_IN_PATH)}")


@lru_cache(maxsize=1 << 12)
def _encode(character: str) -> str:
    if character in _ASCII_KEPT:
        return character
    if character == " ":
        return "_"
    if stands(character):
        return character
    return quote(character.encode("utf-8", "surrogatepass"), safe="").replace("_", "%5F").replace("~", "%7E")


class _InPath(dict[int, str]):
    """Character → its form in the IRI of a post, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # In paths a space is `%20`, not `_`, so `_` can stand for itself.
        self[code] = found = "%20" if character == " " else character if character in "_~/" else _encode(character)
        return found


_IN_PATH = _InPath()


# Separators, controls, format characters (RFC 3987 section 4.1 bans the bidirectional ones), unassigned, surrogates.
_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Cs", "Co"})


def stands(character: str) -> bool:
    """Whether a non-ASCII character is left unescaped in IRIs: it is allowed there, and visible."""
    return _is_ucschar(ord(character)) and unicodedata.category(character) not in _INVISIBLE


def _is_ucschar(code: int) -> bool:
    return (
        0xA0 <= code <= 0xD7FF
        or 0xF900 <= code <= 0xFDCF
        or 0xFDF0 <= code <= 0xFFEF
        or (0x10000 <= code <= 0xEFFFD and code & 0xFFFE != 0xFFFE and not 0xE0000 <= code <= 0xE0FFF)
    )


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


_FIELD_ESCAPE = re.compile(r"_x(?:[0-9A-F]{4,6})?_")
_XML_LETTERS = (
    ("A", "Z"), ("a", "z"), ("À", "Ö"), ("Ø", "ö"), ("ø", "ı"), ("Ĵ", "ľ"), ("Ł", "ň"), ("Ŋ", "ž"),
    ("Α", "Ρ"), ("Σ", "ώ"), ("Ё", "Ќ"), ("Ў", "я"), ("ё", "ќ"), ("ў", "ҁ"), ("א", "ת"), ("ء", "غ"), ("ف", "ي"),
    ("ก", "ฮ"), ("ぁ", "ゔ"), ("ァ", "ヺ"), ("一", "龥"), ("가", "힣"),
)  # fmt: skip
"""Letters that may begin an XML name in every edition of XML 1.0; parsers of the fourth are still in use."""


def field_name(name: str) -> str:
    """A front matter key as the last part of a predicate: an XML name, so that RDF/XML can hold it.

    Characters an NCName (https://www.w3.org/TR/xml-names/#NT-NCName) cannot hold are written `_x0020_`, as ISO 9075-14
    does; so are underscores that would look like such an escape. A key that is empty is `_x_`.

    >>> field_name("cover_image"), field_name("my key"), field_name("2024")
    ('cover_image', 'my_x0020_key', '_x0032_024')
    """
    if not name:
        return "_x_"
    name = _FIELD_ESCAPE.sub(lambda match: "_x005F_" + match[0][1:], name)
    return "".join(c if _may_stand(c, first=not i) else f"_x{ord(c):04X}_" for i, c in enumerate(name))


def typed_field(name: str) -> str:
    """The front matter key that `field_name` has turned into this.

    >>> typed_field("my_x0020_key")
    'my key'
    """
    return "" if name == "_x_" else _CHARACTER.sub(lambda match: chr(int(match[1], 16)), name)


_CHARACTER = re.compile("_x([0-9A-F]{4,6})_")


def _may_stand(character: str, *, first: bool) -> bool:
    if character == "_" or any(low <= character <= high for low, high in _XML_LETTERS):
        return True
    return not first and character in "0123456789-."
