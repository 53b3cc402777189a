"""One concept per term: what is joined, what stays apart, what is recognised, and how the glossary is written."""

from __future__ import annotations

import csv
import io
import json
import sys
from functools import partial
from pathlib import Path  # noqa: TC003

import pyromark
import pytest

from kg import glossary
from kg.config import Config, GlossarySettings
from kg.glossary import ConceptBuilder, Concepts, complete_draft, concepts
from kg.glossary.writing import entries, escape, to_compact, to_csv, to_json, to_markdown
from kg.model import IRI, Entity, Gloss, Mention, Post
from kg.namespaces import SCHEMA
from kg.reading.mining.definitions import mine
from kg.resolution import ledger, resolve
from kg.resolution.finding import told
from kg.resolution.forms import Forms
from kg.resolution.names import collect
from tests import running

MENTIONS = IRI(SCHEMA + "mentions")


def post(path: str, body: str, *names: tuple[str, str], glosses: tuple[Gloss, ...] = ()) -> Post:
    mentions = tuple(Mention(name, kind, MENTIONS, kind, 2, 1) for kind, name in names)
    return Post(path, path, "zh", "", False, "yaml", mentions, glosses=glosses, definitions=mine(body, 5))


def gather(*posts: Post, **settings: int) -> Concepts:
    config = Config(glossary=GlossarySettings(**{"min_posts": 1, **settings}))
    return concepts(posts, resolve(posts, config), config, complete=True)


def names(entity: Entity) -> set[str]:
    return {entity.label, *(text.value for text in (*entity.labels, *entity.aliases))}


def test_one_concept_for_two_languages_and_many_definitions() -> None:
    found = gather(
        post("a.md", "**资本支出**（Capital Expenditure, CAPEX: 买设备的钱）"),
        post("b.md", "**資本支出**（Capital Expenditure: 長期投入）"),
        post("c.md", "**Capital Expenditure**（资本支出: 为以后花的钱）"),
        post("d.md", "**CAPEX**（Capital Expenditure: 买厂房的钱）"),
    )
    (concept,) = found.entities
    assert names(concept) == {"资本支出", "資本支出", "Capital Expenditure", "CAPEX"}
    assert {(text.language, text.value) for text in concept.labels} == {
        ("zh", "资本支出"),
        ("", "Capital Expenditure"),
    }
    assert [(path, d.line) for path, d in concept.definitions] == [("a.md", 5), ("b.md", 5), ("c.md", 5), ("d.md", 5)]
    assert concept.iri == "https://kg.example/concept/capital_expenditure"
    assert "https://kg.example/concept/capex" in concept.former
    assert found.mentions == tuple((path, concept.iri, 5) for path in ("a.md", "b.md", "c.md", "d.md"))


def test_an_english_name_that_two_terms_share_joins_neither() -> None:
    found = gather(
        post("a.md", "**偏见**（Bias: 看人不公）"),
        post("b.md", "**偏置**（Bias: 神经元的常数项）"),
    )
    assert {concept.label for concept in found.entities} == {"偏见", "偏置"}
    assert all("Bias" in names(concept) for concept in found.entities)
    assert not any("concept/bias" in iri for concept in found.entities for iri in (concept.iri, *concept.former))


def test_an_abbreviation_of_two_things_is_two_concepts() -> None:
    found = gather(
        *(post(f"a{n}.md", "**PR**（Pull Request: 请求合并代码）") for n in range(4)),
        post("b.md", "**PR**（Public Relations: 与公众打交道）"),
        post("c.md", "**公关**（Public Relations: 与公众打交道）"),
    )
    by_name = {name: concept for concept in found.entities for name in names(concept) if name != "PR"}
    assert by_name["Pull Request"] is not by_name["Public Relations"]
    assert by_name["公关"] is by_name["Public Relations"]
    assert [path for path, _d in by_name["Public Relations"].definitions] == ["b.md", "c.md"]


def test_a_term_that_is_a_known_entity_is_that_entity() -> None:
    found = gather(
        post("a.md", "**英伟达**（Nvidia: 一家芯片公司）", ("organization", "Nvidia")),
        post("b.md", "**Nvidia**（英伟达: 一家芯片公司）"),
        post("c.md", "**资本支出**（Capital Expenditure: 买设备的钱）", ("tag", "capital-expenditure")),
    )
    assert found.entities == ()
    known = {entity.iri: [path for path, _d in entity.definitions] for entity in found.known}
    assert known == {
        "https://kg.example/organization/nvidia": ["a.md", "b.md"],
        "https://kg.example/tag/capital-expenditure": ["c.md"],
    }


def test_a_common_word_is_a_company_only_where_the_posts_say_so() -> None:
    word = "**harness**（运行框架: 让模型做事的程序）"
    found = gather(post("a.md", word), post("b.md", word), post("c.md", "", ("organization", "Harness")))
    assert [concept.label for concept in found.entities] == ["harness"]
    found = gather(post("a.md", word, ("organization", "Harness")), post("b.md", word))
    assert [entity.kind for entity in found.known] == ["organization"]


def test_a_book_is_not_what_it_is_about() -> None:
    found = gather(
        post("a.md", "**父权**（Patriarchy: 男性掌权的制度）"),
        post("b.md", "", ("work", "《父权》")),
    )
    assert [concept.label for concept in found.entities] == ["父权"]
    found = gather(post("a.md", "**《父权》**（Patriarchy: 一本假想的书）", ("work", "《父权》")))
    assert [entity.kind for entity in found.known] == ["work"]


def test_settings_say_how_much_enters_and_nothing_becomes_unfindable() -> None:
    posts = [
        post("a.md", "**熵**（Entropy: 混乱的量）**税负**（Tax Burden: 税占收入的比例）"),
        post("b.md", "**熵**（Entropy: 无知的量）"),
        post("c.md", "", glosses=(Gloss("税负", "Tax Burden", 9),)),
        post("d.md", "**水印**（Watermark: 藏着的记号）"),
    ]
    two = gather(*posts, min_posts=2)
    assert {concept.label for concept in two.entities} == {"熵", "税负"}
    assert [concept.label for concept in two.others] == ["水印"]
    assert [(path, line) for path, _iri, line in two.uses] == [("c.md", 9)]
    one = gather(*posts, min_posts=2, max_concepts=1)
    assert len(one.entities) == 1
    assert {entry.term for entry in entries(one)} == {"熵", "税负", "水印"}
    off = Config(glossary=GlossarySettings(enabled=False))
    assert concepts(posts, resolve(posts, off), off) == Concepts()


def test_the_order_of_the_posts_changes_nothing() -> None:
    posts = [
        post("a.md", "**代理**（Agent: 能自己做事的程序）"),
        post("b.md", "**智能体**（Agent: 能自己做事的程序）"),
        post("c.md", "**智能体**（AI Agent: 能自己做事的程序）"),
        post("d.md", "**Agents**（智能体: 能自己做事的程序）"),
    ]
    assert gather(*posts) == gather(*reversed(posts))


BESIDE = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


@BESIDE
@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("asked", [0, 1, 2])
def test_another_process_finds_the_same_and_may_be_killed(
    asked: int, killed: bool, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(glossary, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(glossary, "cores", lambda _at_most: 2)
    monkeypatch.setattr(glossary, "may_fork", lambda: True)  # other tests may have left threads
    (tmp_path / "ledger.txt").write_text(
        'split person "Gu" in "b.md" as "Gu Wei"\nrename person "Gu Wei" to "Zhen Zi"\n', "utf-8"
    )
    posts = (
        post("a.md", "**gu**（Gu: 谁的姓）和 **资本支出**（Capital Expenditure, CAPEX: 花钱）", ("person", "Gu")),
        post("b.md", "**Gu**（谷: 谁的姓）和 **gu**（谷）", ("person", "Gu"), ("organization", "CAPEX")),
        post("c.md", "**Zhen Zi**（谷: 谁的姓）", ("person", "Zhen Zi"), ("tag", "capital-expenditure")),
        post("d.md", "**资本支出**（Capital Expenditure: 花钱）", glosses=(Gloss("资本支出", "CAPEX", 7),)),
    )
    config = Config(glossary=GlossarySettings(min_posts=1))
    resolution = resolve(posts, config, ledger.read(tmp_path / "ledger.txt"))
    assert resolution.splits
    work = ConceptBuilder(posts, config)
    assert work._partner is not None
    if killed:
        work._partner._process.kill()
    forms = Forms.of_names(collect(posts))
    for _ in range(asked):
        assert work.tell(forms)() == told(forms, posts)
    work.set_resolution(resolution)
    found = complete_draft(work.draft(), posts, resolution)
    assert found == concepts(posts, resolution, config)
    assert found.mentions


@pytest.fixture
def sample() -> Concepts:
    return gather(
        post("a|b`c.md", "**=1+1**x **税负**（Tax Burden: <script>alert(1)</script> *税* [a](javascript:b) # 1. _x_）"),
        post("b.md", "**资本支出**（Capital Expenditure: 买设备的钱）"),
        post("c.md", "**资本支出**（Capital Expenditure: 买设备的钱）"),
        post("d.md", "**@sum**（Sum Formula: =cmd|'/c calc'!A1）"),
        post("e.md", "**水印**（Watermark: 藏着的记号）"),
    )


def test_markdown_shows_text_as_it_is(sample: Concepts) -> None:
    page = to_markdown(entries(sample))
    html = pyromark.html(page)
    assert "<script" not in html
    assert "<a " not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *税* a # 1. _x (" in html
    assert "<code>a|b`c.md:5</code>" in html
    assert "买设备的钱 (<code>b.md:5</code>, <code>c.md:5</code>)" in html
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## S", "## Z"]
    assert (
        page.index("**税负**") < page.index("**水印**") < page.index("**@sum**") < page.index("**资本支出**")
    )  # by pinyin


def test_escape_is_one_line_and_no_link() -> None:
    assert "\n" not in escape("a\nb")
    assert pyromark.html(escape("1. a")) == "<p>1. a</p>\n"
    assert pyromark.html(escape("- a")) == "<p>- a</p>\n"
    assert "<" not in escape("<b>").replace("\\<", "")


def test_csv_is_read_back_and_runs_nothing(sample: Concepts) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(entries(sample)), newline="")))
    assert len(rows) == 5
    assert {row["post"] for row in rows} == {"a|b`c.md", "b.md", "c.md", "d.md", "e.md"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert next(row for row in rows if row["post"] == "d.md")["definition"].startswith("'=cmd")


def test_compact_json_has_a_line_for_each_term(sample: Concepts) -> None:
    found = entries(sample)
    text = to_compact(found)
    assert text.count("\n") == len(found) + 2
    for entry, whole in zip(json.loads(text), json.loads(to_json(found)), strict=True):
        assert set(entry) == {"term", "names", "text", "place"}
        assert (entry["text"], entry["place"]) in {
            (d["text"], f"{d['post']}:{d['line']}") for d in whole["definitions"]
        }
    assert json.loads(to_compact([])) == []


def test_json_holds_everything(sample: Concepts) -> None:
    found = json.loads(to_json(entries(sample)))
    capital = next(entry for entry in found if entry["term"] == "资本支出")
    assert capital["names"] == ["Capital Expenditure"]
    assert [(d["post"], d["line"], d["column"]) for d in capital["definitions"]] == [("b.md", 5, 3), ("c.md", 5, 3)]


@pytest.mark.parametrize(
    ("find", "terms"), [("capital", ["资本支出"]), ("資本", ["资本支出"]), ("記號", ["水印"]), ("zzz", [])]
)
def test_find(sample: Concepts, find: str, terms: list[str]) -> None:
    assert [entry.term for entry in entries(sample, find)] == terms


@pytest.mark.parametrize(
    ("find", "terms"),
    [
        ("microsoft", {"/ZI"}),
        ("MICROSOFT  的", {"/ZI"}),
        ("/zi", {"/ZI"}),
        (".NET", {"网页"}),
        ("ＡＳＰ.net", {"网页"}),
        (".net的網頁", {"网页"}),
        (".NET 网页", set()),
    ],
)
def test_find_text_with_a_mark_before_it(find: str, terms: set[str]) -> None:
    found = gather(
        post("a.md", "**/ZI**（Edit and Continue: 一种 Microsoft 的开关）"),
        post("b.md", "**网页**（ASP.NET: .NET的网页框架）"),
    )
    assert {entry.term for entry in entries(found, find)} == terms


@pytest.mark.slow
def test_command(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("---\ntitle: A\n---\n**税负**（Tax Burden: 税占收入的比例）\n", "utf-8")

    kg = partial(running.kg, "glossary", "content", cwd=tmp_path)

    shown = kg("--find", "tax")
    assert shown.returncode == 0, shown.stderr
    assert "**税负** · Tax Burden" in shown.stdout
    assert "`a.md:4`" in shown.stdout
    written = kg("-o", "out/terms.csv")
    assert written.returncode == 0, written.stderr
    assert (tmp_path / "out" / "terms.csv").read_text("utf-8").startswith("term,names,kind,definition,post,line")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["terms.csv"]
    assert kg("-o", "out").returncode == 2


def test_real_posts_give_a_glossary_without_surprises(shared: Path) -> None:
    """Every definition stands where it is said to stand, and no name is a formula, a time or an address."""
    from kg.reading.posts import Reader

    config = Config()
    reader = Reader(shared / "corpus", config)
    paths = sorted(
        path.relative_to(shared / "corpus").as_posix() for path in (shared / "corpus" / "notes").glob("a*.md")
    )
    posts = [reading.post for path in paths[:80] if (reading := reader.read(path)).post]
    assert sum(len(post.definitions) for post in posts) > 100
    for one in posts:
        lines = (shared / "corpus" / one.path).read_text("utf-8").split("\n")
        for definition in one.definitions:
            assert (
                lines[definition.line - 1][definition.column - 1 :]
                .replace("**", "")
                .startswith(definition.term.replace("**", "")[:4])
                or "[" in lines[definition.line - 1]
            )
    found = concepts(posts, resolve(posts, config), config, complete=True)
    defined = [place for entity in found.entries() for place in entity.definitions]
    assert len(defined) == sum(len(post.definitions) for post in posts)
    iris = [iri for entity in (*found.entities, *found.others) for iri in (entity.iri, *entity.former)]
    assert len(iris) == len(set(iris))
