"""Names of files for posts and things: safe on every system, the same whenever they are made, and different."""

import re
from hashlib import sha256

LONGEST = 80
_PLAIN = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*(?:/[a-z0-9_]+(?:-[a-z0-9_]+)*)*\Z")
_TAKEN = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|index)\Z|.*-[0-9a-f]{20}\Z")
"""Names that Windows reserves, that generators give a meaning to, or that look like one of our digests."""
_OTHER = re.compile(r"[^a-z0-9_]+")


def key_of(name: str) -> str:
    """The key of a path or of the end of an IRI: lower-case ASCII letters, digits, `-` and `_`.

    Generators make a key of a file's name and drop everything but letters, so that different names could become equal;
    a name that these letters cannot express ends in a digest.

    >>> key_of("notes/ada-lovelace"), key_of("person/ada_lovelace")
    ('notes--ada-lovelace', 'person--ada_lovelace')
    >>> key_of("Notes/Ada"), key_of("知识")
    ('notes-ada-390654e91a2f4520d37d', '2ce2847cbc4743b66010')
    """
    if len(name) <= LONGEST and _PLAIN.match(name) and not _TAKEN.match(name):
        return name.replace("/", "--")
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    plain = _OTHER.sub("-", name.lower())[: LONGEST - 24].strip("-_")
    return f"{plain}-{digest}" if plain else digest
