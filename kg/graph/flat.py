"""Properties with several values as one text, for formats without lists.

* Several values are a JSON array of strings. A single text that looks like one is written as an array of one element.
* Lone surrogates, which UTF-8 cannot encode, become U+FFFD.
"""

import json

from kg.text.characters import SURROGATE

_json = json.JSONEncoder(ensure_ascii=False).encode


def flat(value: str | bool | list[str]) -> str:
    """One cell for one value or several, as described above; `unflat` undoes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if value[:1] != "[" or unflat(value) == [value]:
            return scalar(value)
        value = [value]
    return scalar(_json(value))


def unflat(text: str) -> list[str]:
    """The values in a cell."""
    if text.startswith("[") and text.endswith("]"):
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            return [text]
        if all(isinstance(value, str) for value in values):
            return list(values)
    return [text]


def scalar(text: str) -> str:
    """The text with U+FFFD for lone surrogates."""
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)
