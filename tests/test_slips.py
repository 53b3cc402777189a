"""A finding is a slip where it is rare, and a habit where many posts share it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from kg.config import Config
from kg.diagnostics import diagnose, habits
from kg.model import IRI, Attribute, Diagnostic, Link, Post
from kg.namespaces import KG
from kg.pipeline.build import update
from kg.reading.site import Site


def folder(number: int, *links: str) -> list[Post]:
    field = Attribute(IRI(KG + "x"), "value", field="tags")
    linked = tuple(Link(target, "markdown", "", 1, 1) for target in links)
    return [
        Post(f"{n}.md", str(n), "", "", draft=False, dialect="yaml", attributes=(field,), links=linked)
        for n in range(number)
    ]


def found(code: str, message: str, number: int) -> list[Diagnostic]:
    return [diagnose(f"{n}.md", 1, 1, code, message.format(n)) for n in range(number)]


def severities(findings: list[Diagnostic], posts: list[Post], **severity: str) -> list[str]:
    return [d.severity for d in habits.without(findings, habits.habits(findings, posts, severity))]


STRING = "tags: one string is read as 2 names: 'x', '{}'; write a YAML list"
COLON = "an unquoted value holds ': '; quote the value"


@pytest.mark.parametrize(
    ("code", "message", "number", "posts", "expected"),
    [
        ("KG114", STRING, 2, 20, "warning"),  # rare: the others show that it is a slip
        ("KG114", STRING, 3, 20, "note"),
        ("KG114", STRING, 5, 60, "warning"),  # rare
        ("KG114", STRING, 11, 600, "note"),  # rare, but many
        ("KG114", STRING, 5, 5, "warning"),  # so few posts have no habits
        ("KG114", "other: one string is read as 2 names", 5, 60, "warning"),  # a field that no post has
        (
            "KG201",
            "slug: 'x' is also claimed by {}.md; they are kept apart",
            30,
            600,
            "warning",
        ),  # each is lost to readers
        ("KG401", "state: 'dune' is near 'done', which 90 posts have", 6, 100, "note"),
        ("KG401", "state: 'dune' is near 'done', which 90 posts have", 6, 200, "warning"),
        ("KG004", "only white space", 2, 100, "warning"),
        ("KG004", "only white space", 3, 100, "note"),  # still to be written
        ("KG102", "'x' already stands in line 1; this one counts, the first is left out", 20, 20, "warning"),  # lost
    ],
)
def test_a_slip_is_rare(code: str, message: str, number: int, posts: int, expected: str) -> None:
    assert set(severities(found(code, message, number), folder(posts))) == {expected}


def test_the_first_error_of_a_habit_tells_of_all() -> None:
    assert severities(found("KG101", COLON, 6), folder(20)) == ["error", *["note"] * 5]
    assert set(severities(found("KG101", COLON + "; lines 1 to 2 are left out", 6), folder(20))) == {"error"}


def test_faults_of_yaml_of_any_kind_are_one_habit() -> None:
    faults = [*found("KG101", COLON, 4), *found("KG116", "a blank must follow the ':'", 8)[4:]]
    assert severities(faults, folder(50)) == ["error", *["note"] * 7]
    assert set(severities(faults, folder(90))) == {"error"}  # fewer than one in ten


def test_a_severity_that_the_user_chose_stays() -> None:
    assert set(severities(found("KG114", STRING, 6), folder(20), KG114="warning")) == {"warning"}


def test_many_links_to_one_lost_page_are_one_slip() -> None:
    posts = folder(20, "x.md")
    assert set(severities(found("KG301", "'x.md' leads to no post", 20), posts)) == {"warning"}
    assert set(severities(found("KG301", "'x{}.md' leads to no post", 20), posts)) == {"note"}


def test_dead_links_in_many_posts_are_pages_to_be_written() -> None:
    posts = folder(40, *["../y.md"] * 9)
    assert set(severities(found("KG301", "'../x{}.md' leads to no post", 10), posts)) == {"warning"}
    assert set(severities(found("KG301", "'../x{}.md' leads to no post", 11), posts)) == {"note"}
    assert set(severities(found("KG301", "'../x{}.md' leads to no post", 11), [*posts, *folder(200, "../y.md")])) == {
        "warning"
    }


def test_of_torn_front_matter_one_fault_tells_of_all() -> None:
    torn = [
        diagnose("0.md", line, 1, "KG116", "front matter must be 'key: value' lines; left out") for line in range(5)
    ]
    assert severities(torn, folder(2)) == ["error", *["note"] * 4]
    assert set(severities(torn[:4], folder(2))) == {"error"}


def test_what_is_no_page_of_the_site_need_not_be_mended() -> None:
    pages = Site(tool="hugo", roots=("content",)).elsewhere()
    lost = [diagnose(f"{place}.md", 1, 1, "KG115", "no second '---'; read as body") for place in ("content/a", "old/a")]
    told = habits.without(lost, habits.habits(lost, folder(2), (), pages))
    assert [(d.path, d.severity) for d in told] == [("content/a.md", "error"), ("old/a.md", "note")]
    told = habits.without(lost, habits.habits(lost, folder(2), ["KG115"], pages))
    assert {d.severity for d in told} == {"error"}, "the user says how bad it is"
    tested = [Site(tool=tool).elsewhere().match("spec/fixtures/x.md") for tool in ("", "middleman")]
    assert list(map(bool, tested)) == [False, True]
    template = Site().elsewhere()
    yes = ["templates/a.md", "x/_templates/a.md", "docs/adr-template.md", "a/Template.md", "01 Templates/a.md"]
    assert [bool(template.match(path)) for path in (*yes, "contemplate.md", "templated/a.md")] == [True] * 5 + [
        False
    ] * 2


def test_empty_files_among_posts_without_front_matter_are_to_be_written() -> None:
    plain = [replace(post, dialect="none") for post in folder(20)]
    assert severities(found("KG004", "only white space", 1), folder(20)) == ["warning"]
    assert severities(found("KG004", "only white space", 1), plain) == ["note"]


def test_a_post_of_which_most_links_are_dead_comes_from_elsewhere() -> None:
    dead = [diagnose("0.md", n, 1, "KG301", f"'{n}.md' leads to no post") for n in range(6)]
    posts = folder(20, *(f"{n}.md" for n in range(10)))
    assert set(severities(dead, posts)) == {"note"}
    assert set(severities(dead[:5], posts)) == {"warning"}, "half of them lead somewhere"


def test_an_edit_that_makes_or_ends_a_habit_is_seen_by_the_next_build(tmp_path: Path) -> None:
    content, config = tmp_path / "content", Config(formats=("nt",))
    content.mkdir()

    def write(number: int, tags: str) -> None:
        (content / f"{number}.md").write_text(f"---\ntitle: Post {number}\ntags: {tags}\n---\nWords.\n", "utf-8")

    for number in range(20):
        write(number, "one, two" if number < 2 else "[one, two]")
    for number, tags in ((0, "one, two"), (4, "one, two"), (5, "one, two"), (4, "[one, two]"), (5, "[one, two]")):
        write(number, tags)
        warm = update(content, tmp_path / "out", config=config, whole=False)[0]
        cold = update(content, tmp_path / f"cold{number}{len(tags)}", config=config)[0]
        assert warm.shown == cold.shown
        assert {d.severity for d in warm.shown if d.code == "KG114"} == {
            "note" if len(warm.diagnostics) > 2 else "warning"
        }
