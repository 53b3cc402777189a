"""Names that bodies write twice."""

from time import process_time

import pytest

from kg.reading.mining.glosses import mine


def pairs(body: str) -> list[tuple[str, str]]:
    return [(gloss.outer, gloss.inner) for gloss in mine(body, 1)]


@pytest.mark.parametrize(
    ("body", "outer", "inner"),
    [
        ("**英伟达**（Nvidia）", "英伟达", "Nvidia"),
        ("**英伟达** (Nvidia)", "英伟达", "Nvidia"),
        ("**唐纳德·特朗普**（Donald Trump）说", "唐纳德·特朗普", "Donald Trump"),
        ("Nvidia（英伟达）", "Nvidia", "英伟达"),
        ("见 Goldman Sachs (高盛) 的报告", "Goldman Sachs", "高盛"),
        ("**Interactive Brokers**（盈透证券）", "Interactive Brokers", "盈透证券"),
        ("《华尔街日报》（The Wall Street Journal）", "华尔街日报", "The Wall Street Journal"),
        ("“台积电”（TSMC）", "台积电", "TSMC"),
        ("**资本支出**（Capital Expenditure: 公司用于资产的钱）", "资本支出", "Capital Expenditure"),
        ("皮查伊（Sundar Pichai，首席执行官）", "皮查伊", "Sundar Pichai"),
        ("贝莱德（英文：BlackRock）", "贝莱德", "BlackRock"),
        ("the Department of Justice (DOJ) said", "the Department of Justice", "DOJ"),
    ],
)
def test_both_names_are_found(body: str, outer: str, inner: str) -> None:
    assert pairs(body) == [(outer, inner)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**DOJ**（Department of Justice: 部门）", [("DOJ", "Department of Justice")]),
        ("司法部（DOJ: Department of Justice）", [("司法部", "DOJ"), ("Department of Justice", "DOJ")]),
        ("服务（Software as a Service, SaaS）", [("服务", "Software as a Service"), ("Software as a Service", "SaaS")]),
        ("DOJ（Justice Department）", []),
        ("司法部（DOJ: the federal office）", [("司法部", "DOJ")]),
    ],
)
def test_an_acronym_is_glossed_by_what_it_stands_for(body: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(body) == expected


def test_an_unmarked_run_of_letters_is_kept_whole() -> None:
    """Where the name begins is decided where all names are known."""
    assert pairs("，芯片巨头英伟达（Nvidia）") == [("芯片巨头英伟达", "Nvidia")]


@pytest.mark.parametrize(
    "body",
    [
        "**半分は古い話でした** (arXiv:1903.12282, TSE 掲載)",
        "**Markdown импортёр** (Срок: 3 дня)",
        "见约书亚记十三章一节 (Joshua 13:1)",
        "`英伟达（Nvidia）`",
        "```\n英伟达（Nvidia）\n```",
        "~~~ text\n英伟达（Nvidia）\n~~~",
        "普通的一句话（没有英文）",
        "a plain sentence (with a remark)",
        "[链接](https://example.org/)",
        "1990（Nvidia）",
    ],
)
def test_no_gloss(body: str) -> None:
    assert pairs(body) == []


def test_code_ends_where_its_fence_ends() -> None:
    assert pairs("```\nx（Y Z）\n```\n\n英伟达（Nvidia）") == [("英伟达", "Nvidia")]


def test_lines_count_from_the_first_line_of_the_body_and_repetitions_are_counted() -> None:
    (gloss,) = mine("一\n二英伟达（Nvidia）\n\n，二英伟达（Nvidia）", 7)
    assert (gloss.line, gloss.count) == (8, 2)


def test_order_is_that_of_the_text() -> None:
    assert pairs("高盛 (Goldman Sachs)。苹果（Apple）") == [("高盛", "Goldman Sachs"), ("苹果", "Apple")]


def test_a_hostile_body_is_read_in_linear_time() -> None:
    begun = process_time()
    found = [mine(body, 1) for body in ("（" * 200_000, "(A" * 100_000, "英" * 300_000 + "（Nvidia）", "**" * 100_000)]
    assert process_time() - begun < 3  # dozens of times what it takes
    assert [[gloss.inner for gloss in glosses] for glosses in found] == [[], [], ["Nvidia"], []]
