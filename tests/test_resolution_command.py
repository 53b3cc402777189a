"""`kg resolve`: a decision is made once, stands in the ledger, and holds in every later build."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import app
from kg.errors import ConfigError, LedgerError
from kg.reading.bodies import passage
from kg.resolution.decisions import decide
from kg.resolution.ledger_lines import Decision
from tests.folders import put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = {
    "a.md": "---\ntitle: A\ncompanies_orgs: [Granite]\nproducts_models: [GRS]\n---\n\n"
    "**花岗石**（Granite）与**花岗石**（Granite）\n",
    "b.md": "---\ntitle: B\ncompanies_orgs: [花岗石, Basalt]\nproducts_models: [Granite Rock System]\n---\n\n文。\n",
    "c.md": '---\ntitle: C\ncompanies_orgs: ["<b>\\e[31mred", "b 31mred"]\n---\n',
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return put(tmp_path / "posts", POSTS)


def run(content: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["resolve", str(content), *arguments], catch_exceptions=False, standalone_mode=False)


def is_one(content: Path, a: str = "Granite", b: str = "花岗石") -> bool:
    resolution = kg.build(content).resolution
    return resolution.entity_of("organization", a) is resolution.entity_of("organization", b)


def test_the_list_shows_evidence_place_and_effect(content: Path) -> None:
    shown = run(content, "--list", "--all", "--kind", "organization").output
    assert "Granite = 花岗石" in shown
    assert "gloss 2" in shown
    assert "a.md:7: **花岗石**（Granite）与" in shown
    assert "2 spellings in 2 posts" in shown


def test_only_open_candidates_are_listed(content: Path) -> None:
    shown = run(content, "--list").output
    assert "Granite Rock System" in shown
    assert "Granite = 花岗石" not in shown


def test_a_list_of_nothing_says_so_beside_the_results(content: Path) -> None:
    (content / "c.md").unlink()
    run(content, "--accept", "Granite Rock System", "GRS")
    listed = run(content, "--list")
    assert (listed.stdout, listed.exit_code) == ("", 0)
    assert listed.stderr == "no two names wait for a decision; --all lists those that are applied or decided\n"
    (content / "a.md").unlink()
    (content / "kg-ledger.txt").unlink()
    listed = run(content, "--list", "--all")
    assert (listed.stdout, listed.stderr) == ("", "no two names look like one thing\n")
    assert (run(content, "--format", "json").stdout, run(content, "--format", "json").stderr) == ("[]\n", "")


def test_json(content: Path) -> None:
    found = json.loads(run(content, "--format", "json", "--all", "--kind", "organization").output)
    (granite,) = [entry for entry in found if entry["other"] == "花岗石"]
    assert granite["decision"] == "applied"
    assert granite["evidence"][0]["places"] == [{"post": "a.md", "line": 7}]
    assert granite["effect"]["iri"] == "https://kg.example/organization/granite"


def test_a_rejected_merge_is_gone_everywhere_and_stays_gone(content: Path, tmp_path: Path) -> None:
    assert is_one(content)
    run(content, "--reject", "花岗石", "Granite")
    result = kg.build(content, tmp_path / "out", formats=["nt"])
    assert not is_one(content)
    assert result.resolution.entity_of("organization", "Granite").merges == ()
    triples = (tmp_path / "out" / "graph.nt").read_text("utf-8")
    labels = [line for line in triples.splitlines() if "/granite>" in line.split()[0] and "#label>" in line]
    assert len(labels) == 1
    assert "花岗石" not in labels[0]
    (content / "d.md").write_text("---\ntitle: D\n---\n\n" + "**花岗石**（Granite）\n" * 50, encoding="utf-8")
    assert not is_one(content)


def test_accept_and_undo(content: Path) -> None:
    run(content, "--accept", "Granite", "Basalt")
    assert is_one(content, "Granite", "Basalt")
    run(content, "--undo")
    assert not is_one(content, "Granite", "Basalt")
    with pytest.raises(LedgerError, match="no decision"):
        run(content, "--undo")


def test_a_changed_mind_takes_the_old_decision_back(content: Path) -> None:
    run(content, "--accept", "Granite", "Basalt")
    run(content, "--reject", "Basalt", "Granite")
    assert not is_one(content, "Granite", "Basalt")
    verbs = [line.split()[0] for line in (content / "kg-ledger.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    assert verbs == ["same", "forget", "not"]


def test_undo_brings_back_what_was_replaced_and_then_goes_on(content: Path) -> None:
    run(content, "--reject", "Granite", "花岗石")
    run(content, "--reject", "Granite", "Basalt")
    run(content, "--accept", "Granite", "Basalt")
    assert is_one(content, "Granite", "Basalt")
    assert run(content, "--undo").output.splitlines()[:2] == [
        'forget organization "Granite" = "Basalt"  # undo',
        'not organization "Granite" = "Basalt"',
    ]
    assert not is_one(content, "Granite", "Basalt")
    assert 'forget organization "Granite" = "Basalt"' in run(content, "--undo").output
    assert 'forget organization "Granite" = "花岗石"' in run(content, "--undo").output
    assert is_one(content)
    with pytest.raises(LedgerError, match="no decision"):
        run(content, "--undo")


@pytest.mark.parametrize("taken", ["post/a", "concept/x", "scheme/tag", "graph/entities", "dataset",
                                   "dataset/person", "ns/speaker"])  # fmt: skip
def test_an_entity_is_not_pinned_onto_something_else(content: Path, taken: str) -> None:
    (content / "kg-ledger.txt").write_text(f'\npin organization "Basalt" to <https://kg.example/{taken}>\n', "utf-8")
    with pytest.raises(LedgerError, match=rf"kg-ledger\.txt:2:1: <https://kg\.example/{taken}> cannot be pinned"):
        kg.build(content)


def test_deciding_twice_writes_once(content: Path) -> None:
    run(content, "--reject", "Granite", "Basalt")
    before = (content / "kg-ledger.txt").read_bytes()
    run(content, "--reject", "basalt", "granite")
    assert (content / "kg-ledger.txt").read_bytes() == before


def test_accept_above(content: Path) -> None:
    run(content, "--accept-above", "0.95")
    assert not (content / "kg-ledger.txt").exists()
    run(content, "--accept-above", "0.6")
    assert 'same product "Granite Rock System" = "GRS"  # initials 1' in (content / "kg-ledger.txt").read_text("utf-8")
    assert run(content, "--list").stdout == ""


def test_pinned_iris_stay_whatever_posts_are_added(content: Path) -> None:
    (content / "d.md").write_text(
        "---\ncompanies_orgs: [Granite Inc.]\nproducts_models: [Solo]\n---\n", encoding="utf-8"
    )
    pinned = run(content, "--pin-iris", "--kind", "organization").stdout
    assert 'pin organization "Granite" to <https://kg.example/organization/granite>\n' in pinned
    assert "Solo" not in run(content, "--pin-iris").stdout, "of a thing with one name, there is nothing to pin"
    assert run(content, "--pin-iris").stdout == ""
    for number in range(5):
        (content / f"x{number}.md").write_text("---\ncompanies_orgs: [Granite Inc.]\n---\n", encoding="utf-8")
    resolution = kg.build(content).resolution
    assert resolution.entity_of("organization", "Granite Inc.").iri == "https://kg.example/organization/granite"
    (content / "kg-ledger.txt").unlink()
    assert kg.build(content).resolution.entity_of("organization", "Granite").iri.endswith("/granite_inc.")


def test_what_was_refused_is_never_accepted_in_bulk(content: Path) -> None:
    run(content, "--reject", "Granite", "花岗石")
    before = (content / "kg-ledger.txt").read_bytes()
    run(content, "--accept-above", "0", "--kind", "organization")
    assert (content / "kg-ledger.txt").read_bytes() == before


def test_names_that_no_post_mentions_are_an_error(content: Path) -> None:
    with pytest.raises(ConfigError, match="no post mentions both"):
        run(content, "--accept", "Granite", "Nobody")
    with pytest.raises(ConfigError, match="'person'"):
        run(content, "--accept", "Granite", "Basalt", "--kind", "person")
    with pytest.raises(ConfigError, match=r"'Granite' is one name already$"):
        run(content, "--accept", "Granite", "Granite")
    (content / "d.md").write_text("---\ntitle: D\nproducts_models: [Granite, Slab]\n---\n", "utf-8")
    with pytest.raises(ConfigError, match="'organization:Granite' 'product:Granite'"):
        run(content, "--accept", "Granite", "granite")
    with pytest.raises(ConfigError, match="write organization:NAME and product:NAME"):
        run(content, "--accept", "花岗石", "Slab")


def test_a_kind_that_no_post_knows_is_an_error(content: Path) -> None:
    with pytest.raises(ConfigError, match=r"the kind 'organisation'; the kinds are .*organization"):
        run(content, "--list", "--kind", "organisation")


def test_a_decision_that_contradicts_the_ledger_changes_nothing(content: Path) -> None:
    ledger = content / "kg-ledger.txt"
    ledger.write_text('same organization "Granite" = "X"\nsame organization "X" = "Basalt"\n', encoding="utf-8")
    before = ledger.read_bytes()
    with pytest.raises(LedgerError, match="contradicts line 1 and line 2"):
        run(content, "--reject", "Granite", "Basalt")
    assert ledger.read_bytes() == before


def test_a_faulty_ledger_stops_a_build_with_its_place(content: Path) -> None:
    (content / "kg-ledger.txt").write_text('same organization "Granite"\n', encoding="utf-8")
    with pytest.raises(LedgerError, match=r"kg-ledger\.txt:1:28: expected = and another name"):
        kg.build(content)


def test_keys_one_after_another(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = iter("x2a2auaq")  # with one name checked, there is nothing to accept
    monkeypatch.setattr("kg.commands.resolve._is_terminal", lambda: True)
    monkeypatch.setattr(click, "getchar", lambda: next(keys))
    shown = run(content).output
    assert "a accept   r reject   1-9 check   l later   u undo   q quit" in shown
    lines = [line for line in (content / "kg-ledger.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    assert [line.split()[0] for line in lines] == ["same", "forget", "same"]


def test_keys_never_take_back_what_others_decided(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = content / "kg-ledger.txt"

    def keys() -> Iterator[str]:
        yield "a"
        decide(file, [Decision("same", "tag", ("sugar", "Zucker"))])
        yield from "uq"

    pressed = keys()
    monkeypatch.setattr("kg.commands.resolve._is_terminal", lambda: True)
    monkeypatch.setattr(click, "getchar", lambda: next(pressed))
    assert "kg-ledger.txt has other lines since" in run(content).stderr
    lines = [line for line in file.read_text("utf-8").splitlines() if line[0] != "#"]
    assert [line.split()[0] for line in lines] == ["same", "same"]


def test_a_passage_shows_a_name_and_no_other_word_with_its_letters(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: a\n---\n\nThe VIX fell.\n\nThen X rose, 和X平台。\n", "utf-8")
    assert passage(tmp_path, "a.md", 0, "X") == "Then X rose, 和X平台。"


def test_a_group_is_asked_about_once_and_split_by_its_boxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmp_path / "tags"
    content.mkdir()
    for name, tags in {"a": "us-china-relation, policy", "b": "us-china-relations", "c": "uschina-relations"}.items():
        (content / f"{name}.md").write_text(f"---\ntitle: {name}\ntags: [{tags}]\n---\n\nText.\n", "utf-8")
    keys = iter("slu3s")  # nothing is split off while all are checked; what was left for later comes back with u
    monkeypatch.setattr("kg.commands.resolve._is_terminal", lambda: True)
    monkeypatch.setattr(click, "getchar", lambda: next(keys, "q"))
    result = run(content)
    assert result.stdout.count("[1/1]") == 3, "at first, after u, and after 3"
    assert "first uncheck, by their numbers," in result.stderr
    assert "1 decided" in result.stdout
    lines = [line for line in (content / "kg-ledger.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    assert lines == [
        'same tag "us-china-relation" = "us-china-relations"  # folding 1',
        'not tag "us-china-relation" = "uschina-relations"  # folding 1',
    ]
    assert json.loads(run(content, "--format", "json").output) == []


def test_a_name_of_two_kinds_is_asked_about_with_its_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmp_path / "kinds"
    content.mkdir()
    for number, (kind, other) in enumerate([("companies_orgs", "Ada"), ("media_books", "Bob")] * 4):
        text = f"---\ntitle: {number}\n{kind}: [Meridian]\npeople: [{other} Lovelace]\n---\n\nMeridian.\n"
        (content / f"{number}.md").write_text(text, "utf-8")
    keys = iter("aq")
    monkeypatch.setattr("kg.commands.resolve._is_terminal", lambda: True)
    monkeypatch.setattr(click, "getchar", lambda: next(keys))
    shown = run(content).output
    assert "organization and work, name of several kinds" in shown
    assert 'same organization "Meridian" = work "Meridian"' in shown
    names = kg.build(content).resolution
    assert names.entity_of("organization", "Meridian") is names.entity_of("work", "Meridian")
    assert "forget" in run(content, "--undo").output


def test_decisions_move_the_ranking_once_there_are_enough() -> None:
    from kg.resolution.ranking import ENOUGH, WEIGHTS, likelihood, trained

    initials = {"always": 1.0, "rules": 1.7, "initials": 1.0}
    others = [({"always": 1.0, "rules": 1.7, "plural": 1.0}, False)] * ENOUGH
    assert trained([(initials, True)] * 4 + others) is WEIGHTS
    after = trained([(initials, True)] * ENOUGH + others)
    assert likelihood(initials, after) > likelihood(initials) + 0.1
    assert likelihood(others[0][0], after) < likelihood(others[0][0]) - 0.1


def test_iris_elsewhere_go_out_to_a_table_and_come_back(content: Path, tmp_path: Path) -> None:
    (content / "d.md").write_text("---\ntitle: D\ncompanies_orgs: [Quarz, '=1+1']\n---\n", "utf-8")
    table = tmp_path / "names.csv"
    run(content, "--export", str(table), "--kind", "organization")
    rows = table.read_text("utf-8").splitlines()
    assert rows[0] == "kind,name,IRI"
    assert {"organization,Basalt,", "organization,Quarz,", "organization,'=1+1,"} <= set(rows)
    q1, q2 = "https://www.wikidata.org/entity/Q1", "https://www.wikidata.org/entity/Q2"
    filled = {"Basalt": q1, "Quarz": q1, "花岗石": q2, "'=1+1": "nonsense", "Nobody": q2}
    table.write_text(
        "kind,name,IRI\n" + "".join(f"organization,{name},{iri}\n" for name, iri in filled.items()), "utf-8"
    )
    taken = run(content, "--import", str(table))
    assert taken.output.splitlines()[:3] == [
        f'sameas organization "{name}" = <{filled[name]}>' for name in ("Basalt", "Quarz", "花岗石")
    ]
    assert f"{table}:5: 'nonsense' is not a web address" in taken.stderr
    assert f"{table}:6: no post mentions 'Nobody' as organization" in taken.stderr
    assert taken.return_value == 1
    assert is_one(content, "Basalt", "Quarz")
    assert run(content, "--import", str(table)).stdout == ""
    run(content, "--export", str(table))
    assert f"organization,Basalt,{q1}" in table.read_text("utf-8")


def test_a_thing_with_two_iris_of_one_site_is_asked_about(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    q = "https://www.wikidata.org/entity/Q"
    (content / "kg-ledger.txt").write_text(
        f'sameas organization "Granite" = <{q}1>\nsameas organization "花岗石" = <{q}2>\n'
        'sameas organization "Granite" = <https://viaf.org/1>\n',
        "utf-8",
    )
    assert is_one(content)
    assert "several things?" in run(content, "--list", "--kind", "organization").output
    keys = iter("aq")
    monkeypatch.setattr("kg.commands.resolve._is_terminal", lambda: True)
    monkeypatch.setattr(click, "getchar", lambda: next(keys))
    assert 'not organization "Granite" = "花岗石"' in run(content, "--kind", "organization").output
    assert not is_one(content)


def test_names_cannot_drive_the_terminal(content: Path) -> None:
    (content / "c.md").write_text(
        '---\ntitle: C\npeople: ["Red \\u001b[31m Herringbone", "Red \\u001b[31m Herringbonne"]\n---\n', "utf-8"
    )
    assert "\x1b" not in run(content, "--list", "--all").output


@pytest.mark.slow
def test_judged_pairs(shared: Path, corpus_output: Path) -> None:
    """The targets of the project on the pairs that people judged."""
    from benchmarks.resolution import outcome, read_pairs, with_names
    from kg.config import Config
    from kg.resolution import resolve

    judged = read_pairs(shared / "gold" / "entity-pairs.tsv")
    names = [(kind, name) for kind, a, b, *_rest in judged for name in (a, b)]
    resolution = resolve(with_names(kg.build(shared / "corpus", reuse=corpus_output).posts, names), Config())
    waiting = {
        frozenset(resolution.entity_of(*named).iri for named in zip(c.kinds, (c.name, c.other), strict=True))
        for c in resolution.candidates
        if c.decision != "applied"
    }
    found = [(pair[4], outcome(resolution, pair, waiting)) for pair in judged]
    same = found.count(("same", "applied"))
    total = sum(label == "same" for label, _ in found)
    assert same / (same + found.count(("different", "applied"))) >= 0.98
    assert same / total >= 0.85
    assert (same + found.count(("same", "waiting"))) / total >= 0.95
