"""Names that contain two names: `英伟达 (NVIDIA)`, `DOJ (美国司法部)`, `FSD (Full Self-Driving)`.

The author of the metadata states that both name one thing. A qualifier, as in `Scale (book)` or `The Diplomat (剧集)`,
is not a name: a second name is in another script, or abbreviates the first.
"""

import re
from collections.abc import Iterator, Sequence

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms, bare_of, is_wide
from kg.resolution.similarity import ROLES, initials

EXPLICIT = 0.95
MAX_INNER = 8
"""Maximum number of names in one pair of brackets."""
_TWO = re.compile(r"(?P<outer>[^()（）]{2,})[(（](?P<inner>[^()（）]{2,})[)）]")
_COLON = re.compile("[:：]")


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of a name with brackets and one of its names."""
    for form in forms.all:
        if names := names_in(form):
            yield from of_names(form, names, forms)


def names_in(form: Form) -> list[str]:
    """The name before the brackets, then those in them; empty without brackets."""
    match = _split(form)
    if match is None:
        return []
    inner = [name for part in _COLON.split(match["inner"]) if (name := part.strip())]
    return [match["outer"].strip(), *inner[:MAX_INNER]]


def of_names(form: Form, names: Sequence[str], forms: Forms) -> Iterator[Clue]:
    """The clues of one form with brackets; `forms` must include all that match one of its names."""
    outer, *inner = names
    if not ROLES.isdisjoint(map(bare_of, names)):
        return
    others = [_named(forms, form, name) for name in inner]
    title = form.label.startswith("《")  # a title as a whole: 《Antifragile (反脆弱)》
    if any(_is_name(outer, name, known=title or found is not None) for name, found in zip(inner, others, strict=True)):
        for other in (_named(forms, form, outer), *others):
            if other is not None and other is not form:
                yield clue(form.number, other.number, "gloss", EXPLICIT)


def holds_two_names(form: Form) -> bool:
    """Whether a form contains a name in two scripts, so that its words are not those of one name."""
    match = _split(form)
    return match is not None and is_wide(match["outer"]) != is_wide(match["inner"])


def _split(form: Form) -> re.Match[str] | None:
    label = form.label.strip("《》")
    return _TWO.fullmatch(label) if label.endswith((")", "）")) else None


def _named(forms: Forms, form: Form, name: str) -> Form | None:
    """The form of the same kind whose name is `name`."""
    return next((other for other in forms.named(bare_of(name)) if other.kind == form.kind), None)


def _is_name(outer: str, inner: str, *, known: bool) -> bool:
    """Whether the text in brackets is a name and not a qualifier."""
    if is_wide(outer) != is_wide(inner):
        return known or (is_wide(outer) and inner[0].isupper())
    return any(
        short.isupper() and short.lower() in initials(tuple(long.lower().replace("-", " ").split()))
        for short, long in ((outer, inner), (inner, outer))
    )
