"""What a body has to say for kg to read a definition out of it, and what must not pass for one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.config import Config
from kg.model import Definition
from kg.reading.folder import read_posts
from kg.reading.mining import glosses, phrases
from kg.reading.mining.asides import is_aside
from kg.reading.mining.definitions import mine
from tests.conftest import write_posts

if TYPE_CHECKING:
    from pathlib import Path


def only(body: str) -> tuple[str, tuple[str, ...], str]:
    (definition,) = mine(body, 1)
    return definition.term, definition.translations, definition.text


@pytest.mark.parametrize(
    ("body", "term", "translations", "text"),
    [
        # both languages, an abbreviation and its expansion
        ("**资本支出**（CAPEX: Capital Expenditure，买设备的钱）",
         "资本支出", ("CAPEX", "Capital Expenditure"), "买设备的钱"),
        ("**资本支出**（Capital Expenditure, CAPEX: 买设备的钱）",
         "资本支出", ("Capital Expenditure", "CAPEX"), "买设备的钱"),
        ("**K型复苏**（K-shaped recovery: 有人更富，有人更穷）",
         "K型复苏", ("K-shaped recovery",), "有人更富，有人更穷"),
        ("**Capex** (资本支出: 买设备的钱)", "Capex", ("资本支出",), "买设备的钱"),
        ("**Capex** (CapEx: money spent on machines)", "Capex", (), "money spent on machines"),
        ("**ROI**（Return on Investment: 投入换来多少）", "ROI", ("Return on Investment",), "投入换来多少"),
        ("**工具协议**（Tool Protocol (TP): 连接工具的约定）", "工具协议", ("Tool Protocol", "TP"), "连接工具的约定"),
        ("**基础设施**（Infra: Infrastructure，道路、机房等）",
         "基础设施", ("Infra", "Infrastructure"), "道路、机房等"),
        ("**《群山》**（The Hills: A Memoir）", "《群山》", ("The Hills: A Memoir",), ""),
        ("**停摆**（崩溃/失灵: 系统停止工作）", "停摆", ("崩溃", "失灵"), "系统停止工作"),
        ("**Acme**（Acme Holdings, Inc.: 一家假想的公司）", "Acme", ("Acme Holdings, Inc.",), "一家假想的公司"),
        ("**可塑性**（英文 Plasticity: 改变形状的能力）", "可塑性", ("Plasticity",), "改变形状的能力"),
        ("**ROI**（Return on Investment: 投资回报率，指投入换来多少）",
         "ROI", ("Return on Investment", "投资回报率"), "指投入换来多少"),
        ("**latency**（延迟: 等待的时间）", "latency", ("延迟",), "等待的时间"),
        ("**PDF**（Portable Document Format: 一种文件格式，用于交换文档）",
         "PDF", ("Portable Document Format",), "一种文件格式，用于交换文档"),
        ("**量化训练**（Quantised Training - QT: 用低精度数字训练）",
         "量化训练", ("Quantised Training", "QT"), "用低精度数字训练"),
        # what is no part of the term
        ("x\n\n[Good Start][12]\n: a book", "Good Start", (), "a book"),
        ("x\n\n__`text`__{: #text }:\n: the source", "text", (), "the source"),
        ("x\n\nThe error `none found`\n: what to do", "The error none found", (), "what to do"),
        # where the marks are
        ("**税负（Tax Burden: 税占收入的比例）**", "税负", ("Tax Burden",), "税占收入的比例"),
        ("“**慢生活**”（Slow Living: 不赶时间的日子）", "慢生活", ("Slow Living",), "不赶时间的日子"),
        ("**“慢生活”**（Slow Living: 不赶时间的日子）", "慢生活", ("Slow Living",), "不赶时间的日子"),
        ("《群山》（The Hills: 一部小说）", "《群山》", ("The Hills",), "一部小说"),
        ("我们用 RAG（Retrieval-Augmented Generation: 先查后答）",
         "RAG", ("Retrieval-Augmented Generation",), "先查后答"),
        ("很多人关心的那种税负（Tax Burden: 税占收入的比例）", "Tax Burden", (), "税占收入的比例"),
        # brackets within brackets, a link, the bare explanation
        ("**熵**（Entropy: 衡量混乱（或无知）的量）", "熵", ("Entropy",), "衡量混乱（或无知）的量"),
        ("**[水印](https://e.example)**（Watermark: 藏在图中的记号）", "水印", ("Watermark",), "藏在图中的记号"),
        ("**水印**（指藏在图中、肉眼看不见的记号）", "水印", (), "指藏在图中、肉眼看不见的记号"),
        # what glossaries look like
        ("# 术语表\n\n- **水印**：藏在图中的记号", "水印", (), "藏在图中的记号"),
        ("## Glossary\n\n* **Float:** money held for others.", "Float", (), "money held for others."),
        ("## 3. 名词解释\n- **水印 (Watermark)**: 藏在图中的记号", "水印", ("Watermark",), "藏在图中的记号"),
        ("intro\n\nFloat\n: Money held for others.", "Float", (), "Money held for others."),
        ("intro\n\n[[Float]]\n: Money held for others.", "Float", (), "Money held for others."),
        ("intro\n\n*[ROI]: Return on Investment", "ROI", (), "Return on Investment"),
    ],
)  # fmt: skip
def test_reads(body: str, term: str, translations: tuple[str, ...], text: str) -> None:
    assert only(body) == (term, translations, text)


@pytest.mark.parametrize(
    "body",
    [
        "**涨幅**（注：不含分红）",
        "**Surveyed** (`status: surveyed`)",
        "**半分は古い話でした** (arXiv:1903.12282, TSE 掲載)",
        "**Markdown импортёр** (Срок: 3 дня)",
        "**Crate** (Weight: 3 kg)",
        "**某公司**（股票代码：ABCD）",
        "**Acme** (NASDAQ: ACME)",
        "**开场** (Mike, 00:12:30)",
        "**开场**（12:30：开始）",
        "**水果**（例如：苹果）",
        "**水果**（如苹果：红的）",
        "**看这里**（https://example.org/a）",
        "**掌声**（台下：“好！”）",
        "**税负**（Tax Burden）",
        "a remark (which is odd: nobody asked) in English",
        "- **要点**：这是列表的一项，不是术语",
        "# 概念的复杂性\n- **要点**：这一节谈概念，但不是词汇表",
        "**今天我们谈三件事。第一件是税**（一件很要紧的事）",
        "```\n**税负**（Tax Burden: 税占收入的比例）\n```",
        "```\n`a`\n`b`\n`c`\n**税负**（Tax Burden: 税占收入的比例）\n```",
        "~~~~\n~~~\n**税负**（Tax Burden: 税占收入的比例）\n~~~~",
        "`**税负**（Tax Burden: 税占收入的比例）`",
        "**give a type, like `later (id: string)`**",
        "intro\n\n[The Float](/float/)\n: Tells what to know of money held for others.",
        '{{% alert title="Note" %}}\n: mind the gap',
        "",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert mine(body, 1) == ()


def test_the_text_between_two_bold_terms_is_no_term() -> None:
    found = mine("**甲**和别的**（Tax: 国家收的钱）**，**乙方**（Party B: 合同的另一方）", 1)
    assert "和别的" not in {definition.term for definition in found}
    assert "乙方" in {definition.term for definition in found}


def test_a_second_fence_with_words_behind_it_ends_the_code_as_most_people_mean_it() -> None:
    """CommonMark has only a bare fence end code, which loses all that is defined below one that nothing closes."""
    body = "```python\n**甲**（Alpha: 第一个）\n```python\n\n**税负**（Tax Burden: 税占收入的比例）\n"
    assert [definition.term for definition in mine(body, 1)] == ["税负"]


def test_places_are_those_of_the_term_in_the_file() -> None:
    body = "第一行\r\n\r\n说到**税负**（Tax Burden: 税占收入的比例），还有**熵**（Entropy: 衡量混乱的量）。\r\n"
    assert mine(body, 20) == (
        Definition("税负", ("Tax Burden",), "税占收入的比例", 22, 5),
        Definition("熵", ("Entropy",), "衡量混乱的量", 22, 35),
    )


def test_where_a_term_is_only_named_it_has_no_definition(tmp_path: Path) -> None:
    from kg.pipeline.build import update

    said = "**단일 장애 지점** (SPOF: Single Point of Failure)\n"
    write_posts(tmp_path / "in", {"a.md": said, "b.md": said})
    update(tmp_path / "in", tmp_path / "out", config=Config(formats=("nt", "parquet")))
    written = (tmp_path / "out/graph.nt").read_text("utf-8")
    assert '"Single Point of Failure"' in written
    assert "skos/core#definition>" not in written
    assert 'definitionText> "' not in written


@pytest.mark.parametrize(
    "hostile",
    [
        "（" * 200_000,
        "（a:" * 100_000,
        "（a:" + "（b）" * 100_000,
        ("（a:" + "x" * 390) * 500,
        "**" * 200_000,
        "**a**（b:（" * 40_000,
        "**“" * 100_000,
        "”（a: 中b）" * 40_000,
        "`" * 200_000,
        "\n```" * 50_000,
        "\n# glossary" * 20_000,
        "# glossary\n" + "\n**a**: " * 50_000,
        "[[a" * 100_000,
        "**a**（b: " + "[a](" * 100 + "）" * 50_000,
        "**甲**（x: 中中）" * 20_000,
        "\nx\n:" * 50_000,
    ],
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    begun = time.process_time()
    mine(hostile, 1)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("hidden", ["<!-- {} -->", "<!--\n{}\n-->", "%% {} %%", "%%\n{}\n%%"])
def test_what_a_comment_hides_is_neither_defined_nor_glossed(hidden: str, tmp_path: Path) -> None:
    said = "**资本支出**（CAPEX: 公司花的钱）"
    write_posts(tmp_path, {"a.md": f"# A\n\n{hidden.format(said)}\n\n`<!--` **算力**（Compute: 计算的能力）\n"})
    (post,) = read_posts(tmp_path, Config()).posts
    assert [(d.term, d.line) for d in post.definitions] == [("算力", 5 + hidden.count("\n"))]
    assert [gloss.outer for gloss in post.glosses] == ["算力"]


def test_a_comment_that_nothing_closes_hides_nothing(tmp_path: Path) -> None:
    write_posts(
        tmp_path, {"a.md": "# A\n\n<!-- **资本支出**（CAPEX: 公司花的钱）\n\n%% **算力**（Compute: 计算的能力）\n"}
    )
    (post,) = read_posts(tmp_path, Config()).posts
    assert [d.term for d in post.definitions] == ["资本支出", "算力"]


@pytest.mark.parametrize(
    "opening",
    [
        "e.g.", "i.e.", "E.g.", "see", "See also", "also known as", "z. B.", "z.B.", "d. h.", "siehe", "vgl.", "p. ex.",
        "voir", "c.-à-d.", "p. ej.", "véase", "es decir", "por exemplo", "ad es.", "vedi", "bijv.", "zie",
        "t.ex.", "np.",
        "např.", "например", "см.", "т. е.", "örn.", "π.χ.", "مثلا", "למשל", "例", "例えば", "すなわち", "예",
        "예시", "즉", "例如", "比如", "参见", "即",
    ],
)  # fmt: skip
def test_what_opens_an_example_or_a_reference_is_no_term(opening: str) -> None:
    bodies = (
        f"이 CMS({opening}: Ghost 또는 WordPress)를 쓴다. 유사한 **API**({opening}: getX 과 getY)를 쓴다.\n",
        f"使用**内容管理**（{opening}：Ghost 或者 WordPress）的人。\n",
        f"Some **content system** ({opening}: Ghost or WordPress is one) is used.\n",
        f"{opening}\n: what it stands for\n",
        f"英伟达（{opening} Nvidia）与英伟达（{opening}，Nvidia）\n",
    )
    names = {name for body in bodies for found in mine(body, 1) for name in (found.term, *found.translations)}
    assert opening not in names
    assert not {name for name in names if name.startswith(opening)}
    glossed = {gloss.inner for body in bodies for gloss in glosses.mine(body, 1)}
    assert not {name for name in glossed if name.startswith(opening.rstrip("."))}


@pytest.mark.parametrize(
    "text",
    [
        "他说 bingo（译者注：这是玩笑话）",
        "问 marvin（abc_xy注：一位同事）",
        "**写法**（译者注：相当于 n++）",
        "用 buoy.update(withLevel: tide 潮位) 来更新",
        "std::vector (std::array: 固定)",
        "AKA（你打算：换一种算法）",
        "**Làm muối** (tiếng Anh: salt making)",
        "**Система** (например, X: каталог записей)",
        "**Salzgewinnung** (englisch: making of salt)",
        "**fallande** (om man bortser från vinden: mot stranden och havet)",
        "**pasang** (simbol: h naik)",
    ],
)
def test_remarks_calls_and_names_of_languages_define_nothing(text: str) -> None:
    assert mine(f"Text.\n\n{text}\n", 1) == ()


@pytest.mark.parametrize("name", ["IE", "CF", "Seesaw", "Eli", "VOIR", "Exempel AB"])
def test_what_only_looks_like_such_a_word_is_a_term(name: str) -> None:
    assert not is_aside(name)


@pytest.mark.parametrize(
    "term",
    [
        "Step 1",
        "Step two",
        "Option A",
        "Schritt 2",
        "Étape 3",
        "Шаг 4",
        "步骤一",
        "第三步",
        "ステップ1",
        "2단계",
        "2nd step",
        "1st",
        "Finally",
        "Version 2.0",
        "Lesson eleven",
        "Q3",
        "#3",
        "(P0)",
    ],
)
def test_ordinals_are_no_terms(term: str) -> None:
    assert mine(f"Text.\n\n{term}\n: what to do then\n\n## Glossary\n\n- **{term}**: what to do then\n", 1) == ()


@pytest.mark.parametrize(
    "term",
    [
        "How do I install it?",
        "什么是潮汐？",
        "Remarque.",
        "Note",
        "Update on 2018-03-04",
        "getChildren(Object parent)",
        "boolean hasChildren(Object parent)",
        "$page.IsDescendant $other",
        "__type__: _string_",
        "max_words",
        "--force",
        "std::vector",
        "https://x.example/a",
        "template.tex",
        "It does not work; why",
    ],
)
def test_questions_remarks_and_code_are_no_terms_of_a_list(term: str) -> None:
    assert mine(f"Text.\n\n{term}\n: what to do then, in some words\n", 1) == ()


@pytest.mark.parametrize(
    ("term", "name"), [("Core { #core }", "Core"), ("Node.js", "Node.js"), ("C++", "C++"), ("TCP/IP", "TCP/IP")]
)
def test_terms_of_a_list_are_read_without_their_attributes(term: str, name: str) -> None:
    assert [found.term for found in mine(f"Text.\n\n{term}\n: what it means\n", 1)] == [name]


@pytest.mark.parametrize("term", ["Steps", "Plan B", "Vitamin C", "Web 3", "Rules", "R", "13F", "5G"])
def test_names_with_a_number_or_letter_are_terms(term: str) -> None:
    assert [found.term for found in mine(f"Text.\n\n{term}\n: what it means\n", 1)] == [term]


words = st.lists(
    st.sampled_from(["Note", "Example", "For", "Meaning", "Or", "Short for", "Rate", "e.g.", "AI", "定义", "例如"]),
    min_size=1,
    max_size=3,
).map(" ".join)
texts = st.lists(
    st.sampled_from(["简称", "以下", "指", "一种", "利率", "，", "“", "”", "A", " ", "[", "`", "{", "//", "。"]),
    max_size=6,
).map("".join)


@given(words, texts)
def test_brackets_without_marks_say_what_they_say_with_marks(head: str, text: str) -> None:
    """Most have none, and are read without taking any away."""
    assert phrases.parse_brackets(head, text) == phrases.parse_brackets(f"**{head}**", f"{text}****")


@given(st.text("资本的注例如第一步图表是", max_size=5))
def test_a_term_without_marks_is_one_with_marks(term: str) -> None:
    assert phrases.term_of(term) == phrases.term_of(f"**{term}**")
