"""The names in maps, where a list of names is expected.

`{name: Ada, url: …}`, `{given: Ada, family: Lovelace}`, `{Ada Lovelace: {role: editor}}`, `{Ada Lovelace: https://…}`.
"""

import re
from itertools import chain

from msgspec.structs import replace

from kg.fields import plain_key, singular
from kg.reading.meaning.kept import WEB
from kg.reading.values import Mapping, Scalar, Value, is_blank

_NAMES = ("name", "fullname", "displayname")
_LABELS = ("title", "label", "text")
"""What names a thing; of people they are titles."""
_URLS = ("url", "homepage", "link", "website")
_PARTS = (
    ("given", "givenname", "givennames", "first", "firstname", "forename"),
    ("nondroppingparticle", "particle"),
    ("family", "familyname", "familynames", "last", "lastname", "surname"),
)
"""The parts of people's names, in their order (https://citation-file-format.github.io, https://schema.org/Person,
https://quarto.org/docs/journals/authors.html)."""
_MANY = re.compile(r"(?:people|s)\Z", re.IGNORECASE)
"""How fields end that hold several."""
_PERSON = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*(?: (?=\S)|\Z)|(?:de|da|di|du|la|van|von|der|den|al|el|bin|ibn) )+\Z")
"""Words that begin as names do, in scripts with capitals."""
_ROLE = re.compile(r"[^\W\d_A-Z]\S*(?: \S+){0,3}\Z")
"""What may be said of somebody in a few words."""


def name_in(item: Mapping, kind: str, field: str) -> Scalar | None:
    """The name that a map in a field gives to its thing; one put together of several parts begins where the first does.

    A template may call the name as the field calls its things: `tags: [{tag: x}]`.
    """
    whole = _whole_name(item) if kind == "person" else None
    return _first(item, (*_NAMES, singular(plain_key(field)))) or whole or _first(item, _LABELS)


def address_in(item: Mapping) -> Scalar | None:
    """The address that a map gives to its thing."""
    return _first(item, _URLS)


def named_by_key(field: str, item: Mapping, kind: str) -> list[tuple[Scalar, Mapping]]:
    """The names of a map that has one entry for each, and what is said of it: by the name within, or else by its key.

    Nothing, unless the keys are ids, or names of people without doubt.
    """
    found = [(key, _about(key, value)) for key, value in item.entries]
    names = [(name_in(about, kind, field), about) for _key, about in found]
    if all(name for name, _about in names) or (kind == "person" and any(name for name, _about in names)):
        return [(name or key, about) for (name, about), (key, _value) in zip(names, item.entries, strict=True)]
    maps = all(isinstance(value, Mapping) for _key, value in item.entries)
    said = all(
        about.entries or is_blank(value) or _is_role(value)
        for (_name, about), (_key, value) in zip(found, item.entries, strict=True)
    )
    sure = _MANY.search(field) or (maps and all(" " in key.text.strip() for key, _about in found))
    people = kind == "person" and sure and said and all(_PERSON.match(key.text.strip()) for key, _about in found)
    return found if people else []


def _about(name: Scalar, value: Value) -> Mapping:
    """What is said of somebody; an address that stands alone is theirs."""
    if isinstance(value, Mapping):
        return value
    is_address = isinstance(value, Scalar) and WEB.match(value.text)
    return Mapping(((replace(name, text=_URLS[0]), value),) if is_address else (), 0, 0)


def _is_role(value: Value) -> bool:
    return isinstance(value, Scalar) and bool(_ROLE.match(value.text.strip()))


def _first(item: Mapping, keys: tuple[str, ...]) -> Scalar | None:
    for wanted in keys:
        for key, value in item.entries:
            if plain_key(key.text) == wanted:
                found = _whole_name(value) if isinstance(value, Mapping) else value
                if isinstance(found, Scalar) and not is_blank(found):
                    return found
    return None


def _whole_name(item: Mapping) -> Scalar | None:
    """`{given: Bob, family: Lee}`, as MyST and Quarto have it, as one name."""
    parts = {plain_key(key.text): each for key, each in item.entries if isinstance(each, Scalar) and not is_blank(each)}
    found = [[parts[part] for part in names if part in parts][:1] for names in _PARTS]
    words = list(chain.from_iterable(found))
    if not (found[0] or found[2]):
        return None
    return replace(words[0], text=" ".join(word.text.strip() for word in words))
