"""An edit that only its own post shows changes that post in the last build; the result is that of a first build."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

import kg
from kg import exporters
from kg.config import Config
from kg.errors import ContentError
from kg.graph import chunks
from kg.graph.lookup import find
from kg.graph.portrait import portrait
from kg.graph.saved import columns_of, decoded
from kg.pipeline import build as pipeline
from kg.pipeline import saved_graph
from kg.pipeline.result import Result, Retouched
from kg.state import EDITS, GRAPH, POST_EDITS, State
from tests.conftest import write_posts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POSTS = {
    "a.md": "---\ntitle: One\ndescription: Words\npeople: [Ada Lovelace]\n---\n**术语**（Term: same words）\n",
    "b.md": "---\ntitle: Two\npeople: [ada lovelace]\naliases: [Second]\n---\n[one](a.md) [[Third]] [[Wanted]]\n",
    "c.md": "---\ntitle: Third\ntags: [maps]\ndate: 2024-05-01\n---\n**术语**（Term: same words）\n",
    "d.md": "---\ntitle: Four\ntags: [person]\npeople: [Four]\n---\n",
    "e.md": "---\ntitle: Five\ntags: [term]\n---\n",
    "authors/ada.md": "---\ntitle: Ada\n---\n",
}
FORMATS = ("ttl", "nt", "graphml")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of posts that has been built."""
    monkeypatch.setattr(chunks, "MEAN_SIZE", 2)
    write_posts(tmp_path / "content", POSTS)
    build(tmp_path)
    return tmp_path


def build(site: Path, formats: tuple[str, ...] = FORMATS, *, drafts: bool = True) -> Result | Retouched | None:
    """Build, and see that a first build gives the same files, the same report and the same graph for questions."""
    content, output, again = site / "content", site / "out", site / "again"
    config = Config(formats=formats, drafts=drafts)
    made, result = pipeline.update(content, output, config=config, whole=False)
    first = kg.build(content, again, config=config)
    assert made == first.report
    assert files(output) == files(again)
    kept = saved_graph.load(output)
    assert not isinstance(kept, saved_graph.Miss)
    assert (kept.nodes, kept.edges) == (first.knowledge_graph.nodes, first.knowledge_graph.edges)
    assert columns_of(kept) == columns_of(first.knowledge_graph)
    return result


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def edit(site: Path, name: str, old: str, new: str) -> None:
    path = site / "content" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_title_or_a_description_is_replaced_in_the_last_build(site: Path) -> None:
    for name, old, new in (
        ("a.md", "One", "Uno"),
        ("a.md", "Words", "Other words"),
        ("b.md", "Two", "Zwei"),
        ("a.md", "Uno", "Eins"),
    ):
        edit(site, name, f": {old}", f": {new}")
        assert isinstance(build(site), Retouched), new
    assert build(site) is None


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.md", "title: One", "title: One\ntags: [new]"),
        ("a.md", "title: One", "title: One\ntags: [maps]"),
        ("c.md", "[maps]", "[charts]"),  # of a tag that nobody else has
        ("c.md", "[maps]", "[]"),
        ("b.md", "title: Two", "title: Two\ntags: [TERM]"),  # another spelling of a name that a term goes by
        ("b.md", "[ada lovelace]", "[Ada Lovelace]"),  # another spelling of a name that others have
        ("b.md", "[ada lovelace]", "[A. Lovelace, Grace Hopper]"),
        ("b.md", "[ada lovelace]", "[]"),
        ("b.md", "people:", "companies:"),
        ("a.md", "---\n**", "---\n\n**"),  # the definition has moved to another line
        ("b.md", "---\n[one]", "---\nA paragraph.\n\n[one]"),  # links have
        ("b.md", "title: Two", "weight: 5\ntitle: Two"),  # everything has, and there is another property
        ("a.md", "title: One", "title: [One]"),  # with another diagnostic
        ("a.md", "title: One", "title: One\ndate: 2024-04-30"),
        ("d.md", "title: Four", "title: Four\ncompanies: [Harbour]"),  # a note about a person still is
        ("b.md", "(a.md)", "(c.md)"),
        ("b.md", "[one](a.md) ", ""),
        ("a.md", "---\n**", "---\n[two](b.md#part) [gone](gone.md) ![picture](x.png)\n**"),
        ("b.md", " [[Wanted]]", ""),  # a page that nobody asks for any more
        (
            "c.md",
            "---\n**",
            "---\n[[Wanted]] [[wanted]] [[Also wanted]] [[maps]]\n**",
        ),  # a page with other names; a tag
        ("c.md", "title: Third", "title: Other"),  # a link names it
        ("a.md", "title: One", "title: Wanted"),  # a link names what is not written yet
        ("a.md", "title: One", "title: Second"),  # the alias of another post
        ("a.md", "title: One", "title: One\naliases: [Second, Wanted]"),  # two posts claim it
        ("b.md", "Second", "Seconds"),
        ("e.md", "title: Five", "title: Five\nslug: third"),
        ("e.md", "title: Five", "title: Five\ndraft: true"),
        ("a.md", "title: One", "title: One\ntags: [术语]"),  # the name of a term
        ("e.md", "[term]", "[]"),  # another
        ("a.md", "Term: same", "Word: same"),  # another term
        ("a.md", "same words", "other words"),
        ("a.md", "**术语**（Term: same words）", "words"),
        ("b.md", "[one](a.md)", "**术语**（Term: same words）\n\n**袋鼠**（Kangaroo: an animal）"),
        ("b.md", "[one](a.md)", "术语（Term）"),  # which is used, not defined
        ("a.md", "title: One", "title: 一篇文章"),  # in another language
    ],
)
def test_only_what_an_edit_touches_is_replaced(site: Path, name: str, old: str, new: str) -> None:
    edit(site, name, old, new)
    assert isinstance(build(site), Retouched)
    edit(site, name, new, old)
    assert isinstance(build(site), Retouched)
    assert build(site) is None


def test_posts_that_are_new_or_no_more_are_put_in_or_taken_out(site: Path) -> None:
    """Also where others link to them, ask for them, or contest their names; a draft is no post."""
    content = site / "content"
    text = "---\ntitle: {}\ntags: [maps, new]\npeople: [Ada Lovelace]\ndate: 2024-05-0{}\n---\n[[Third]] [[Wanted]]\n"
    for number, name in enumerate(("Other", "Wanted", "Second"), 2):
        write_posts(content, {f"n{number}.md": text.format(name, number)})
        assert isinstance(build(site), Retouched), name
    (content / "n2.md").rename(content / "a copy.md")
    assert isinstance(build(site), Retouched)
    edit(site, "n3.md", "title", "draft: true\ntitle")
    edit(site, "a copy.md", "[maps, new]", "[]")
    assert isinstance(build(site, drafts=False), Result)  # with other settings
    for name, old, new in (("n3.md", "true", "false"), ("n3.md", "false", "true"), ("n3.md", "[[Wanted]]", "")):
        edit(site, name, old, new)
        build(site, drafts=False)
    assert isinstance(build(site), Result)
    for name in ("n3.md", "a copy.md", "b.md"):
        (content / name).unlink()
        assert isinstance(build(site), Retouched), name
    (content / "n4.md").unlink()
    assert isinstance(build(site), Result)  # which of the others is the newest is not known


def test_tags_above_tags_are_replaced_too(site: Path) -> None:
    """Also those that are only between others, and those that a name brings to the same thing."""
    for name, old, new in (
        ("a.md", "title: One", "title: One\ntags: [maps/old]"),
        ("b.md", "title: Two", "title: Two\ntags: [maps/old/torn/small]"),
        ("a.md", "maps/old", "Maps/Old/torn"),
        ("c.md", "[maps]", "[charts]"),
        ("d.md", "[person]", "[person, charts/sea, maps/old/torn/large]"),
        ("b.md", "maps/old/torn/small", "a/b/c"),
        ("c.md", "[charts]", "[charts, a/b, maps]"),
        ("d.md", ", charts/sea, maps/old/torn/large", ""),
        ("c.md", ", a/b, maps", ", a"),
        ("a.md", "Maps/Old/torn", "a/b"),
        ("c.md", ", a]", "]"),
    ):
        edit(site, name, old, new)
        assert isinstance(build(site), Retouched), new
    assert build(site) is None


def test_a_tag_is_a_term_whose_name_has_some_of_its_hyphens(site: Path) -> None:
    term = "---\ntitle: E\n---\n**需求型经济**（Demand-driven Economy: 靠需求拉动的经济）\n"
    write_posts(site / "content", {"e.md": term, "f.md": "---\ntags: [demand-driven-economy]\n---\n"})
    build(site)
    edit(site, "f.md", "[demand-driven-economy]", "[]")
    build(site)
    edit(site, "f.md", "[]", "[demand-driven-economy]")
    build(site)


def test_another_spelling_of_a_name_elsewhere_changes_no_use_of_a_term(site: Path) -> None:
    """A gloss is in capitals, as one post comes to spell a company that is called after the term."""
    term = "---\ntitle: T\n---\n**harness**（测试框架: 运行测试的程序）\n"
    posts = {"h1.md": term, "h2.md": term, "h3.md": "---\ntitle: H\n---\n我们用 HARNESS（测试框架）\n"}
    write_posts(
        site / "content", posts | {"f.md": "---\ncompanies: [Harness]\n---\n", "g.md": "---\ncompanies: []\n---\n"}
    )
    build(site)
    used = "mentions concept:harness"
    assert used in (site / "out/graph.ttl").read_text(encoding="utf-8")
    for old, new in (("[]", "[HARNESS]"), ("[HARNESS]", "[]")):
        edit(site, "g.md", old, new)
        assert isinstance(build(site), Retouched), new
        assert used in (site / "out/graph.ttl").read_text(encoding="utf-8")


def test_posts_that_define_terms_come_and_go_and_move(site: Path) -> None:
    content, text = site / "content", "---\ntitle: More\n---\n{}\n"
    for name, body in (
        ("0.md", "**术语**（Term: same words）"),  # before all others that say so
        ("n.md", "**袋鼠**（Kangaroo: an animal） 术语（Term）"),
        ("n.md", "中央银行（CB） 袋鼠（Kangaroo） 术语（Term）"),
        ("0.md", "**袋鼠**（Kangaroo: an animal） **Five**（五: a number）"),
    ):
        write_posts(content, {name: text.format(body)})
        assert isinstance(build(site), Retouched), body
    for name, other in (("0.md", "z.md"), ("a.md", "1.md"), ("n.md", "m.md")):
        (content / name).rename(content / other)
        assert isinstance(build(site), Retouched), name
    for name in ("z.md", "1.md", "c.md"):
        (content / name).unlink()
        assert isinstance(build(site), Retouched) is (name != "c.md"), name  # which was the newest


def test_an_edit_decides_with_all_other_posts_what_is_a_habit(site: Path) -> None:
    """Six of fifteen posts write a date that is none; an edit changes how many posts have some field."""
    dates = [f"---\ntitle: N{n}\ndate: {'2024-13-45' if n < 6 else '2024-05-01'}\n---\n" for n in range(10)]
    write_posts(site / "content", {f"{n}.md": text for n, text in enumerate(dates)})
    first = build(site)
    assert isinstance(first, Result)
    assert first.report.habits
    for name, old, new in (("a.md", "title: One", "title: One\ntags: [x]"), ("b.md", "people:", "companies:")):
        edit(site, name, old, new)
        again = build(site)
        assert isinstance(again, Retouched)
        assert again.report.habits == first.report.habits


def test_what_is_left_out_is_told_as_it_is_now(site: Path) -> None:
    for name in ("x", "y"):
        write_posts(site / "content", {f".old/{name}.md": "Words\n"})
        assert isinstance(build(site), Result)
    assert build(site) is None


def test_a_fault_stops_a_strict_build_that_only_retouches(site: Path) -> None:
    before = files(site / "out")
    edit(site, "a.md", "people: [Ada", "people: [Grace, Ada")
    edit(site, "a.md", "title: One", "title: One\ntags: [open")
    with pytest.raises(ContentError):
        pipeline.update(site / "content", site / "out", config=Config(formats=FORMATS), strict=True, whole=False)
    assert files(site / "out") == before


def test_posts_that_name_a_thing_with_another_iri_are_replaced_too(site: Path) -> None:
    ledger = site / "content" / "kg-ledger.txt"
    ledger.write_text('same person "Ada Lovelace" = "Countess of Lovelace"\n', encoding="utf-8")
    assert isinstance(build(site), Result)
    for old, new in (("[ada", "[Countess of Lovelace, ada"), ("[Countess of Lovelace, ada", "[ada")):
        edit(site, "b.md", old, new)
        assert isinstance(build(site), Retouched)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("d.md", "title: Four", "title: Five"),  # a note about a person
        ("authors/ada.md", "title: Ada", "title: Ada Lovelace"),  # the name of an author
        ("a.md", "[Ada Lovelace]", "[Ada Lovelace, Four]"),  # which a note may be about
        ("a.md", "[Ada Lovelace]", "[Ada Lovelace and Bob Stone]"),  # several people, if others are named alone
        ("a.md", "[Ada Lovelace]", "[Bob Stone, Ada]"),  # the slug of an author
        ("c.md", "2024-05-01", "2024-04-01"),  # the newest date
        ("d.md", "[person]", "[person]\nauthor: '[[Third]]'"),  # a name that leads to a note
    ],
)
def test_whatever_others_show_is_worked_out_again(site: Path, name: str, old: str, new: str) -> None:
    edit(site, name, old, new)
    assert isinstance(build(site), Result)


def test_formats_that_are_written_at_once_take_the_short_way_too(site: Path) -> None:
    formats = tuple(name for name in exporters.names() if not exporters.get(name).draws)
    build(site, formats)
    for old, new in (("One", "Uno"), ("Ada Lovelace", "Grace Hopper"), ("[Grace", "[Alan Turing, Grace")):
        edit(site, "a.md", old, new)
        assert isinstance(build(site, formats), Retouched)


def test_on_maps_the_short_way_moves_nothing_that_the_long_way_would_leave(site: Path) -> None:
    formats = tuple(name for name in exporters.names() if exporters.get(name).draws)
    content, folders = site / "content", (site / "one", site / "other")
    for folder in folders:
        kg.build(content, folder, formats=formats)
    edit(site, "b.md", "ada lovelace", "Grace Hopper")
    short, long = (
        pipeline.update(content, folder, config=Config(formats=formats), whole=whole)[1]
        for folder, whole in zip(folders, (False, True), strict=True)
    )
    assert isinstance(short, Retouched)
    assert isinstance(long, Result)
    assert files(folders[0]) == files(folders[1])


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_without_the_saved_graph_everything_is_worked_out(site: Path, spoil: Callable[[Path], object]) -> None:
    spoil(site / "out" / ".kg" / GRAPH)
    edit(site, "a.md", "One", "Uno")
    assert isinstance(build(site), Result)
    edit(site, "a.md", "Uno", "Eins")
    assert isinstance(build(site), Retouched)


@pytest.mark.parametrize("name", [EDITS, POST_EDITS])
def test_without_the_edits_that_were_kept_everything_is_worked_out(site: Path, name: str) -> None:
    many = {f"more/{number}.md": f"---\ntitle: Post {number}\n---\n" for number in range(40)}
    write_posts(site / "content", many)
    assert isinstance(build(site), Result)
    edit(site, "a.md", "One", "Uno")
    assert isinstance(build(site), Retouched)
    path = site / "out" / ".kg" / name
    path.write_bytes(path.read_bytes()[:-9])
    edit(site, "a.md", "Uno", "Eins")
    assert isinstance(build(site), Result)
    edit(site, "a.md", "Eins", "Un")
    assert isinstance(build(site), Retouched)


def test_what_another_command_read_meanwhile_is_not_taken_for_the_last_build(site: Path) -> None:
    edit(site, "c.md", "[maps]", "[charts]")
    kg.build(site / "content", reuse=site / "out", keep=True)  # the posts are known, and no file was written
    edit(site, "a.md", "One", "Uno")
    assert isinstance(build(site), Result)


def test_a_committed_post_loses_its_commit_when_it_is_edited(site: Path) -> None:
    formats = ("ttl", "nq")
    for command in ("init -q .", "add -A", "-c user.name=a -c user.email=a@b.example commit -qm x"):
        subprocess.run(["git", *command.split()], cwd=site / "content", check=True)
    assert isinstance(build(site, formats), Result)
    edit(site, "a.md", "One", "Uno")
    assert isinstance(build(site, formats), Retouched)
    subprocess.run(["git", "rm", "-q", "--cached", "b.md"], cwd=site / "content", check=True)
    edit(site, "a.md", "Uno", "Eins")
    assert isinstance(build(site, formats), Result)


def test_a_graph_that_is_still_encoded_gives_the_same_answers(site: Path) -> None:
    found = saved_graph.load_encoded(State.of(site / "out"), b"", object)
    assert not isinstance(found, saved_graph.Miss)
    saved, _watched = found
    graph = decoded(saved)
    names = {name for node in graph.nodes.values() for name in (*node.names, node.iri, *node.former)}
    for name in (*names, "a.md", "content/b.md:3", "ADA LOVELACE", "Second", "lov", "nothing of the kind"):
        assert find(saved, name, root="content/") == find(graph, name, root="content/"), name
    for iri in graph.nodes:
        assert portrait(saved, iri) == portrait(graph, iri)
    with pytest.raises(KeyError):
        portrait(saved, saved_graph.IRI("https://nothing.example/"))
