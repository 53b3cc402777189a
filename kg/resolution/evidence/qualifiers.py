"""Names that differ by a word that only makes them explicit: of which country, what sort of thing, one or many.

`US Department of Justice`, `中国公安部`, `H100 GPU`, `Mercury Group` and `drones` are often what posts elsewhere call
`Department of Justice`, `公安部`, `H100`, `Mercury` and `drone`. Such a word can also make the difference (`AI model`,
`财政部` of two countries, `GPTs`), so unless the short name is distinctive, both must occur in similar company.
"""

import re
from collections.abc import Iterable, Iterator

from kg.resolution.forms import Form

KINDS = frozenset(["organization", "product"])
SURE = 0.91
LIKELY = 0.885
"""Enough with any company in common."""
DOUBTFUL = 0.72
"""Enough with much company in common."""
ACRONYM = 0.8
"""Enough with some company in common, or one translation: TPUs, LLMs; but GPTs."""
_STATES = "united states|us|usa|u s|american|china|chinese|uk|u k|united kingdom|british|russian?|french|german"
_STATE = re.compile(
    rf"\A(?:{_STATES}|canada|canadian|japan|japanese|india|indian|iran|iranian|israeli?|ukrain(?:e|ian)"
    r"|australian?|italian?|hong kong|ontario|alberta|california|european) (?=\S{4})"
)
_STATE_ZH = re.compile(
    "\\A(?:中华人民共和国|中国|美国|英国|日本|俄罗斯|法国|德国|加拿大|印度|伊朗|以色列|乌克兰|澳大利亚|意大利|韩国|欧洲|欧盟"
    "|香港|台湾|澳门)(?=...)"
)
_IS_BODY = re.compile(
    "(?:department|bureau|agency|administration|commission|council|service|office|guard|treasury|reserve|academy"
    "|university|institute|authority|corps|forces?|部|局|署|委|会|院|所|办公室|大学|学院|银行|公司|集团|协会|联盟)"
)
_COMMON = re.compile(
    "(?:ministry of|(?:supreme|federal|high|constitutional) court|central bank|parliament|congress|senate|cabinet"
    "|government|navy|army|air force|military|(?:liberal|conservative|labou?r|democratic|republican|communist) party"
    "|(?:财政|商务|国防|外交|教育|司法|能源|农业|劳工|劳动|卫生|交通|内政|环境|文化|国土安全)部|国务院|议会|国会|参议院|众议院"
    "|最高法院|宪法法院|最高人民法院|中央银行|央行|政府|(?<!国家)统计局|证监会|陆军|海军|空军|军队|国防军|议院)\\Z"
)
"""Institutions that nearly every country has under one name."""
_OFFICE = re.compile(r"\A(department|ministry|bureau) of (?:the )?(.+)\Z")
_ALIKE = {"unitedstates": "us", "usa": "us", "american": "us", "canadian": "canada", "中华人民共和国": "中国"}
_TELLING = re.compile(r" (?:architecture|chips?|cpu|gpus?|index|mission|model|npu|processor|rocket|spacecraft|visa)\Z")
"""Words for what a thing itself is, ..."""
_SORT = re.compile(r" (?:app|application|browser|framework|machine|platform|software)\Z")
"""... and for what may be made with it or of it."""
_CODED = re.compile(r" (?:chips?|model|npu|gpus?|processor|visa)\Z")
"""Words after which a code without numbers is distinctive: a VLA model is a VLA."""
_MEASURED = re.compile(
    r"(?:\A| )(?:usd|dollar|eur|euro|jpy|yen|cny|yuan|renminbi|gbp|pound|chf|franc|inr|rupee|gold|silver|copper|oil|gas"
    r"|bitcoin|price|inflation|volatility|bond|dram|freight)s?\Z"
)
"""What an index measures rather than its name: the Nasdaq index is the Nasdaq, the USD Index is not the USD."""
_TELLING_ZH = re.compile("(?:模型|芯片|处理器|显卡|飞船|火箭|签证)\\Z")
_TRADE = re.compile(r"(?: (?:group|holdings?|technolog(?:y|ies)|platforms|pharmaceuticals)|(?<=\A..)集团)\Z")
_BRANCH = re.compile(r" (?:ai|bank|capital|mining|labs|airlines|pharma)\Z")
_PLURAL = re.compile(r"(?<=[a-z]{3})s\Z")
_CLASS = re.compile(r"\w \w{4,}\Z")
"""Two words, the last of which names a sort: Raptor engine."""
OFTEN = 4
"""Ratio of mentions from which a company with a word added is taken for a part of the company: Google AI."""


def shortened(form: Form) -> dict[str, float]:
    """Bare text of a form without its qualifier → probability that the qualifier is insignificant."""
    result: dict[str, float] = {}
    for text, strength in _shortened(form):
        short = text.replace(" ", "")
        if short != form.bare and len(short) > 1:
            result[short] = max(strength, result.get(short, 0.0))
    return result


def is_ambiguous(plain: Form, form: Form, others: Iterable[Form], namesakes: Iterable[Form]) -> bool:
    """Whether a short name may be another thing than the one with the qualifier.

    Args:
        plain: the short name.
        form: the name with a qualifier.
        others: all names of the kind that are the short one with something added, `form` among them.
        namesakes: the short names of all kinds.
    """
    if form.kind != "organization":
        return not form.bare.endswith("index") and any(
            other.kind == "organization" and other.count > plain.count for other in namesakes
        )
    core = plain.bare
    if _BRANCH.search(" ".join(form.words)) and plain.count > OFTEN * form.count:
        return True
    place = _place(form, core)
    return bool(place) and any(_place(other, core) not in {"", place} for other in others)


def _place(form: Form, core: str) -> str:
    """The place before the short name, one word for each place; "" if there is none."""
    place = form.bare.removesuffix(core).removeprefix("the")
    is_place = place != form.bare and _has_place(f"{place}xxxx" if form.wide else f"{place} xxxx")
    return _ALIKE.get(place, place) if is_place else ""


def _shortened(form: Form) -> Iterator[tuple[str, float]]:
    if len(form.words) == 1 and not form.wide:
        if form.kind == "product" and form.label.endswith("s"):
            yield _PLURAL.sub("", form.bare), _plural_strength(form, form.bare)
        return
    text = " ".join(form.words).removeprefix("the ")
    if form.kind == "organization":
        yield from _without_place(form, text)
        long = form.bare if form.wide else text
        yield _TRADE.sub("", long), LIKELY
        yield _BRANCH.sub("", text), DOUBTFUL
    elif form.kind == "product":
        if form.wide:
            short = _TELLING_ZH.sub("", form.bare)
            yield short, SURE if _is_code(short.upper()) else DOUBTFUL
        sort = _TELLING.search(form.label.lower() if form.wide else text)
        if sort:
            short = form.bare.removesuffix(sort[0].strip()) if form.wide else text.removesuffix(sort[0])
            named = form.label[: -len(sort[0])]
            code = _is_code(named) and (any(map(str.isdigit, named)) or bool(_CODED.match(sort[0])))
            if sort[0] != " index" or not _MEASURED.search(short):
                yield short, SURE if code else LIKELY
        yield _SORT.sub("", text), DOUBTFUL
        if not form.wide and form.label.endswith("s"):
            yield _PLURAL.sub("", text), _plural_strength(form, text)


def _plural_strength(form: Form, text: str) -> float:
    """Probability that the plural of a product is the product: high if its name is a common noun, not for Spark."""
    if _CLASS.search(text) or form.label.islower():
        return SURE
    return ACRONYM if form.label[:-1].isupper() else DOUBTFUL


def _without_place(form: Form, text: str) -> Iterator[tuple[str, float]]:
    if form.wide:
        short = _STATE_ZH.sub("", form.bare)
    else:
        text = text.replace("u.s ", "us ")
        short = _STATE.sub("", text)
    if short != (form.bare if form.wide else text) and _IS_BODY.search(short) and not _COMMON.search(short):
        yield short, SURE
        yield turned(short), SURE
    if form.bare.startswith("中国国家"):
        yield form.bare.replace("国家", "", 1), SURE


def turned(text: str) -> str:
    """`department of justice` as `justice department`; any other name as it is."""
    return _OFFICE.sub(r"\2 \1", text)


def _has_place(text: str) -> bool:
    return bool(_STATE.match(text) or _STATE_ZH.match(text))


def _is_code(name: str) -> bool:
    """Whether a name is a code, which hardly two things share: VLA, H100, AI4; not AI, not Apple."""
    letters = [character for character in name if character.isalnum()]
    return (
        len(letters) > 2 and all(c.isdigit() or c.isupper() or not c.isascii() for c in letters) and name[-1].isascii()
    )
