"""Near misses: what is pointed at, and what is left alone."""

from __future__ import annotations

from time import process_time

import pytest
from msgspec.structs import replace

from kg.checks.near_misses import near_misses
from kg.config import Config, FieldEntry
from kg.diagnostics import CODES
from kg.model import IRI, Attribute, Diagnostic, Mention, Post
from kg.namespaces import DCTERMS, FIELD, SCHEMA, XSD

SUBJECT = IRI(DCTERMS + "subject")
STATUS = IRI(SCHEMA + "creativeWorkStatus")


def posts(**fields: list[str]) -> list[Post]:
    """One post per value; `status` is a literal, other fields hold names of a kind called like them."""
    result = []
    for field, values in fields.items():
        for number, value in enumerate(values):
            path = f"{field}{number:03}.md"
            if field == "status":
                attributes = (Attribute(STATUS, value, XSD + "string", field=field, line=3, column=9),)
                result.append(Post(path, "", "", "", False, "yaml", attributes=attributes))
            else:
                mentions = (Mention(value, field, SUBJECT, field, 3, 9),)
                result.append(Post(path, "", "", "", False, "yaml", mentions))
    return result


def brief(found: list[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(one.path, one.code, one.message) for one in found]


def test_a_slip_of_the_finger() -> None:
    found = near_misses(posts(status=["evergreen"] * 40 + ["evengreen", "inbox"]))
    assert found == [
        Diagnostic(
            "status040.md", 3, 9, "KG401", "warning", "status: 'evengreen' is near 'evergreen', which 40 posts have"
        )
    ]


@pytest.mark.parametrize("value", ["evergreeen", "evergren", "evregreen", "ever-green", "Evergreen"])
def test_one_key_is_a_slip(value: str) -> None:
    assert [d.severity for d in near_misses(posts(status=["evergreen"] * 40 + [value]))] == ["warning"]


@pytest.mark.parametrize(("value", "severity"), [("by the graph team", "note"), ("By the Graph-Team", "warning")])
def test_in_a_phrase_nobody_minds_capitals(value: str, severity: str) -> None:
    found = near_misses(posts(status=["By the Graph Team"] * 40 + [value]))
    assert [d.severity for d in found] == [severity]


@pytest.mark.parametrize(("value", "severity"), [("graph-theory", "note"), ("graphtheory", "warning")])
def test_names_with_one_address_are_one_name(value: str, severity: str) -> None:
    assert [d.severity for d in near_misses(posts(categories=["Graph theory"] * 40 + [value]))] == [severity]


def test_values_within_two_fields_of_a_map_are_two_vocabularies() -> None:
    typed = {"state": ["ordinary"] * 39 + ["ordnary"], "kind": ["ordnary"] * 39 + ["ordinary"]}
    found = near_misses([
        Post(
            f"{number}.md", "", "", "", False, "yaml",
            attributes=(Attribute(IRI(f"{FIELD}extra.{key}"), value, XSD + "string", field="extra", line=3, column=9),),
        )
        for key, values in typed.items()
        for number, value in enumerate(values)
    ])  # fmt: skip
    assert [d.message for d in found if d.code == "KG401"] == [
        "extra.kind: 'ordinary' is near 'ordnary', which 39 posts have",
        "extra.state: 'ordnary' is near 'ordinary', which 39 posts have",
    ]


def test_addresses_that_programs_write_are_no_slips() -> None:
    found = near_misses(posts(status=["arXiv.org"] * 40 + ["arxiv.org"]))
    assert [d.severity for d in found] == ["note"]


@pytest.mark.parametrize("value", ["evergreens", "vergreen", "ewergreem", "overgreen"])
def test_more_than_one_key_and_the_ends_of_words_make_other_words(value: str) -> None:
    assert [d.severity for d in near_misses(posts(status=["evergreen"] * 40 + [value]))] == ["note"]


@pytest.mark.parametrize(
    "slip", ["“finance-wealth”", '"finance-wealth"', "Finance-Wealth", "finance_wealth", "finance wealth"]
)
def test_the_same_letters(slip: str) -> None:
    found = near_misses(posts(area=["finance-wealth"] * 12 + ["tech"] * 12 + [slip]))
    assert brief(found) == [("area024.md", "KG401", f"area: {slip!r} is near 'finance-wealth', which 12 posts have")]


def test_other_capitals_are_a_slip_where_they_are_rare_and_a_habit_where_not() -> None:
    assert [one.path for one in near_misses(posts(area=["pai"] * 12 + ["PAI"]))] == ["area012.md"]
    assert near_misses(posts(area=["pai"] * 12 + ["PAI"] * 5)) == []


def test_a_folder_that_writes_otherwise_throughout_has_words_of_its_own() -> None:
    names = posts(status=["Exam MAS-II"] * 40 + ["exam-mas-ii"] * 2 + ["exam-fm"] * 12 + ["exam-mas-ii"])
    paths = ["notes/a"] * 40 + ["cards/a/b", "cards/c"] + ["cards/d"] * 12 + ["notes/z"]
    moved = [replace(post, path=path) for post, path in zip(names, paths, strict=True)]
    assert [(d.path, d.severity) for d in near_misses(moved)] == [
        ("cards/a/b", "note"),
        ("cards/c", "note"),
        ("notes/z", "warning"),
    ]


def test_a_value_of_another_field() -> None:
    found = near_misses(posts(area=["finance-wealth"] * 20, category=["politics"] * 20 + ["finance-wealth"]))
    assert brief(found) == [
        ("category020.md", "KG402", "category: 'finance-wealth' is a value of area (20 posts), not of category")
    ]


@pytest.mark.parametrize(
    "values",
    [
        ["macro-economy"] * 20 + ["micro-economy"] * 15,  # both are used
        ["week-12"] * 20 + ["week-13"],  # numbers tell apart
        ["art"] * 20 + ["act"],  # too short for a slip
        ["alpha", "beta", "gamma", "delta", "epsilon", "evergreen", "evengreen"] * 2,  # no vocabulary
        ["one"] * 3 + ["onne"],  # too few posts
        ["C#"] * 40 + ["C++"] * 30 + ["v1.1"] * 20 + ["v11"] * 10,  # marks that are no hyphens tell apart
        ["never-ending" * 9] * 40 + ["never-endng" + "never-ending" * 8],  # sentences, not values
    ],
)
def test_left_alone(values: list[str]) -> None:
    assert near_misses(posts(category=values)) == []


@pytest.mark.parametrize(
    "slip",
    ["vergreen", "evergrreen", "evergeren", "xevergreen", "evergreeb", "eevrgreen", "evergrene", "ewergreem"],
)
def test_every_kind_of_slip(slip: str) -> None:
    """Wherever it is, and among values that share most of their letters."""
    others = [f"evergreen {letter * 9}" for letter in "abcdefgh"]
    found = near_misses(posts(category=["evergreen"] * 20 + 20 * others + [slip]))
    assert [one.message.partition(" is")[0] for one in found] == [f"category: {slip!r}"]


def test_many_values() -> None:
    seldom = [f"{n * 7919:x} and {n * 104729 % 999983:x}" for n in range(2_000)]
    often = [f"{n * 6007:x} or {n * 15485863 % 999983:x}" for n in range(1_000)]
    many = posts(publisher=[*seldom, *often * 14])
    begun = process_time()
    assert len(near_misses(many)) < 10
    assert process_time() - begun < 5  # twenty times what it takes; each compared with each took 25 s


def test_names_are_no_vocabulary() -> None:
    assert near_misses(posts(person=["Ada Lovelace"] * 30 + ["Ada Lovelase"])) == []


def test_values_in_the_settings_are_the_only_right_ones() -> None:
    config = Config(fields={"status": FieldEntry(values=("draft", "done"))})
    found = near_misses(posts(status=["draft", "Done", "dreft", "later"]), config)
    assert brief(found) == [
        ("status001.md", "KG403", "status: 'Done' is not allowed; write 'done'"),
        ("status002.md", "KG403", "status: 'dreft' is not allowed; write 'draft'"),
        ("status003.md", "KG403", "status: 'later' is not allowed; kg.toml allows 'draft', 'done'"),
    ]
    assert {one.code for one in found} <= CODES.keys()


@pytest.mark.parametrize(
    ("field", "statement"),
    [
        ("tags", Mention("economics", "tag", IRI(SCHEMA + "keywords"), "tags", 3, 9)),
        ("Author", Mention("economics", "person", IRI(SCHEMA + "author"), "author", 3, 9)),
        ("rating", Attribute(STATUS, "economics", XSD + "integer", field="rating", line=3, column=9)),
        ("motto", Attribute(STATUS, "economics", language="en", field="motto", line=3, column=9)),
    ],
)
def test_values_in_the_settings_hold_for_every_kind_of_field(field: str, statement: Mention | Attribute) -> None:
    said = (statement,)
    post = (
        Post("a.md", "", "", "", False, "yaml", said)
        if isinstance(statement, Mention)
        else Post("a.md", "", "", "", False, "yaml", attributes=said)
    )
    right, wrong = (Config(fields={field: FieldEntry(values=(value,))}) for value in ("economics", "Economics"))
    assert near_misses([post], right) == []
    (found,) = near_misses([post], wrong)
    assert found.message == f"{field.lower()}: 'economics' is not allowed; write 'Economics'"
