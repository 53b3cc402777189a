"""Names that differ by an insignificant affix: `The Economist`, `Ford Motor Company`, `Donald J. Trump`, `LLMs`.

The evidence is of the kind `folding`, like punctuation, but uncertain, so it is scored.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from kg.resolution.evidence import Clue, clue, qualifiers
from kg.resolution.forms import ROMAN, Form, Forms, bare_of
from kg.resolution.names import is_topic

_LEGAL = re.compile(
    r"(?: and| &)? (?:inc|incorporated|corp|corporation|co|company|companies|ltd|limited|motor company|llc|llp|plc|gmbh"
    r"|ag|nv|sa|spa|kk|pty ltd|co ltd)\Z"
)
_LEGAL_ZH = re.compile(r"(?<=..)(?:股份有限公司|有限责任公司|控股有限公司|有限公司|公司|(?<=...)集团)\Z")
_MEDIUM = re.compile(r" (?:podcast|newspaper|magazine|newsletter|blog)\Z")
_MEDIUM_ZH = re.compile(r"(?<=..)(?:杂志|播客)\Z")
_TITLE = re.compile(
    r"\A(?:mr|mrs|ms|dr|prof|professor|sir|lord|president|senator|judge|justice|general|king|queen|pope) (?=\S+ )"
)
_OFFICE = re.compile(r"\A(?:president|senator|governor|chairman|minister) ")
_TITLE_ZH = re.compile(r"(?<=..)(?:先生|女士|博士|教授|医生|医师|老师)\Z")
_MIDDLE = re.compile(r"(?<=\w) \w(?= \w{2,})")
DOUBTFUL = 0.7
MIDDLE = 0.89
"""A middle initial: enough with any company in common; Michael I. Jordan is not the basketball player."""
MEDIUM = 0.915
LONG_TITLE = 16
"""Latin letters that make a title unlikely to be shared by two works; half as many Chinese characters."""
_PLURAL = re.compile(r"(?<=[a-z]{2}[a-hj-rtv-z])s\Z")
_SIBILANT = re.compile(r"(?<=[a-z]{2}(?:ch|sh|ss|zz))es\Z|(?<=[a-z]{2}x)es\Z")


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of forms with the same core."""
    sharing: dict[tuple[str, str], list[tuple[float, Form]]] = defaultdict(list)
    for form in forms.all:
        bare = form.bare
        for core, strength in _cores(form).items():
            if core != bare and _is_core(core):
                sharing[form.kind, core].append((strength, form))
    shared = [key for key, derived in sharing.items() if len(derived) > 1 or key[1] in forms.by_bare]
    for kind, core in sorted(shared):
        namesakes = forms.named(core)
        members = sharing[kind, core] + [(1.0, form) for form in namesakes if form.kind == kind]
        if len(members) > 1:
            yield from of_core(core, members, namesakes)
    for alike in forms.by_bare.values():
        for one, two in combinations(alike, 2) if len(alike) > 1 else ():
            if one.kind == two.kind and is_topic(one.kind):  # `rust-docs`, `rustdocs`
                yield clue(one.number, two.number, "folding", DOUBTFUL)


def of_core(core: str, members: list[tuple[float, Form]], namesakes: Iterable[Form]) -> Iterator[Clue]:
    """The clues of one core (one block).

    Args:
        core: the text left without affixes.
        members: (strength, form) for all forms of one kind with this core, by form number.
        namesakes: forms of all kinds whose whole text is the core.
    """
    if any(strength == MEDIUM for strength, _form in members) and _is_publisher(namesakes):
        members = [(DOUBTFUL if strength == MEDIUM else strength, form) for strength, form in members]
    members = sorted(members, key=lambda item: (item[1].bare != core, -item[1].count, item[1].bare))
    first_strength, first = members[0]
    if first.kind == "person" and (first.bare != core or len(members) > 2):
        first_strength = DOUBTFUL  # John A. Smith and John B. Smith
    others = [form for _strength, form in members[1:]]
    for strength, form in members[1:]:
        if form is first or form.digits != first.digits:
            continue
        if strength > qualifiers.shortened(form).get(core, 0.0):
            yield clue(first.number, form.number, "folding", min(strength, first_strength))
        elif first.bare == core and not qualifiers.is_ambiguous(first, form, others, namesakes):
            yield clue(first.number, form.number, "qualifier", strength)


def _is_publisher(namesakes: Iterable[Form]) -> bool:
    """Whether posts mostly use a name for an organization: a newspaper's podcast is not the newspaper."""
    count = {form.kind: form.count for form in namesakes}
    return count.get("organization", 0) >= count.get("work", 0)


def _titles(title: str) -> Iterator[str]:
    """The main title and the subtitle of a work that has both."""
    main, colon, rest = re.sub("[：—]+|--+", ":", title).partition(":")
    if colon:
        yield bare_of(main.strip(" 《》「」"))
        yield bare_of(rest.strip(" 《》「」"))


def _is_core(text: str) -> bool:
    return len(text) > 1 and not text.isdigit()


def _cores(form: Form) -> dict[str, float]:
    result: dict[str, float] = {}
    if "+" in form.bare or "#" in form.bare:
        return result  # OPEC+, C#
    if form.kind == "tag":
        return {} if form.wide or "/" in form.bare else dict.fromkeys(_tag_cores(form), DOUBTFUL)
    for core, strength in _wide_cores(form) if form.wide else _latin_cores(form):
        text = core.replace(" ", "")
        result[text] = max(strength, result.get(text, 0.0))
    if form.kind in qualifiers.KINDS:
        for core, strength in qualifiers.shortened(form).items():
            result[core] = max(strength, result.get(core, 0.0))
    if form.kind == "work":
        enough = LONG_TITLE // 2 if form.wide else LONG_TITLE
        for title in _titles(form.label):
            result.setdefault(title, 0.9 if len(title) >= enough else DOUBTFUL)
    return result


def _is_word(text: str) -> bool:
    """Whether a word of a product's name is not one of its numbers."""
    return not text.isdigit() and text not in ROMAN


def _wide_cores(form: Form) -> Iterator[tuple[str, float]]:
    if form.kind == "organization":
        yield _LEGAL_ZH.sub("", form.bare), 0.92
    elif form.kind == "work":
        yield _MEDIUM_ZH.sub("", form.bare), MEDIUM
    elif form.kind == "person":
        yield _TITLE_ZH.sub("", form.bare), 0.91


def _tag_cores(form: Form) -> tuple[str, ...]:
    """Only proposed: `us-china-relations` may be `china-us-relation`, and a plural another topic."""
    if len(form.words) == 1 and form.words[0] == form.bare and form.bare[-1] != "s":
        return ()  # most tags, which have no other core
    words = [singular(word) if word[-1] == "s" else word for word in form.words]
    return "".join(words), "".join(sorted(words))


def _latin_cores(form: Form) -> Iterator[tuple[str, float]]:
    if len(form.words) == 1 and form.kind != "product":
        return
    text = " ".join(form.words)
    if form.kind in {"organization", "work", "product"} and text.startswith("the ") and len(text) > 6:
        text = text[4:]
        yield text, 0.96
    if form.kind == "organization":
        yield _LEGAL.sub("", text), 0.94
        yield qualifiers.turned(text), 0.93
        if " and " in text and text.count(" ") > 2:
            yield text.replace(" and ", " "), 0.91
    elif form.kind == "work":
        yield _MEDIUM.sub("", text), MEDIUM
    elif form.kind == "person":
        plain = _TITLE.sub("", text)
        yield plain, 0.93
        yield _MIDDLE.sub("", plain), MIDDLE
        yield _OFFICE.sub("", text), DOUBTFUL
    elif form.kind == "product" and form.digits:
        # Claude 3 Opus is Claude Opus 3, and Sora 2.0 is Sora 2.
        yield "".join((*sorted(filter(_is_word, form.words)), *form.digits)), 0.93


def singular(word: str) -> str:
    """A word of a tag without its plural: `policies`, `agents`, `batches`; `analysis`, `news` and `gas` stay."""
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return _PLURAL.sub("", _SIBILANT.sub("", word))
