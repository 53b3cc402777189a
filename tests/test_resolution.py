"""Which names become one entity, why, and what keeps them apart."""

from __future__ import annotations

from itertools import product
from math import log1p
from random import Random
from time import process_time
from typing import TYPE_CHECKING

import msgspec
import pytest

from kg.config import Config
from kg.errors import LedgerError
from kg.model import IRI, Mention, Post
from kg.reading.mining.glosses import mine
from kg.resolution import Candidate, resolve
from kg.resolution.forms import bare
from kg.resolution.ledger import parse
from kg.resolution.ledger_lines import Decision, line_of
from kg.resolution.surroundings import Surroundings
from tests.conftest import REPO

if TYPE_CHECKING:
    from kg.resolution import Resolution

MENTIONS = IRI("https://schema.org/mentions")
FIELDS = {"person": "people", "organization": "companies_orgs", "product": "products_models", "work": "media_books"}


def post(path: str, body: str = "", **named: list[str]) -> Post:
    """A post that lists names under their kinds."""
    mentions = tuple(
        Mention(name, kind, MENTIONS, FIELDS.get(kind, kind), 2 + at, 1)
        for kind, names in named.items()
        for at, name in enumerate(names)
    )
    return Post(path, path, "zh", "", False, "yaml", mentions=mentions, glosses=mine(body, 10))


def alone(kind: str, *names: str) -> list[Post]:
    """One post for each name, which mentions nothing else."""
    return [post(f"{at}.md", **{kind: [name]}) for at, name in enumerate(names)]


def run(posts: list[Post], ledger: str = "", **settings: object) -> Resolution:
    return resolve(posts, Config(**settings), parse(ledger))  # type: ignore[arg-type]


def one(resolution: Resolution, kind: str, a: str, b: str) -> bool:
    return resolution.entity_of(kind, a) is resolution.entity_of(kind, b)


def between(resolution: Resolution, a: str, b: str) -> Candidate:
    (found,) = [c for c in resolution.candidates if {c.name, c.other} == {a, b}]
    return found


# Folding


@pytest.mark.parametrize(
    ("kind", "a", "b"),
    [
        ("organization", "Acme", "ＡＣＭＥ"),
        ("person", "Ada Lovelace", "ada-lovelace"),
        ("person", "阿达·洛夫莱斯", "阿达洛夫莱斯"),
        ("person", "Viktor Orban", "Viktor Orbán"),
        ("work", "《紅樓夢》", "红楼梦"),
        ("product", "Model 3.5", "model-3.5"),
        ("organization", "U.S. Coast Guard", "US Coast Guard"),
        ("organization", "Smith & Sons", "Smith and Sons"),
    ],
)
def test_punctuation_blanks_and_script_variants_are_one_by_rule(kind: str, a: str, b: str) -> None:
    resolution = run(alone(kind, a, b), resolution=msgspec.structs.replace(Config().resolution, infer=False))
    assert one(resolution, kind, a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [("C", "C++"), ("C++", "C#"), ("Model 3.5", "Model 35"), ("GPT-4", "GPT-4o"), ("Opus", "Opus 4.7"),
     ("Model S", "Model X"), ("Llama 2", "Llama 3"), ("Ultra 1", "Ultra 10"), ("Search", "Search+"),
     ("FUNDX", "FUNDXS")],
)  # fmt: skip
def test_versions_and_parts_stay_apart(a: str, b: str) -> None:
    assert not one(run(alone("product", a, b)), "product", a, b)


@pytest.mark.parametrize(("a", "b"), [("go/lang", "golang"), ("ai/r", "air"), ("网/络", "网络")])
def test_a_nested_tag_is_not_the_word_without_its_slash(a: str, b: str) -> None:
    assert not one(run(alone("tag", a, b)), "tag", a, b)


@pytest.mark.parametrize(
    ("kind", "a", "b"),
    [
        ("organization", "GE", "GE Aerospace"),
        ("organization", "GM", "MGM"),
        ("organization", "NASA", "NSA"),
        ("organization", "Granite", "Granite Group"),
        ("organization", "统计局", "香港统计局"),
        ("organization", "Supreme Court", "US Supreme Court"),
        ("organization", "Granite", "Granite AI"),
        ("product", "LXM", "LXMs"),
        ("product", "Granite", "Granites"),
        ("product", "LX", "LX model"),
        ("product", "Granite II", "Granite III"),
        ("person", "John Robarts", "John Roberts"),
        ("organization", "中国财政部", "美国财政部"),
        ("person", "John", "John Candy"),
        ("person", "Jane Fraser", "John Fraser"),
        ("person", "王石", "王安石"),
        ("person", "Robert Smith", "Robert Smith Jr."),
        ("work", "《环球时报》", "《环球邮报》"),
        ("work", "Nature", "Mature"),
        ("work", "quarterly-preview", "quarterly-review"),
    ],
)
def test_likeness_is_not_identity(kind: str, a: str, b: str) -> None:
    assert not one(run(alone(kind, a, b)), kind, a, b)


@pytest.mark.parametrize(
    ("kind", "a", "b"),
    [
        ("work", "Granite Review", "The Granite Review"),
        ("organization", "Granite", "Granite, Inc."),
        ("organization", "Granite Motor Company", "Granite"),
        ("organization", "花岗石", "花岗石集团"),
        ("organization", "Bureau of Stones", "US Bureau of Stones"),
        ("organization", "Department of Stones", "Stones Department"),
        ("organization", "石头总署", "中国石头总署"),
        ("person", "Ada Lovelace", "Dr. Ada Lovelace"),
        ("product", "Granite engine", "Granite engines"),
        ("product", "LX100", "LX100 GPU"),
        ("product", "LXM模型", "LXM"),
        ("product", "Granite 3 Opus", "Granite Opus 3"),
        ("product", "Granite II", "Granite 2"),
        ("product", "Granite 3.0", "Granite 3"),
        ("work", "《Stones (岩石之书)》", "Stones"),
        ("work", "《石头是怎样的存在：一百个小问题》", "石头是怎样的存在"),
    ],
)
def test_parts_that_add_nothing(kind: str, a: str, b: str) -> None:
    resolution = run(alone(kind, a, b))
    assert one(resolution, kind, a, b)
    assert between(resolution, a, b).decision == "applied"


def test_an_office_of_two_countries_belongs_to_neither() -> None:
    offices = ["石头总署", "中国石头总署", "英国石头总署"]
    resolution = run(alone("organization", *offices))
    assert len({resolution.entity_of("organization", name).iri for name in offices}) == 3


def test_a_group_is_its_company_where_it_keeps_the_same_company() -> None:
    company = ["Ada Stone", "Bea Rock", "Cleo Flint"]
    posts = [post(f"{at}.md", organization=[name], person=company) for at, name in enumerate(["Slate", "Slate Group"])]
    others = [post(f"{at}.md", organization=["Chalk"], person=["Dan Marl"]) for at in range(2, 9)]
    assert one(run([*posts, *others]), "organization", "Slate", "Slate Group")


def test_a_role_is_nobodys_name() -> None:
    posts = [post(f"{at}.md", "主持人（Ada）来了。", person=[name]) for at, name in enumerate(["主持人", "Ada"] * 3)]
    resolution = run(posts)
    assert not one(resolution, "person", "Ada", "主持人")
    assert not resolution.candidates


def test_numbers_are_the_same_in_digits_and_in_chinese() -> None:
    body = "七石集团（S7 Group）来了。"
    assert one(run([post("0.md", body, organization=["七石集团"]), post("1.md", body, organization=["S7 Group"])]),
               "organization", "七石集团", "S7 Group")  # fmt: skip


def test_the_only_bearer_of_a_surname_who_is_often_mentioned_is_known_by_it() -> None:
    posts = [*alone("person", *["Ada Lovelace"] * 6), post("9.md", person=["Lovelace"])]
    assert one(run(posts), "person", "Ada Lovelace", "Lovelace")
    posts = [*alone("person", *["Ada Lei"] * 6), post("9.md", person=["Lei"])]
    assert not one(run(posts), "person", "Ada Lei", "Lei")


def test_two_names_of_one_chinese_name_are_one_if_they_agree() -> None:
    body = "陶石轩（Terence Tao）来了。陶石轩（Terry Tao）来了。"
    names = ["陶石轩", "Terence Tao", "Terry Tao"]
    resolution = run([post(f"{at}.md", body * 2, person=[name]) for at, name in enumerate(names)])
    assert len({resolution.entity_of("person", name).iri for name in names}) == 1


def test_a_single_latin_name_that_sounds_like_the_pinyin_is_no_other_name() -> None:
    posts = [post("a.md", "花岗岩（Granyan）" * 4), *alone("product", "花岗岩", "Granyan", "Huagangyan")]
    resolution = run(posts)
    assert not one(resolution, "product", "花岗岩", "Huagangyan"), "Granyan does not sound like it"
    posts = [post("a.md", "千问（Qwen）" * 4), *alone("product", "千问", "Qwen", "Qianwen")]
    assert one(run(posts), "product", "Qwen", "Qianwen")


def test_bare_text_keeps_what_tells_names_apart() -> None:
    assert [bare(key) for key in ("a-b c", "3.5", "c++", "at&t", "·")] == ["abc", "3.5", "c++", "at&t", "·"]


# Glosses


@pytest.mark.parametrize(
    "body",
    ["**花岗石**（Granite）。", "巨头花岗石（Granite）、老牌花岗石(Granite)", "Granite(花岗石)", "花岗石 (Granite)"],
)
def test_a_gloss_joins_two_languages(body: str) -> None:
    resolution = run([post("a.md", body * 2, organization=["Granite"]), post("b.md", organization=["花岗石"])])
    entity = resolution.entity_of("organization", "花岗石")
    assert {(text.value, text.language) for text in entity.labels} == {("Granite", ""), ("花岗石", "zh")}
    (merge,) = entity.merges
    assert merge.decided_by == "inference"
    assert merge.evidence[0].kind == "gloss"
    assert merge.evidence[0].places == (("a.md", 10),)


def test_a_gloss_of_another_kind_does_not_join() -> None:
    resolution = run([post("a.md", "花岗石（Granite）" * 5, organization=["Granite"], product=["花岗石"])])
    assert resolution.candidates == ()


def test_a_slip_among_many_right_glosses_waits() -> None:
    body = "**花岗石**（Granite）" * 20 + "**花岗石**（GWS）"
    resolution = run([post("a.md", body, organization=["Granite"]), *alone("organization", "花岗石", "GWS")])
    assert one(resolution, "organization", "Granite", "花岗石")
    assert not one(resolution, "organization", "GWS", "花岗石")


def test_a_slip_about_one_name_under_two_kinds_waits_where_many_glosses_speak_of_the_other() -> None:
    posts = [post(f"{n}.md", "花岗石（Granite）", organization=[("花岗石", "Granite")[n % 2]]) for n in range(20)]
    posts += [post("x.md", "花岗石（GWS）", product=["花岗石"]), post("y.md", "花岗石（GWS）", product=["GWS"])]
    found = run([*posts, post("z.md", organization=["GWS"])])
    assert found.entity_of("product", "花岗石") is found.entity_of("organization", "Granite")
    assert not one(found, "product", "花岗石", "GWS")


def test_a_part_is_not_the_whole_because_one_gloss_says_so() -> None:
    body = "**通用石业**（GS）" * 8 + "**通用石业**（GS Aerospace）"
    resolution = run([post("a.md", body), *alone("organization", "通用石业", "GS", "GS Aerospace")])
    assert one(resolution, "organization", "GS", "通用石业")
    assert not one(resolution, "organization", "GS", "GS Aerospace")
    assert between(resolution, "GS Aerospace", "通用石业").decision == "waiting"


def test_a_newspapers_podcast_is_not_the_newspaper() -> None:
    posts = [*alone("work", "Granite Times", "Granite Times Podcast", "Pebble Talk", "Pebble Talk Podcast")]
    resolution = run([*posts, post("z.md", organization=["Granite Times"])])
    assert one(resolution, "work", "Pebble Talk", "Pebble Talk Podcast")
    assert not one(resolution, "work", "Granite Times", "Granite Times Podcast")


def test_the_end_of_a_longer_name_is_not_that_name() -> None:
    """`欧洲中央银行（ECB）` says nothing of 中央银行."""
    body = "欧洲中央银行（ECB）。" * 9
    resolution = run([post("a.md", body, organization=["ECB"]), *alone("organization", "中央银行")])
    assert not one(resolution, "organization", "ECB", "中央银行")


def test_a_surname_behind_a_dot_is_not_the_full_name() -> None:
    body = "达里奥·阿莫迪（Dario Amodei）" * 4
    resolution = run([post("a.md", body, person=["Dario Amodei"]), *alone("person", "莫迪")])
    assert not one(resolution, "person", "Dario Amodei", "莫迪")


def test_names_listed_as_two_are_two() -> None:
    both = ["花岗石", "Granite"]
    posts = [post(f"{at}.md", "" if at else "花岗石（Granite）", organization=both) for at in range(4)]
    resolution = run(posts)
    assert not one(resolution, "organization", "花岗石", "Granite")
    assert "list them as two" in between(resolution, "花岗石", "Granite").reason


def test_a_person_listed_in_two_scripts_is_one_if_the_gloss_sounds_alike() -> None:
    spoken, other = ["克里斯蒂娜·安哈特", "Christina Anhart"], ["克里斯蒂娜·安哈特", "Ruth Pebble"]
    assert one(run([post("a.md", "{}（{}）".format(*spoken), person=spoken)]), "person", *spoken)
    assert not one(run([post("a.md", "{}（{}）".format(*other), person=other)]), "person", *other)


# Pinyin, initials, spelling, surnames, sound


@pytest.mark.parametrize(
    ("kind", "a", "b"),
    [
        ("person", "段永平", "Duan Yongping"),
        ("person", "段永平", "Yongping Duan"),
        ("person", "毛澤東", "Mao Zedong"),
        ("person", "吕不韦", "Lu Buwei"),
        ("organization", "抖音", "Douyin"),
        ("product", "通义千问", "Tongyi Qianwen"),
    ],
)
def test_pinyin(kind: str, a: str, b: str) -> None:
    resolution = run(alone(kind, a, b))
    assert one(resolution, kind, a, b)
    assert [evidence.kind for evidence in between(resolution, a, b).evidence] == ["pinyin"]


def test_two_people_with_one_pinyin_wait() -> None:
    resolution = run(alone("person", "王涛", "汪滔", "Wang Tao"))
    assert not one(resolution, "person", "汪滔", "Wang Tao")
    assert between(resolution, "汪滔", "Wang Tao").decision == "waiting"


def test_a_chinese_person_may_have_an_english_and_a_pinyin_name() -> None:
    body = "**石敢当**（Rocky Shi）" * 4
    resolution = run([post("a.md", body, person=["Rocky Shi"]), *alone("person", "石敢当", "Shi Gandang")])
    assert one(resolution, "person", "Rocky Shi", "Shi Gandang")


def test_initials_wait_for_a_gloss() -> None:
    posts = alone("organization", "GRS", "Granite Research Society")
    assert between(run(posts), "GRS", "Granite Research Society").decision == "waiting"
    for body in ("Granite Research Society (GRS) ", "花岗石学会（GRS: Granite Research Society）"):
        glossed = [*posts, post("z.md", body * 2), *alone("organization", "花岗石学会")]
        assert one(run(glossed), "organization", "GRS", "Granite Research Society")


def test_what_bodies_spell_an_acronym_out_as_is_what_it_stands_for() -> None:
    posts = alone("product", "GRS", "Granite Research System", "Great Round Stone")
    posts.append(post("z.md", "GRS (Granite Research System) " * 9 + "GRS (Great Round Stone)"))
    resolution = run(posts)
    assert one(resolution, "product", "GRS", "Granite Research System")
    assert not one(resolution, "product", "GRS", "Great Round Stone")


def test_initials_hold_where_the_company_agrees() -> None:
    posts = [
        *(post(f"a{at}.md", organization=["GRS", "Marble", "Slate"]) for at in range(2)),
        *(post(f"b{at}.md", organization=["Granite Research Society", "Marble", "Slate"]) for at in range(2)),
        *(post(f"c{at}.md", organization=["Basalt"]) for at in range(6)),
    ]
    assert one(run(posts), "organization", "GRS", "Granite Research Society")
    lower = [msgspec.structs.replace(p, mentions=tuple(_in_small_letters(m) for m in p.mentions)) for p in posts]
    sure, unsure = run(posts).candidates[0], run(lower).candidates[0]
    assert sure.confidence > unsure.confidence, "AIP is hardly the All-In podcast"


def _in_small_letters(mention: Mention) -> Mention:
    return msgspec.structs.replace(mention, name=mention.name.replace("Research Society", "research society"))


def test_an_ampersand_among_initials_is_an_and() -> None:
    resolution = run(alone("organization", "G&E", "Granite and Earth", "Grand Edifice"))
    assert between(resolution, "G&E", "Granite and Earth").evidence[0].kind == "initials"
    assert {c.other for c in resolution.candidates} == {"Granite and Earth"}


@pytest.mark.parametrize(
    ("kind", "both", "names"),
    [
        ("organization", "花岗石 (Granite)", ["花岗石", "Granite"]),
        ("organization", "GRS (花岗石协会)", ["GRS", "花岗石协会"]),
        (
            "organization",
            "GRS (Granite Research Society: 花岗石协会)",
            ["GRS", "花岗石协会", "Granite Research Society"],
        ),
        ("product", "GRS (Granite Research-Society)", ["GRS"]),
        ("person", "石敢当（Rocky Shi）", ["Rocky Shi", "石敢当"]),
    ],
)
def test_a_name_with_another_in_brackets_is_both(kind: str, both: str, names: list[str]) -> None:
    resolution = run(alone(kind, both, *names))
    assert all(one(resolution, kind, both, name) for name in names)


def test_a_name_with_another_in_brackets_labels_nothing_if_there_is_one_without() -> None:
    both = "花岗石 (Granite)"
    resolution = run(
        [*(post(f"a{at}.md", organization=[both]) for at in range(3)), post("b.md", organization=["花岗石"])]
    )
    (entity,) = resolution.entities
    assert [text.value for text in entity.labels] == ["花岗石"]
    assert [text.value for text in entity.aliases] == [both]


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ("Granite", "Granite (book)"),
        ("Granite", "Granite (剧集)"),
        ("花岗石", "花岗石 (剧集)"),
        ("花岗石", "花岗石 (film)"),
    ],
)
def test_what_tells_a_namesake_apart_is_no_name(plain: str, told: str) -> None:
    assert not one(run(alone("work", plain, told)), "work", plain, told)


def test_one_translation_of_two_names_speaks_for_a_surname_and_proposes_nothing() -> None:
    body = "**洛夫莱斯**（Lovelace）和 **洛夫莱斯**（Ada Lovelace）"
    names = ["Lovelace", "Ada Lovelace", "洛夫莱斯"]
    resolution = run([post("a.md", body), *alone("person", *names)])
    assert one(resolution, "person", *names[:2])
    assert {e.kind for e in between(resolution, *names[:2]).evidence} == {"surname", "translation"}
    body = "**花岗石**（Granite）和 **花岗石**（Basalt）"
    resolution = run([post("a.md", body), *alone("organization", "花岗石", "Granite", "Basalt")])
    assert not one(resolution, "organization", "Granite", "Basalt")
    assert not [c for c in resolution.candidates if {c.name, c.other} == {"Granite", "Basalt"}]


def test_two_chinese_people_of_one_sound_are_not_one_for_the_company_they_keep() -> None:
    posts = [
        *(post(f"a{at}.md", person=["姚顺宇"], organization=["Granite", "Marble"]) for at in range(2)),
        *(post(f"b{at}.md", person=["姚顺雨"], organization=["Granite", "Marble"]) for at in range(2)),
        *(post(f"c{at}.md", organization=["Basalt"]) for at in range(6)),
    ]
    resolution = run(posts)
    assert not one(resolution, "person", "姚顺宇", "姚顺雨")
    assert between(resolution, "姚顺宇", "姚顺雨").decision == "waiting"


def test_pinyin_of_a_name_in_two_scripts() -> None:
    assert one(run(alone("organization", "花岗AI", "Huagang AI")), "organization", "花岗AI", "Huagang AI")
    assert not one(run(alone("product", "花岗3", "Huagang 2")), "product", "花岗3", "Huagang 2")


def test_close_spellings_need_the_same_company() -> None:
    def posts(company: str) -> list[Post]:
        return [
            *(post(f"a{at}.md", person=["Reid Hoffmeister", "Ada X"], organization=["Granite"]) for at in range(4)),
            post("b.md", person=["Reed Hoffmeister"], organization=[company]),
            *(post(f"c{at}.md", organization=["Basalt"]) for at in range(6)),
        ]

    assert one(run(posts("Granite")), "person", "Reid Hoffmeister", "Reed Hoffmeister")
    assert not one(run(posts("Basalt")), "person", "Reid Hoffmeister", "Reed Hoffmeister")


@pytest.mark.parametrize(
    ("kind", "name", "other"),
    [
        ("person", "Marc Andermatt", "Mark Andermatt"),
        ("person", "Stephen Oberalp", "Steven Oberalp"),
        ("person", "Rich Oberalp", "Richard Oberalp"),
        ("organization", "Oberalp", "Oberalp Capital"),
        ("product", "Oberalp", "Oberalp platform"),
        ("work", "《山与河的故事》", "《山和河的故事》"),
    ],
)
def test_what_is_likely_waits(kind: str, name: str, other: str) -> None:
    others = ["Marc Stone", "Mark Hill", "Stephen Stone", "Steven Hill", "Rich Stone", "Rich Hill"]
    found = between(run([*alone(kind, name, other), *alone("person", *others)]), name, other)
    assert found.decision == "waiting"


def test_a_middle_initial_needs_the_same_company() -> None:
    jordan = [post("a.md", person=["Michael Oberalp"], organization=["Granite"])]
    others = alone("organization", *"BCDEFGH")
    for company, is_one in (("Granite", True), ("Marble", False)):
        posts = [*jordan, post("b.md", person=["Michael I. Oberalp"], organization=[company]), *others]
        assert one(run(posts), "person", "Michael Oberalp", "Michael I. Oberalp") == is_one


def test_a_latin_initial_in_a_chinese_name_makes_two_people_of_one_trade() -> None:
    names = ("约翰·F·肯尼迪", "约翰·肯尼迪")
    posts = [post(f"{n}.md", "", person=[name, "林肯", "尼克松"]) for n, name in enumerate(names)]
    assert not one(run(posts), "person", "约翰·F·肯尼迪", "约翰·肯尼迪")


def test_an_index_is_not_what_it_measures() -> None:
    met = [post(f"{at}.md", product=[name], organization=["Granite", "Marble"]) for at, name in enumerate(
        ["Oberalp 500", "Oberalp 500 index", "USD", "USD Index"]
    )]  # fmt: skip
    assert one(run(met), "product", "Oberalp 500", "Oberalp 500 index")
    assert not one(run(met), "product", "USD", "USD Index")


@pytest.mark.parametrize(
    ("name", "other"), [("Ann", "Anna"), ("Daniel", "Danielle"), ("Jan", "Jana"), ("Paul", "Paula")]
)
def test_a_woman_is_not_a_man(name: str, other: str) -> None:
    names = [f"{first} {last}" for first in (name, other) for last in ("Oberalp", "Stone", "Hill")]
    resolution = run(alone("person", *names))
    assert not [c for c in resolution.candidates if {c.name, c.other} == {f"{name} Oberalp", f"{other} Oberalp"}]


def test_a_short_product_is_not_another_for_the_company_it_keeps() -> None:
    posts = [
        *(post(f"a{at}.md", product=["Agent SDK"], organization=["Granite", "Marble"]) for at in range(2)),
        *(post(f"b{at}.md", product=["Agents SDK"], organization=["Granite", "Marble"]) for at in range(2)),
        *(post(f"c{at}.md", organization=["Basalt"]) for at in range(6)),
    ]
    assert between(run(posts), "Agent SDK", "Agents SDK").decision == "waiting"


def test_an_and_makes_no_other_institution() -> None:
    names = ["Granite Marble Trust", "Granite and Marble Trust"]
    assert one(run(alone("organization", *names)), "organization", *names)


def test_a_surname_needs_the_same_company_and_a_first_name_never_joins() -> None:
    posts = [
        *(post(f"a{at}.md", person=["Ada Lovelace"], organization=["Granite"]) for at in range(3)),
        post("b.md", person=["Lovelace"], organization=["Granite"]),
        post("c.md", person=["Ada"], organization=["Granite"]),
        *(post(f"d{at}.md", organization=["Basalt"]) for at in range(6)),
    ]
    resolution = run(posts)
    assert one(resolution, "person", "Ada Lovelace", "Lovelace")
    assert not one(resolution, "person", "Ada Lovelace", "Ada")
    assert resolution.entity_of("person", "Lovelace").label == "Ada Lovelace"


def test_a_transliteration_is_proposed_and_not_applied() -> None:
    found = between(run(alone("person", "拉马努金", "Ramanujan")), "拉马努金", "Ramanujan")
    assert (found.decision, found.evidence[0].kind) == ("waiting", "sound")


def test_a_sound_that_hundreds_of_names_have_tells_nothing() -> None:
    # All have one chain of consonants; only `Ramanujan` sounds like 拉马努金 in its vowels too.
    vowels = ["oo", "ee", "ie", "ou", "oe"]
    others = [f"Eel{'oe' * 4}{a}m{b}{c}s{'ee' * 3}{d}n" for a, b, c, d in product(vowels, repeat=4)]
    few, many = (
        run(alone("person", "拉马努金", "Ramanujan", *others[:count]), resolution=_bold()) for count in (20, 300)
    )
    assert between(few, "拉马努金", "Ramanujan").evidence[0].kind == "sound"
    assert not [found for found in many.candidates if found.evidence[0].kind == "sound"]


# Chains


def test_a_chain_that_joins_different_things_is_refused_and_shown() -> None:
    body = "**推特**（Twitter）" * 6 + "**推特**（Xylo）" * 6
    resolution = run([post("a.md", body), *alone("organization", "推特", "Twitter", "Xylo")], resolution=_bold())
    assert not one(resolution, "organization", "Twitter", "Xylo")
    assert [c.decision for c in resolution.candidates].count("refused") == 1


def _bold() -> object:
    return msgspec.structs.replace(Config().resolution, accept_above=0.5)


# Canonical names and IRIs


def test_labels_aliases_and_former_iris() -> None:
    posts = [
        post("a.md", "花岗石（Granite）" * 3, organization=["Granite", "GRANITE"]),
        post("b.md", organization=["花岗石", "Granite"]),
    ]
    (entity,) = run(posts).entities
    assert entity.iri == "https://kg.example/organization/granite"
    assert entity.former == ("https://kg.example/organization/花岗石",)
    assert (entity.label, [text.value for text in entity.aliases]) == ("Granite", ["GRANITE"])
    (entity,) = run(posts, prefer="zh").entities
    assert entity.label == "花岗石"


def test_an_iri_does_not_depend_on_how_often_a_name_is_used() -> None:
    few = [post("a.md", "花岗石（Granite）" * 3, organization=["Granite"]), post("b.md", organization=["花岗石"])]
    many = [*few, *(post(f"c{at}.md", organization=["花岗石"]) for at in range(9))]
    assert run(few).entities[0].iri == run(many).entities[0].iri


def test_no_rare_slip_names_a_thing() -> None:
    company = ["Ada Stone", "Bea Rock"]
    names = ["Cleo Amadei"] + ["Cleo Amodei"] * 9
    posts = [post(f"{at}.md", person=[name, *company]) for at, name in enumerate(names)]
    others = [post(f"x{at}.md", person=["Dan Marl"]) for at in range(9)]
    resolution = run([*posts, *others])
    entity = resolution.entity_of("person", "Cleo Amadei")
    assert (entity.iri, entity.label) == ("https://kg.example/person/cleo_amodei", "Cleo Amodei")
    assert entity.former == ("https://kg.example/person/cleo_amadei",)
    again = run([*posts, *others, post("y.md", person=["Cleo Amadei", *company])])
    assert again.entity_of("person", "Cleo Amadei").iri == entity.iri


def test_the_order_of_posts_does_not_matter() -> None:
    posts = [
        post("a.md", "花岗石（Granite）玄武岩（Basalt）" * 3, organization=["Granite", "basalt"], person=["段永平"]),
        post("b.md", organization=["花岗石", "玄武岩", "Basalt Inc."], person=["Duan Yongping"]),
        post("c.md", organization=["花崗石", "Granite Inc"], person=["duan-yongping"]),
    ]
    expected = run(posts)
    for seed in range(5):
        shuffled = posts[:]
        Random(seed).shuffle(shuffled)
        assert run(shuffled).entities == expected.entities


def test_no_evidence_is_looked_for_when_inference_is_off() -> None:
    posts = [post("a.md", "花岗石（Granite）" * 3, organization=["Granite"]), post("b.md", organization=["花岗石"])]
    off = msgspec.structs.replace(Config().resolution, infer=False)
    assert run(posts, resolution=off).candidates == ()


def test_a_name_with_nothing_to_see_is_kept() -> None:
    assert run(alone("tag", "\u200b", "…", "—")).entity_of("tag", "—").label == "—"


# The ledger

GLOSSED = [
    post("a.md", "花岗石（Granite）" * 3, organization=["Granite"]),
    post("b.md", organization=["花岗石", "GRANITE Ltd"]),
]


def test_not_keeps_apart_and_says_why() -> None:
    resolution = run(GLOSSED, 'not organization "Granite" = "花岗石"')
    assert not one(resolution, "organization", "Granite", "花岗石")
    assert "ledger" in between(resolution, "Granite", "花岗石").reason


def test_not_holds_through_chains() -> None:
    resolution = run(GLOSSED, 'not organization "GRANITE Ltd" = "花岗石"')
    assert not one(resolution, "organization", "GRANITE Ltd", "花岗石")


@pytest.mark.parametrize("both", ["花岗石 (Granite)", "Granite（花岗石）"])
def test_not_holds_beside_a_name_that_holds_both(both: str) -> None:
    posts = alone("organization", "Granite", "花岗石", both)
    assert one(run(posts), "organization", "Granite", "花岗石")
    resolution = run(posts, 'not organization "Granite" = "花岗石"')
    assert not one(resolution, "organization", "Granite", "花岗石")


def test_not_parts_names_that_are_one_by_rule() -> None:
    posts = alone("person", "Ada Lovelace", "ada-lovelace")
    assert one(run(posts), "person", "Ada Lovelace", "ada-lovelace")
    assert not one(run(posts, 'not person "Ada Lovelace" = "ada-lovelace"'), "person", "Ada Lovelace", "ada-lovelace")


def test_names_that_were_parted_keep_their_other_evidence() -> None:
    posts = [
        post("a.md", "花岗石（Granite Co）" * 3, organization=["Granite Co"]),
        *alone("organization", "花岗石", "granite-co"),
    ]
    resolution = run(posts, 'not organization "Granite Co" = "granite-co"')
    assert [one(resolution, "organization", "花岗石", name) for name in ("Granite Co", "granite-co")].count(True) == 1
    assert not one(resolution, "organization", "Granite Co", "granite-co")


def test_same_joins_without_evidence_and_through_names_nobody_mentions() -> None:
    posts = alone("person", "Ada", "Countess", "Lovelace X")
    resolution = run(posts, 'same person "Ada" = "The Lady"\nsame person "The Lady" = "Countess"')
    assert one(resolution, "person", "Ada", "Countess")
    (merge,) = resolution.entity_of("person", "Ada").merges
    assert (merge.decided_by, merge.confidence) == ("ledger", 1.0)
    assert [(d.code, d.line) for d in resolution.diagnostics] == [("KG203", 1), ("KG203", 2)]


def test_pin_rename_sameas_and_homepage() -> None:
    ledger = """
        pin organization "花岗石" to <https://example.org/id/granite>
        rename organization "Granite" to "GRANITE!"
        sameas organization "Granite" = <https://www.wikidata.org/entity/Q41177>
        homepage organization "Granite" = <https://granite.example/>
    """
    entity = run(GLOSSED, ledger).entity_of("organization", "Granite")
    assert entity.iri == "https://example.org/id/granite"
    assert "https://kg.example/organization/granite" in entity.former
    assert entity.label == "GRANITE!"
    assert "Granite" in [text.value for text in entity.aliases]
    assert entity.same_as == ("https://www.wikidata.org/entity/Q41177",)
    assert entity.homepage == "https://granite.example/"


def test_things_pinned_to_two_iris_are_never_joined() -> None:
    ledger = 'pin organization "花岗石" to <urn:x:1>\npin organization "Granite" to <urn:x:2>'
    resolution = run(GLOSSED, ledger)
    assert not one(resolution, "organization", "Granite", "花岗石")
    assert "pinned" in between(resolution, "Granite", "花岗石").reason


def test_a_split_that_points_nowhere_is_reported() -> None:
    posts = [post("a.md", person=["Jason"]), post("b.md", person=["Jason Liu"])]
    resolution = run(posts, 'split person "Jason" in typo.md as "Jason Liu"')
    assert [(d.code, d.path, d.line) for d in resolution.diagnostics] == [("KG203", "kg-ledger.txt", 1)]
    assert "typo.md does not mention 'Jason'" in resolution.diagnostics[0].message


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["person", "work", "tag"])
def test_ten_thousand_hostile_names_take_no_long(kind: str) -> None:
    """Names that all share a word, or all differ in one letter, must not be compared with one another."""
    random = Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [
        *("john " + "".join(random.choices(letters, k=6)) for _ in range(4000)),
        *("granite " + a + b + c for a in letters[:12] for b in letters for c in letters[:10]),
        *("a" * 30 + a + b for a in letters for b in letters),
        "x" * 100_000,
    ]
    begun = process_time()
    run([post(f"{at}.md", **{kind: names[at : at + 50]}) for at in range(0, len(names), 50)])
    assert process_time() - begun < 10


def test_a_pinned_iri_must_not_be_that_of_another() -> None:
    with pytest.raises(LedgerError, match="would both be"):
        run(alone("person", "Ada", "Bob"), 'pin person "Ada" to <https://kg.example/person/bob>')


def test_names_with_control_characters_can_be_decided() -> None:
    ledger = line_of(Decision("same", "person", ("Ada\x1b[1m", "Bob\u202e")))
    assert one(run(alone("person", "Ada\x1b[1m", "Bob\u202e"), ledger), "person", "Ada\x1b[1m", "Bob\u202e")


def test_split_by_post() -> None:
    posts = [post("a.md", person=["Jason"]), post("b.md", person=["Jason"]), post("c.md", person=["Jason Liu"])]
    resolution = run(posts, 'split person "Jason" in b.md as "Jason Liu"')
    assert resolution.entity_of("person", "Jason", "b.md") is resolution.entity_of("person", "Jason Liu")
    assert resolution.entity_of("person", "Jason", "a.md") is not resolution.entity_of("person", "Jason Liu")


def test_names_in_other_scripts_meet_latin_ones() -> None:
    """`benchmarks/scripts.tsv`: written down from general knowledge, with pairs that sound alike and are two."""
    from benchmarks.resolution import outcome, read_pairs, with_names

    judged = read_pairs(REPO / "benchmarks" / "scripts.tsv")
    resolution = run(list(with_names((), [(kind, name) for kind, a, b, *_rest in judged for name in (a, b)])))
    waiting = {
        frozenset(resolution.entity_of(c.kind, name).iri for name in (c.name, c.other))
        for c in resolution.candidates
        if c.decision != "applied"
    }
    found = [(pair[4], outcome(resolution, pair, waiting)) for pair in judged]
    same = sum(label == "same" for label, _ in found)
    assert found.count(("different", "applied")) == 0
    assert found.count(("same", "applied")) >= 0.5 * same
    assert same - found.count(("same", "apart")) >= 0.85 * same


def test_a_script_without_vowels_only_proposes() -> None:
    found = between(run(alone("person", "أم كلثوم", "Umm Kulthum")), "أم كلثوم", "Umm Kulthum")
    assert found.decision == "waiting"


def test_a_gloss_in_any_two_scripts_is_evidence() -> None:
    bodies = {
        "a.md": "Сухой (Sukhoi Superjet) и президент Лукойл (Lukoil)",
        "b.md": "苏霍伊（Сухой）与 Mikoyan (Микоян)，Shinkansen (しんかんせん)",
    }
    found = [(g.outer, g.inner) for body in bodies.values() for g in mine(body, 1)]
    assert found == [
        ("Сухой", "Sukhoi Superjet"), ("и президент Лукойл", "Lukoil"), ("苏霍伊", "Сухой"), ("Mikoyan", "Микоян"),
        ("Shinkansen", "しんかんせん"),
    ]  # fmt: skip
    posts = [
        post("a.md", bodies["a.md"], organization=["Sukhoi Superjet", "Лукойл"]),
        post("b.md", bodies["b.md"], organization=["苏霍伊", "Lukoil"]),
        post("c.md", bodies["b.md"], organization=["Сухой"]),
    ]
    resolution = run(posts)
    assert one(resolution, "organization", "苏霍伊", "Сухой")
    assert one(resolution, "organization", "Лукойл", "Lukoil")


def test_tags_of_the_same_words_wait_for_a_person() -> None:
    pairs = [("trump-policies", "trump-policy"), ("ai-agents-market", "ai-agent-market"), ("ui-ux", "ux-ui"),
             ("us-china-relations", "china-us-relation"), ("stone-work", "stonework")]  # fmt: skip
    apart = ["go/lang", "golang", "lang-go-x", "new", "gas", "ga"]
    resolution = run(alone("tag", *(name for pair in pairs for name in pair), *apart))
    waiting = {frozenset((c.name, c.other)) for c in resolution.candidates if c.decision == "waiting"}
    assert waiting == set(map(frozenset, pairs))
    assert not [c for c in resolution.candidates if c.decision == "applied"]


def test_a_tag_is_one_however_its_words_are_parted() -> None:
    alike = [
        ("stone-work", "Stone work", "stone_work"),
        ("lx-4", "lx4"),
        ("石头 AI", "石头AI"),
        ("u-s-rocks", "U.S. rocks"),
    ]
    resolution = run(alone("tag", *(name for names in alike for name in names)))
    assert {one(resolution, "tag", names[0], other) for names in alike[:3] for other in names[1:]} == {True}
    thing = run([*alone("product", "StoneWork"), *alone("tag", "stone-work", "stonework")])
    assert len(thing.entities) == 1, "both tags are the product"


def test_tags_in_the_plural_wait_for_a_person() -> None:
    resolution = run(
        [post("a.md", tag=["rust-docs", "window", "ARM"]), post("b.md", tag=["rustdoc", "windows", "arms"])]
    )
    assert {(c.name, c.other, c.decision) for c in resolution.candidates if c.kind == "tag"} == {
        ("rust-docs", "rustdoc", "waiting"), ("window", "windows", "waiting"), ("ARM", "arms", "waiting"),
    }  # fmt: skip
    assert len(resolution.entities) == 6


# What the ranking of open pairs sees in posts and other names


def test_the_company_of_their_company_tells_two_things_of_one_name_apart() -> None:
    stones, trees = ["Granite", "Marble", "Slate", "Basalt"], ["Oak", "Birch", "Maple", "Cedar"]
    posts = [post(f"s{at}.md", product=[stones[at], stones[at - 1]]) for at in range(4)]
    posts += [post(f"t{at}.md", product=[trees[at], trees[at - 1]]) for at in range(4)]
    posts += [
        post("x.md", organization=["Ridge"], product=["Granite"]),
        post("y.md", work=["Ridge"], product=["Slate"]),
    ]
    posts += [post("z.md", series=["Ridge"], product=["Oak"])]
    around = Surroundings(posts, run(posts))

    def seen(one: str, two: str) -> float:
        return around.signals(Candidate("Ridge", "Ridge", one, 0.5, (), "waiting", other_kind=two))["circles"]

    assert seen("organization", "work") > 0.3
    assert seen("organization", "series") == seen("work", "series") == 0.0


def test_names_that_others_hold_are_less_telling() -> None:
    posts = [*alone("organization", "World", "World Bank", "World Labs", "世界", "第一世界", "第三世界")]
    around = Surroundings(posts, run(posts))

    def held(a: str, b: str) -> float:
        return around.signals(Candidate(a, b, "organization", 0.5, (), "waiting"))["held"]

    assert held("World", "World Labs") == log1p(1), "and World Labs is the other name"
    assert held("World", "世界") == log1p(2)
    assert held("World Labs", "第一世界") == 0
