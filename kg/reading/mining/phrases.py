"""Classification of phrases: name, several names, explanation, or neither."""

import re

from kg.reading.mining.asides import is_aside, is_ordinal
from kg.text.patterns import pattern
from kg.text.scripts import HAN, WIDE, has_cjk, has_letter, is_acronym


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LATIN_NAME = re.compile(r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9 .,&+#/'’*:!?%()·–—-]{1,70}")

OPENS_EXPLANATION = "(?:是|意|即)?指|意为|一[种種个個家项項类類套款名位组組部本支座]|用[于於]"
_opens_explanation = re.compile(f"(?:{OPENS_EXPLANATION})").match

# Labels of a remark, a source, a price …: what follows one is not an explanation.
_LABELS = _words("""
    注 註 译注 譯注 编注 按 注释 备注 備註 说明 說明 原文 此处 此處 例如 比如 譬如 如 例 举例 見 见 参见 參見 参考
    參考 来源 來源 资料来源 图 表 时间 時間 日期 地址 电话 電話 链接 連結 网址 網址 作者 译者 主讲 主持 主持人 观众
    觀眾 嘉宾 旁白 字幕 提示 更新 优点 缺点 優點 缺點 特点 特點 作用 目标 目的 问题 答案 原因 结果 结论 方法 功能
    用途 背景 单位 单价 价格 年龄 职业 地点 版本 型号 代码 代碼 代号 股票代码 股票代碼 证券代码 条件 比例 权重 难度
    评分 综合评分 全称 全稱 简称 簡稱 英文 英文名 中文 中文名 英文/中文全称 英文全称 原名 本名 又名 别名 意译 直译
    转录 网络流行语 金融术语 公司名 人名 地名 书名 片名 出生 生于 卒于 音译 谐音 重点 关键 核心 要点 总结 预计 截至 包括
    其中 纳斯达克 納斯達克 纽交所 港股 美股 A股 上交所 深交所 港交所
    note notes source sources see via photo photos image credit
    default required optional returns deprecated yes no none other others
    credits fig figure update updated edit editor ed tip warning example examples hint todo time date price cost
    age born died location address phone email tel link url http https mailto ftp doi isbn issn pros cons pro con q
    a re cc ps p.s author speaker host guest ticker symbol nasdaq nyse tsx lse hkex sse szse amex otc version
    chapter page part step day week year total score ratio rating left right top bottom
    notice remark remarks attention caution important disclaimer addendum erratum summary answers faq
    bemerkung bemerkungen anmerkung hinweis achtung wichtig tipp warnung lösung antwort
    remarque remarques rappel rappels avertissement important conseil donnée données réponse correction
    nota aviso advertencia importante recordatorio respuesta solución consejo atención atenção observação
    avviso risposta
    примечание внимание важно замечание ответ 補足 注意 備考 ヒント まとめ 참고 주의
""")
_DEFINES = _words("定义 定義 含义 含義 意思 释义 意为 definition meaning def")
_PREFIX = pattern(
    r"\A(?:即|又称为?|也称为?|亦称|也叫|又叫|又名|简称为?|簡稱|全称为?|全稱|俗称|原名|英文名?为?|英语|英語|德语|法语|日语"
    r"|拉丁语|或称?|also known as|a\.?k\.?a\.?|short for|i\.e\.,?|or)(?=[ “\"*]|(?<![a-z])[A-Za-z]) *"
    rf"|\A即(?=[{HAN}]{{2}})|\A原 +",
    re.IGNORECASE,
)
_SUFFIX_PART = _words("inc ltd llc co corp jr sr phd s.a plc llp gmbh md dc d.c usa u.s u.k ca ny")
_SENTENCE = re.compile(r"[。！？；!?;\n|<>{}=]|\.\s")
_NO_TERM = re.compile(r"\A[，,、：:.。)）]|[，,、：:的]\Z|：|: ")
_QUANTITY = re.compile(
    r"(?:约|近|超|共|第)?[\d.,%]+ ?[多余]?[万亿千百十兆]*(?:[个位名头只家次倍年月日号天岁元块美件种条张台辆架艘]|$)"
)
_MEASURE = pattern(
    r"[年月週周日毎每約约共全第計计]{0,2}\d[\d.,]*+ ?[万亿億千百]?"
    r"(?:[分秒点回本枚台匹冊册歳才岁円元字人名行章節节頁页句度件個个条次]|時間|小时|小時|分間|秒間|か月|ヶ月|カ月|日間|週間|年間|分钟|分鐘|文字"
    r"|ms|μs|ns|sec|min|kg|km|cm|mm|[KMGT]i?B|fps|px|rpm|[kMG]?Hz|%|％)"
    r"(?:以[内下上]|未満|程度|前後|左右|超)?"
)
"""A number with what it counts or measures: `年1回`, `350分`, `200ms以下`."""
_LITERAL = re.compile(r"(?:true|false|null)\b", re.ASCII)
_BETWEEN = re.compile(r"[，,；;|]|(?<=[^ -~])/|/(?=[^ -~])| / | - (?=[A-Z]{2}[A-Za-z]*$)|(?<=[A-Z]{2}) - ")
_VALUE = re.compile(rf"(?=[^{HAN}]{{1,40}}\Z)[$€£¥~≈<>]? ?\d\S*(?: \S+){{0,2}}")
"""A number, alone or with a word or two, which explains nothing: `(Weight: 3 kg)`."""
_PLAIN_NAME = re.compile("[A-Z][A-Za-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2}")
_OTHER_NAMES = ("简称", "簡稱", "又称", "也称", "以下")
_PLAIN_TEXT = pattern(rf" ?(?!{'|'.join(_OTHER_NAMES)})[{HAN}]{{2}}[^\[*`{{]*")
"""An explanation that is no speech, and has no marks in it."""
_SHORT_WIDE = pattern(f"[{HAN}]{{2,24}}")
_USUAL_NAME = re.compile(
    r"(?=.{3,70}\Z)(?!(?i:aka|also|or|short) )[A-Za-z][A-Za-z0-9&'-]*(?: [A-Za-z0-9&][A-Za-z0-9&'-]*){0,9}"
)
"""One name for certain: no mark in it parts it from another one."""
_BRACKETS = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）]")
_SUBTITLE = re.compile(r"(?P<subtitle>[A-Z][A-Za-z'’ -]{2,50}): (?P<text>.+)", re.DOTALL)
_LONGEST_CODE = 10
_CODE = re.compile(rf"[A-Z0-9.:^]{{1,{_LONGEST_CODE}}}")
_EDGE = " \t\u3000*_`~"
_QUOTES = {"“": "”", "「": "」", "『": "』", '"': '"', "‘": "’"}
_SPEECH = ("“", "「", "『", '"')
_LINK = re.compile(
    r"!?\[([^\]\n]{1,200})\](?:\([^()\s]{1,400}\)|\[[^\[\]\n]{0,100}\])|\[\[(?:[^\]\n|]{1,100}\|)?([^\]\n|]{1,100})\]\]"
)

_ATTRIBUTES = re.compile(r"[ \t]?\{[ \t]?(?:[:#.][^{}\n]{0,100})\}")
"""Lists of attributes: `{: #id }`, `{ .class }`."""
_PART_OF_PROGRAM = re.compile(
    r"\w[^\s()]*\([^()]*\)(?:\s*(?:->|:|throws)?.*)"  # f(x)
    r"|[$@/\\-]\S*.*|\S*(?:::|->|__|://|\w\\|\w/\w+/|\w_\w)\S*(?:\s.*)?"  # $x, --flag, a::b, a_b, /a/b
    r"|(?:\w+\s)?\w+\s\w+\([^()]*\)"  # int f(x)
    r"|\S+\.(?:tex|typ|latex|zip|gz|bz2|xz|exe|html?|css|ya?ml|toml|json|xml|md|txt|sh|py|rb|cfg|conf|ini)(?:\s.*)?",
    re.ASCII,
)
_DATED = re.compile(r"(?:19|20)\d\d[-/.年]\d")
_GLOSSARY_WORD = "术语|術語|名词|名詞|词汇|詞彙|概念"
MAY_HOLD_GLOSSARY = re.compile(rf"#(?!#)[^\n]{{0,40}}(?:{_GLOSSARY_WORD}|[Gg]lossary|[Tt]erm|[Dd]efinitions|GLOSSARY)")
GLOSSARY_TITLE = re.compile(
    r"[^\w]*(?:[\dA-Z一二三四五六七八九十]{1,3}[.、)）]\s*)?(?:"
    rf"(?:关键|核心|重要|专业|主要|相关)?(?:{_GLOSSARY_WORD})(?:表|解释|解釋|释义|釋義|说明|說明|定义|定義)"
    r"|(?:key |main )?(?:glossary(?: of terms)?|terminology|definitions|terms(?: and definitions)?)"
    r")[\s:：*]*",
    re.IGNORECASE,
)

NamesAndText = tuple[tuple[str, ...], str]
"""(names, explanation)."""


def plain(text: str) -> str:
    """A phrase without Markdown marks of emphasis, code and links, and without enclosing quotation marks."""
    if "[" in text:
        text = _LINK.sub(lambda match: match[1] or match[2], text)
    if "**" in text:
        text = text.replace("**", "")
    if "`" in text:
        text = text.replace("`", "")
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    text = text.strip(_EDGE)
    while len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        text = text[1:-1].strip(_EDGE)
    return text


def term_of(typed: str) -> str:
    """A marked phrase as a term, or "" if it can be none: one is short, has a letter, is no sentence or quantity."""
    if _SHORT_WIDE.fullmatch(typed):  # most terms: they need no second look
        usual = typed not in _LABELS and typed[-1] != "的" and not is_aside(typed) and not is_ordinal(typed)
        return typed if usual else ""
    term = plain(typed)
    return term if _is_term(typed, term.rstrip(".")) else ""


def _is_term(typed: str, term: str) -> bool:
    if is_aside(term) or is_ordinal(term) or _DATED.search(term) or typed.count("`") % 2:
        return False
    if _SHORT_WIDE.fullmatch(term):
        return term not in _LABELS and (typed[0] == "《" or not _NO_TERM.search(term))
    if not 1 < len(term) <= 60 or not has_letter(term) or term.casefold() in _LABELS:
        return len(term) == 1 and (has_cjk(term) or term.isupper())
    if typed.startswith("《"):
        return True
    if _SENTENCE.search(term) or _NO_TERM.search(term):
        return False
    if has_cjk(term):
        return len(term) <= 24 and not _QUANTITY.match(term)
    return len(term.split()) <= 8


def is_code(term: str) -> bool:
    """Whether a term is part of a program, a file or an address: `getChildren(Object parent)`, `--force`, `a_b`."""
    return bool(_PART_OF_PROGRAM.fullmatch(term))


def is_latin_name(name: str) -> bool:
    """Whether a phrase is in Latin letters and short enough to be a name."""
    return bool(_LATIN_NAME.fullmatch(name)) and len(name.split()) <= 7 and len(name) > 1


def is_mere_number(name: str) -> bool:
    """Whether a name is too short to be a term on its own, or a label that counts: `00`, `Part 1`."""
    label, _blank, number = name.casefold().rpartition(" ")
    return len(name) < 3 or (number.isdigit() and label in _LABELS)


def is_explanation(text: str) -> bool:
    """Whether a text has enough words to explain anything."""
    return _explains(plain(text))


def _explains(text: str) -> bool:
    return len(text) >= 2 and has_letter(text) and (len(text) > _LONGEST_CODE or not _CODE.fullmatch(text))


def is_value(text: str) -> bool:
    """Whether a text is a number, a measure or a value of code, which explains nothing."""
    return bool(_VALUE.fullmatch(text) or _MEASURE.fullmatch(text) or _LITERAL.match(text))


def parse_brackets(head: str, text: str) -> NamesAndText | None:
    """Split `head: text` into names and explanation; None if it is something else, such as a remark or a time."""
    if _USUAL_NAME.fullmatch(head) and _PLAIN_TEXT.fullmatch(text) and head.casefold() not in _DEFINES:  # most
        return None if head.casefold() in _LABELS or is_aside(head) else ((head,), text.strip(_EDGE))
    speech = text.lstrip().startswith(_SPEECH)
    head, text = plain(head), plain(text)
    folded = head.casefold()
    if not _explains(text) or text.startswith("//") or is_value(text) or folded.rstrip(" .") in _LABELS:
        return None
    if folded in _DEFINES:
        return (), text
    if is_aside(head):
        return None
    if _PLAIN_NAME.fullmatch(head) and not text.startswith(_OTHER_NAMES) and not "A" <= text[0] <= "Z":
        return (head,), text
    if not has_letter(head) or (head[-1].isdigit() and text[0].isdigit()) or _SENTENCE.search(head):
        return None
    if text.startswith(_OTHER_NAMES):
        return None
    if speech and not _LATIN_NAME.fullmatch(head):
        return None
    if head.startswith(("例如", "比如", "譬如", "如")) and has_cjk(head):
        return None
    if _opens_explanation(head) or "、" in head or (has_cjk(head) and len(head) > 24):
        return (), f"{head}：{text}"  # the colon belongs to the explanation
    if not has_cjk(head) and not is_acronym(head.partition(" ")[0]) and (match := _SUBTITLE.fullmatch(text)):
        head, text = f"{head}: {match['subtitle']}", match["text"]
    names = _names(head)
    if not names or any(name.casefold() in _LABELS or is_aside(name) for name in names):
        return None
    return names, text


def _names(head: str) -> tuple[str, ...]:
    """The names in a head: two in `Initial Public Offering, IPO`, one in `Trip, Fall and Rise`."""
    if _USUAL_NAME.fullmatch(head):
        return (head,)
    names: list[str] = []
    outer, inner = _split_brackets(head)
    parts = _BETWEEN.split(outer) + (_BETWEEN.split(inner) if inner else [])
    for typed in parts:
        part = plain(_PREFIX.sub("", plain(typed), count=1))
        if not part:
            continue
        if names and _goes_on(names[-1], part):
            names[-1] += ", " + part
        else:
            names.append(part)
    if any(len(name) > 70 or not has_letter(name) or len(name.split()) > 10 for name in names):
        return ()
    return tuple(dict.fromkeys(names))


def _goes_on(name: str, part: str) -> bool:
    """Whether a part after a comma continues the name: `Trip, Fall and Rise`, `Acme, Inc.`."""
    if part.casefold().rstrip(".") in _SUFFIX_PART:
        return True
    if is_acronym(part.partition(" ")[0]) or is_acronym(name) or has_cjk(part) or has_cjk(name):
        return False
    return not (len(part) <= 6 and expands(name, part))  # Basis Point, bp


def _split_brackets(head: str) -> tuple[str, str]:
    """The text before and in brackets: `Model Context Protocol (MCP)`; "" without brackets."""
    match = _BRACKETS.fullmatch(head) if head.endswith((")", "）")) else None
    return (match[1].strip(), match[2].strip()) if match else (head, "")


def split_term(term: str) -> tuple[str, tuple[str, ...]]:
    """A term without its other names in brackets, and these."""
    outer, inner = _split_brackets(term)
    return outer, _names(inner) if inner else ()


def expands(phrase: str, acronym: str) -> bool:
    """Whether an acronym's letters occur in order in a phrase that begins with the first (Schwartz & Hearst 2003)."""
    if len(acronym) > 2 and phrase.casefold().startswith(acronym.casefold()) and " " not in phrase:
        return len(phrase) > len(acronym)  # Infra, Infrastructure
    letters = [c for c in acronym.casefold().rstrip("s") if c.isalnum()]
    words = re.findall(r"[a-z0-9]+", phrase.casefold())
    if len(letters) < 2 or not words or words[0][0] != letters[0] or phrase.casefold() == acronym.casefold():
        return False
    rest = iter("".join(words))
    return all(letter in rest for letter in letters)


def _is_wide_name(phrase: str) -> bool:
    return phrase not in _LABELS and "的" not in phrase and not _opens_explanation(phrase)


def _stands_for(phrase: str, name: str) -> bool:
    """Whether a phrase is the expansion of a name's first word: `DCF model`, Discounted Cash Flow."""
    word = name.partition(" ")[0]
    return (is_acronym(word) or len(name) < 7) and expands(phrase, word)


_FIRST_LATIN = re.compile(r"(?P<first>[A-Za-z][A-Za-z0-9 &.'’/-]{2,60})(?:[，,;；：:]\s*(?P<rest>.*)|。?)", re.DOTALL)
_FIRST_WIDE = pattern(
    f"(?P<first>[{WIDE}]{{2,12}})(?:[：:]\\s*(?P<rest>.+)|[，,]\\s*(?P<definition>(?:{OPENS_EXPLANATION}).+))",
    re.DOTALL,
)


def separate_names(term: str, reading: NamesAndText) -> NamesAndText:
    """Move names at the start of an explanation to the names, and drop those equal to the term."""
    names, text = reading
    match = _FIRST_LATIN.fullmatch(text)
    if match and has_cjk(term + "".join(names) + text):
        first, rest = match["first"].strip(), match["rest"] or ""
        title = names and not rest and term.startswith("《") and is_latin_name(names[-1]) and len(first.split()) <= 5
        if any(_stands_for(first, name) for name in (term, *names)) or (
            not rest and len(first.split()) <= 6 and not any(map(is_latin_name, (term, *names)))
        ):
            names, text = (*names, first), rest.strip()
        elif title:
            names, text = (*names[:-1], f"{names[-1]}: {first}"), ""
    elif not has_cjk(term) and not any(map(has_cjk, names)):
        match = _FIRST_WIDE.fullmatch(text)
        if match and _is_wide_name(match["first"]):
            names, text = (*names, match["first"]), (match["rest"] or match["definition"]).strip()
    known = {term.casefold()}
    others: list[str] = []
    for name in names:
        if name.casefold() not in known:
            known.add(name.casefold())
            others.append(name)
    if text.casefold().rstrip("。.") in known:
        text = ""
    return tuple(others), text
