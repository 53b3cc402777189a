"""The identity ledger: its grammar, its faults, and that nothing a person wrote is ever touched."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import LedgerError
from kg.resolution import ledger
from kg.resolution.clustering import Clusters
from kg.resolution.forms import Forms
from kg.resolution.ledger_lines import Decision, line_of

EXAMPLE = """\
# a comment

same     organization "Nvidia" = "英伟达" = "輝達"   # glossed 175 times
not      person "Wang Tao" = "汪滔"
rename   organization "nvidia" to "NVIDIA"
pin      person "习近平" to <https://example.org/id/xi>
split    person "Jason" in "notes/a.md" notes/b.md as "Jason Liu"
sameas   organization "Nvidia" = <https://www.wikidata.org/entity/Q182477>
homepage organization "Nvidia" = https://www.nvidia.com/
"""


def test_every_verb_is_read() -> None:
    held = ledger.parse(EXAMPLE)
    assert [(d.verb, d.line) for d in held.decisions] == [
        ("same", 3), ("not", 4), ("rename", 5), ("pin", 6), ("split", 7), ("sameas", 8), ("homepage", 9),
    ]  # fmt: skip
    nvidia = ("organization", "nvidia")
    assert held.same_groups() == [[nvidia, ("organization", "英伟达"), ("organization", "輝達")]]
    assert list(held.distinct_sets()) == [
        frozenset({("person", "wang tao"), ("person", "汪滔")}),
        frozenset({("person", "jason"), ("person", "jason liu")}),
    ]
    assert held.labels() == {nvidia: "NVIDIA"}
    assert held.pins() == {("person", "习近平"): "https://example.org/id/xi"}
    assert held.splits()["notes/b.md", ("person", "jason")] == "Jason Liu"
    assert held.external_iris("sameas") == {nvidia: ["https://www.wikidata.org/entity/Q182477"]}
    assert held.external_iris("homepage") == {nvidia: ["https://www.nvidia.com/"]}


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ('merge person "A" = "B"', 1, "one of same, not"),
        ("same", 5, "a kind"),
        ('same person A = "B"', 13, "quotation marks"),
        ('same person "A"', 16, "= and another name"),
        ('same person "A" "B"', 17, "= and another name"),
        ('same person "A" = "', 19, "missing closing quotation mark"),
        ('same person "A" = "B" C', 23, "= and another name"),
        ('same person "A" = ""', 19, "empty"),
        (r'same person "A" = "\ud83d"', 19, "not a valid character"),
        ('same person "A" = "a"', 1, "one already"),
        ('same person "A" = "A"', 1, '"A" is one already'),
        ('not person "A" = "Ａ"', 1, "use `split`"),
        ('rename person "A" = "B"', 19, "`to`"),
        ('pin person "A" to <not an iri>', 19, "unexpected"),
        ('pin person "A" to <x>', 19, "absolute IRI"),
        ('sameas person "A" = <javascript:alert(1)>', 21, "http"),
        ('homepage person "A" = "ftp://example.org/"', 23, "http"),
        ('split person "A" in as "B"', 21, "path of a post"),
        ('split person "A" in "a.md"', 27, "`as`"),
        ('rename person "A" to "B" now', 26, "unexpected 'now'"),
        ('forget person "A" = "B"', 1, "nothing to forget"),
    ],
)
def test_a_faulty_line_says_where_and_what(line: str, column: int, words: str) -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.parse("# first line\n" + line, "kg-ledger.txt")
    assert str(caught.value).startswith(f"kg-ledger.txt:2:{column}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('same person "A" = "B"\nnot person "B" = "A"', "contradicts line 1"),
        ('same person "A" = "B"\nsame person "B" = "C"\nnot person "A" = "C"', "contradicts line 1 and line 2"),
        ('pin person "A" to <urn:x:1>\npin person "a" to <urn:x:2>', "another IRI"),
        ('same person "A" = "B"\npin person "A" to <urn:x:1>\npin person "B" to <urn:x:2>', "another IRI"),
        ('pin person "A" to <urn:x:1>\npin person "B" to <urn:x:1>', "one IRI for two names"),
        ('rename person "A" to "B"\nrename person "a" to "C"', "renamed to something else there"),
        ('same person "A" = "B"\nrename person "A" to "C"\nrename person "B" to "D"', "something else there"),
        ('homepage person "A" = <http://a.example/>\nhomepage person "A" = <http://b.example/>', "another homepage"),
        ('split person "A" in a.md as "B"\nsplit person "A" in a.md as "C"', "splits that post to another name"),
    ],
)
def test_contradictions_are_reported(text: str, words: str) -> None:
    with pytest.raises(LedgerError, match=words):
        ledger.parse(text)


def test_other_kinds_do_not_contradict() -> None:
    ledger.parse('same person "A" = "B"\nnot organization "A" = "B"')


def test_forget_takes_back_whichever_way_round() -> None:
    held = ledger.parse('same person "A" = "B"\nnot person "C" = "D"\nforget person "b" = "a"')
    assert [d.verb for d in held.decisions] == ["not"]


def test_forget_takes_back_all_that_was_said_of_some_of_its_names() -> None:
    said = """
        same person "A" = "B"
        not person "B" = "C" = "D"
        same person "A" = "E"
        same person "C" = "A"
        not person "A" = "B"
        forget person "A" = "B"
        same person "B" = "A"
        forget person "A" = "C" = "B"
    """
    assert [d.line for d in ledger.parse(said).decisions] == [3, 4]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=12))
def test_groups_are_what_a_chain_of_lines_connects(pairs: list[tuple[int, int]]) -> None:
    held = ledger.parse("\n".join(f'same person "n{a}" = "n{b}"' for a, b in pairs))
    expected: dict[int, list[int]] = {}
    for a, b in pairs:
        members = list(dict.fromkeys(expected.get(a, [a]) + expected.get(b, [b])))
        expected.update(dict.fromkeys(members, members))
    groups = {id(members): [("person", f"n{number}") for number in members] for members in expected.values()}
    assert held.same_groups() == list(groups.values())


def test_names_of_one_line_are_kept_apart_whatever_joins_the_others() -> None:
    clusters = Clusters(Forms([], {}), distinct_sets=[{1, 2, 3}], pinned={4: "iri:a", 5: "iri:b"})
    clusters._label = str  # type: ignore[method-assign,assignment]
    assert clusters.refusal(3, 1) == "the ledger says that 3 is not 1"
    clusters.join(1, 4)
    clusters.join(6, 4)
    assert clusters.refusal(6, 2) == "the ledger says that 1 is not 2"
    assert clusters.refusal(6, 5) == "they are pinned to different IRIs: iri:a, iri:b"
    assert not clusters.refusal(6, 7)
    assert clusters.same(1, 6)


def test_a_missing_ledger_decides_nothing(tmp_path: Path) -> None:
    assert ledger.read(tmp_path / "none.txt").decisions == ()


def test_a_ledger_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "kg-ledger.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(LedgerError, match="not UTF-8"):
        ledger.read(tmp_path / "kg-ledger.txt")


@pytest.mark.parametrize("before", [b"", b"# mine", b"# mine\n", b"# mine\r\n\r\n", "﻿# 我的\n".encode()])
def test_lines_are_only_ever_added(tmp_path: Path, before: bytes) -> None:
    path = tmp_path / "kg-ledger.txt"
    path.write_bytes(before)
    ledger.append(path, ['same person "A" = "B"'])
    after = path.read_bytes()
    assert after.startswith(before)
    assert [d.names for d in ledger.read(path).decisions] == [("A", "B")]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_ledger_that_is_a_device_is_not_read_for_ever(tmp_path: Path) -> None:
    (tmp_path / "kg-ledger.txt").symlink_to("/dev/zero")
    with pytest.raises(LedgerError, match="is a symbolic link"):
        ledger.read(tmp_path / "kg-ledger.txt")


def test_added_lines_end_as_those_before(tmp_path: Path) -> None:
    path = tmp_path / "kg-ledger.txt"
    path.write_bytes(b'same person "A" = "B"\r\n# mine')
    ledger.append(path, ['same person "C" = "D"'])
    assert path.read_bytes() == b'same person "A" = "B"\r\n# mine\r\nsame person "C" = "D"\r\n'
    assert [d.names for d in ledger.read(path).decisions] == [("A", "B"), ("C", "D")]


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda name: name.strip() and name == name.strip()
)


@given(st.sampled_from(["same", "not"]), names, names, st.text(max_size=20))
def test_a_decision_survives_its_line(verb: str, name: str, other: str, comment: str) -> None:
    decision = Decision(verb, "person", (name, other), line=1)
    if len(set(decision.keys)) == 2:
        line = line_of(decision, comment)
        assert len(line.splitlines()) == 1
        assert ledger.parse(line).decisions == (decision,)


@pytest.mark.parametrize(
    "decision",
    [
        Decision("same", "person", ("Ada", "Ad\ud83d")),
        Decision("split", "person", ("Ada", "Ada King"), posts=("a\udcff.md",)),
    ],
)
def test_half_of_a_character_is_refused_when_it_is_written_as_when_it_is_read(decision: Decision) -> None:
    with pytest.raises(LedgerError, match="half of a character"):
        line_of(decision)
    with pytest.raises(LedgerError, match="half of a character"):
        line_of(Decision("same", "person", ("Ada", "Ada King")), comment="\ude00")


def test_hostile_names_cannot_end_their_line_early() -> None:
    line = line_of(Decision("same", "person", ('A" = "B"\nnot person "C', "D\\")))
    (held,) = ledger.parse(line).decisions
    assert held.names == ('A" = "B"\nnot person "C', "D\\")
