"""Similarity of two forms in spelling and sound."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from kg.resolution.forms import Form
from kg.resolution.readings import sound
from kg.text.wording import SMALL_WORDS

TITLES = frozenset(["president", "governor", "senator", "minister", "chairman", "pope", "king", "queen", "ayatollah"])
"""Words before a surname that are not first names."""
ROLES = frozenset(
    re.split(
        r"\s+",
        """anonymous author ceo editor founder guest guests host hosts interviewer interviewee moderator narrator
        president professor reporter speaker student user theauthor theguest thehost thespeaker
        主持人 嘉宾 作者 记者 编辑 创始人 教授 博士 医生 主播 博主 网友 听众 观众 用户 学生 老师 作家 讲者
        演讲者 采访者 受访者 匿名 总统 总理 首相 主席 部长 国王 教皇 发言人 分析师 经理 老板 董事长""",
    )
)
"""Bare texts of roles, which do not identify a person: a gloss of one (`主持人（Vivi）`) holds for one post only."""
_VOWELS = re.compile(r"[aeiouyhw]+")
_SAME_SOUND = (("ph", "f"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("z", "s"), ("c", "k"), ("j", "i"), ("v", "f"))


@lru_cache(maxsize=1 << 15)
def skeleton(word: str) -> str:
    """First letter and consonants of a Latin word, without doubling: equal for `lutnick` and `lutnik`."""
    text = word
    for letters, one in _SAME_SOUND:
        text = text.replace(letters, one)
    rest = _VOWELS.sub("", text[1:])
    return text[:1] + re.sub(r"(.)\1+", r"\1", rest)


def alike(a: Form, b: Form) -> bool:
    """Whether two forms in one script could be spellings of one name: similar, alike in sound, or one in the other.

    Forms in different scripts are never alike: only evidence can join them.
    """
    if a.digits != b.digits or a.script != b.script:
        return False
    if a.bare in b.bare or b.bare in a.bare:
        return True
    if a.wide:
        one, two = sound(a.bare), sound(b.bare)
        return fuzz.ratio(a.bare, b.bare) >= 60 or fuzz.ratio(one, two) >= 75 or fuzz.partial_ratio(one, two) >= 85
    if fuzz.ratio(a.bare, b.bare) >= 75 or is_acronym_of(a, b) or is_acronym_of(b, a):
        return True
    if a.kind == "work" and fuzz.token_sort_ratio(" ".join(a.words), " ".join(b.words)) >= 65:
        return True
    return _abbreviates(a, b) or _abbreviates(b, a)


def initials(words: tuple[str, ...]) -> set[str]:
    """Initials of all words, and of all but small words: `department of justice` → `doj`, `dj`."""
    every = "".join([word[0] for word in words])
    if SMALL_WORDS.isdisjoint(words):
        return {every}
    return {every, "".join([word[0] for word in words if word not in SMALL_WORDS])}


def is_acronym_of(short: Form, long: Form) -> bool:
    """Whether a short form consists of the initials of another's words, small words counted or not."""
    if len(long.words) < 2 or not 2 <= len(short.bare) <= 8:
        return False
    return any(
        letters == short.bare or (len(short.bare) > 2 and letters.endswith(short.bare))
        for letters in initials(long.words)
    )


def _abbreviates(short: Form, long: Form) -> bool:
    """Whether capitals occur in order in a longer name that begins with the first: KMT, Kuomintang."""
    if not 3 <= len(short.bare) <= 5 or not short.label.isupper() or short.bare[0] != long.bare[0]:
        return False
    letters = iter(long.bare)
    return all(letter in letters for letter in short.bare)
