"""Chinese transliterations of foreign names: `拉马努金` and `Ramanujan`, without a gloss.

Both are reduced to a chain of consonant classes, like Soundex (Russell, US patent 1,261,167) across two scripts: the
initials of the Chinese syllables against the consonants of the Latin words. Only names written in characters used for
transliteration are considered. This kind of evidence proposes a pair; it never decides alone.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms
from kg.resolution.readings import readings, sound

KINDS = ("person", "organization", "product")
MAX_BLOCK = 12
"""Matches of one name; with more, the sound is too common to be evidence."""
MAX_COMPARED = 200
"""Latin names in a block; a larger one is expensive and would exceed `MAX_BLOCK` anyway."""
_SOUNDS = frozenset(
    "阿埃艾爱安奥澳巴拜班邦贝本比彼毕宾波伯博布查茨达戴丹当德登邓迪蒂丁顿多厄恩尔法凡范菲费芬丰弗夫福盖冈戈格根古瓜哈海汉豪赫亨洪胡华怀霍"
    "基吉季加贾杰金卡凯坎康考柯科克肯孔库奎拉莱兰朗劳勒雷黎里理利莉丽琳林隆卢鲁伦罗洛吕马玛迈麦曼芒毛梅门蒙米密明莫默姆慕穆纳娜奈南内尼年宁"
    "纽农努诺欧帕派潘庞佩彭皮普奇恰乔切钦琼让热日荣茹瑞若萨塞赛桑瑟森沙山尚舍申圣什施史舒斯思斯松苏索塔泰坦汤陶特滕提廷通图托瓦旺万威韦维魏温文翁"
    "沃乌伍武西希席夏香肖谢辛休许雪雅亚扬耶伊易因英永尤约泽曾扎詹珍佐弥翰逊珊茜露丝蕾娅莎黛妮芙碧邱撒仑洁琪克"
)
_CLASSES = {
    "b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "q": "s", "j": "s", "x": "s", "z": "s", "zh": "s",
    "c": "s", "ch": "s", "s": "s", "sh": "s", "m": "n", "n": "n", "l": "l", "r": "l", "f": "f", "w": "f", "h": "h",
}  # fmt: skip
_INITIAL = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsw])?[a-z]*?(ng?)?\Z")
_LATIN = (
    (re.compile(r"tch|tsch|sch|sh|ch(?=[eiy])|th(?=\n|\Z)|tz|ts|c(?=[eiy])|g(?=[eiy])|[jzsx]"), "S"),
    (re.compile(r"ph|v|w"), "F"),
    (re.compile(r"ck|[cgkq]h?"), "K"),
    (re.compile(r"th|[dt]"), "T"),
    (re.compile(r"[bp]"), "P"),
    (re.compile(r"r(?![aeiouy])"), ""),
    (re.compile(r"[lr]"), "L"),
    (re.compile(r"[mn]g?"), "N"),
    (re.compile(r"f"), "F"),
    (re.compile(r"(?<![a-z])h|h(?=[aeiou])"), "H"),
    (re.compile(r"[^A-Z\n]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of a Chinese and a Latin form with the same, or almost the same, chain."""
    wide, latin = _chains(forms)
    for form, chain in wide:
        others = [latin.get((form.kind, key), ()) for key in blocks(form, chain)]
        found = {other.number: (other, its) for block in others if is_comparable(block) for other, its in block}
        yield from of_wide(form, chain, near(form, chain, found.values()))


def is_comparable(block: Collection[object]) -> bool:
    """Whether a block of Latin names is small enough to compare."""
    return len(block) <= MAX_COMPARED


def of_wide(form: Form, chain: str, found: Collection[tuple[Form, int]]) -> Iterator[Clue]:
    """The clues of one Chinese form, given its chain and the Latin forms that are `near`."""
    if not found or len(found) > MAX_BLOCK:
        return
    best = min(distance for _other, distance in found)
    for other, distance in found:
        if distance == best:
            yield clue(form.number, other.number, "sound", _strength(chain, distance, len(found)))


def near(form: Form, chain: str, others: Iterable[tuple[Form, str]]) -> list[tuple[Form, int]]:
    """The Latin forms that sound like a Chinese one, with the edit distance of their chains.

    `others` are Latin forms with their chains.
    """
    distances = [(other, Levenshtein.distance(chain, its)) for other, its in others]
    return [(other, distance) for other, distance in distances if distance <= 1 and _fits(form, other, chain, distance)]


def _chains(forms: Forms) -> tuple[list[tuple[Form, str]], dict[tuple[str, str], list[tuple[Form, str]]]]:
    """Chinese forms with their chains; and (kind, blocking key) → Latin forms with theirs."""
    wide: list[tuple[Form, str]] = []
    narrow: list[Form] = []
    for form in forms.all:
        if chain := foreign_chain(form):
            wide.append((form, chain))
        elif may_be_transliterated(form):
            narrow.append(form)
    wanted = {(form.kind, key) for form, chain in wide for key in blocks(form, chain)}
    latin: dict[tuple[str, str], list[tuple[Form, str]]] = defaultdict(list)
    if wanted:
        for form, chain in zip(narrow, chains_of_latin([form.words for form in narrow]), strict=True):
            for key in blocks(form, chain):
                if (form.kind, key) in wanted:
                    latin[form.kind, key].append((form, chain))
    return wide, latin


def foreign_chain(form: Form) -> str:
    """The chain of a Chinese form that may be a transliteration, else ""."""
    if form.kind not in KINDS or form.digits or len(form.bare) < 3 or not _SOUNDS.issuperset(form.bare):
        return ""
    chain = chain_of_wide(form.bare)
    return chain if len(chain) > 2 else ""


def may_be_transliterated(form: Form) -> bool:
    """Whether a Latin form may have a Chinese transliteration."""
    if form.kind not in KINDS or form.digits or form.wide:
        return False
    return len(form.words) <= 3 and len(form.bare) > 4


def blocks(form: Form, chain: str) -> set[str]:
    """The blocking keys of a form, given its chain.

    A single word must match the whole chain; a person's full name may differ in one class; see `_fits`.
    """
    if _is_single(form):
        return {chain}
    shorter = (chain[:at] + chain[at + 1 :] for at in range(len(chain))) if len(chain) > 3 else ()
    return {f"{part} " for part in (chain, *shorter)}


def chain_of_wide(text: str) -> str:
    """The consonant classes of Chinese syllables: `拉马努金` → `LNNSN`."""
    return re.sub(r"(.)\1+", r"\1", "".join(_classes((readings(character) or ("",))[0]) for character in text))


@cache
def _classes(syllable: str) -> str:
    match = _INITIAL.match(syllable)
    return _CLASSES.get(match[1] or "", "").upper() + ("N" if match[2] else "") if match else ""


def chain_of_latin(words: tuple[str, ...]) -> str:
    """The consonant classes of Latin words: `ramanujan` → `LNSN`."""
    return chains_of_latin([words])[0]


def chains_of_latin(names: Sequence[tuple[str, ...]]) -> list[str]:
    """`chain_of_latin` for many names at once, which is much faster."""
    text = "\n".join(map(" ".join, names))
    for pattern, letters in _LATIN:
        text = pattern.sub(letters, text)
    return text.split("\n") if names else []


def _fits(form: Form, other: Form, chain: str, distance: int) -> bool:
    """Whether the names sound alike, vowels included: a single word in full, a full name in its first and last word."""
    if _is_single(form) != _is_single(other):
        return False
    likeness = fuzz.ratio(sound(form.bare), other.bare)
    if _is_single(form):
        return not distance and likeness >= (62 if len(chain) > 3 else 66)
    return likeness >= 50 and all(
        _near(chain_of_wide(form.words[at]), chain_of_latin((other.words[at],))) for at in (0, -1)
    )


def _is_single(form: Form) -> bool:
    """Whether a name counts as one word: all but people's full names."""
    return form.kind != "person" or len(form.words) == 1


def _near(one: str, two: str) -> bool:
    return one[:1] == two[:1] and Levenshtein.distance(one, two) <= (1 if min(len(one), len(two)) > 1 else 0)


def _strength(chain: str, distance: int, rivals: int) -> float:
    strength = 0.5 + 0.04 * min(len(chain), 8) - 0.1 * distance
    return min(0.75, strength) if rivals == 1 else strength - 0.1
