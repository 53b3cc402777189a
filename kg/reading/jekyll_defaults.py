"""What `_config.yml` of Jekyll says of files: defaults for their front matter, and which of them make no pages.

See https://jekyllrb.com/docs/configuration/front-matter-defaults/ and https://jekyllrb.com/docs/configuration/options/.
"""

import re
from fnmatch import translate
from typing import NamedTuple

from kg.reading.values import Fields, Mapping, Scalar, Sequence

_TYPES = {"post": "posts", "page": "pages", "draft": "drafts"}
"""The names that Jekyll's types had."""


class Default(NamedTuple):
    """One entry of `defaults`."""

    path: str
    type: str
    values: Fields
    pattern: re.Pattern[str]

    def fits(self, path: str, kind: str) -> bool:
        """Whether a file of the site, of this type, is in its scope."""
        return self.type in ("", kind) and bool(self.pattern.match(path))


def defaults_of(fields: Mapping) -> list[Default]:
    """Jekyll's defaults, in an order in which the first that fits decides: the longest path, then one with a type."""
    found: list[Default] = []
    for value in (value for key, value in fields.entries if key.text == "defaults" and isinstance(value, Sequence)):
        for item in value.items:
            parts = {k.text: v for k, v in item.entries} if isinstance(item, Mapping) else {}
            scope, values = parts.get("scope"), parts.get("values")
            if not isinstance(scope, Mapping) or not isinstance(values, Mapping):
                continue
            texts = {k.text: v.text.strip() for k, v in scope.entries if isinstance(v, Scalar)}
            path, kind = texts.get("path", "").strip("/"), texts.get("type", "")
            found.append(Default(path, _TYPES.get(kind, kind), values.entries, _scope(path)))
    order = sorted(range(len(found)), key=lambda n: (len(found[n].path), bool(found[n].type), n), reverse=True)
    return [found[number] for number in order]


def excluded(fields: Mapping) -> re.Pattern[str] | None:
    """Matches paths, from the folder of the settings, that `exclude` names and `include` does not; None if none are.

    A star matches a slash, too, and the beginning of a path will do; `include` may also name the file alone.
    """
    values = {key.text: value for key, value in fields.entries if key.text in ("exclude", "include")}
    named = {
        name: [
            f"{translate(text)}|{re.escape(text)}"
            for item in value.items
            if isinstance(item, Scalar) and (text := item.text.lstrip("/"))
        ]
        for name, value in values.items()
        if isinstance(value, Sequence)
    }
    if not named.get("exclude"):
        return None
    kept = "".join(f"(?!(?:.*/)?(?:{each}))" for each in named.get("include", ()))
    return re.compile(f"{kept}(?:{'|'.join(named['exclude'])})", re.DOTALL)


def type_of(path: str) -> str:
    """What Jekyll calls a file: `posts`, `drafts`, `pages`, or the collection that its folder stands for."""
    folders = path.split("/")[:-1]
    if "_posts" in folders:
        return "posts"
    if "_drafts" in folders:
        return "drafts"
    return next((name[1:] for name in folders if name.startswith("_")), "pages")


def _scope(path: str) -> re.Pattern[str]:
    """A path, or a pattern with `*`, and all that lies below it.

    All but the last star are tried once each (https://research.swtch.com/glob), so that no pattern takes long.
    """
    wild = {"**": ".*", "*": "[^/]*"}
    first, *rest = re.split(r"(\*\*?)", path)
    pairs = [(wild[star], re.escape(text)) for star, text in zip(rest[::2], rest[1::2], strict=True)]
    stars = "".join(f"(?>{star}?{text})" for star, text in pairs[:-1]) + "".join(pairs[-1] if pairs else ())
    return re.compile(re.escape(first) + stars + (r"(?:/|\Z)" if path else ""), re.DOTALL)
