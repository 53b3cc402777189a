"""The address of a site that no settings tell, by how its posts link to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.pipeline.build import update
from kg.reading.folder import look
from tests.folders import edges, read

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [f"on-engines-{letter}" for letter in "abcdefgh"]
FEW, ENOUGH = NAMES[:4], NAMES[:5]


def posts(address: str, linked: list[str] = ENOUGH, *, others: int = 0) -> dict[str, str]:
    """Posts each of which links to the one before it, if that is among `linked`, and some to pages of other names."""
    linking = [(name, before) for before, name in zip(["", *NAMES], [*NAMES, "the-last-post"], strict=True)]
    texts = {
        f"{name}.md": f"[x]({address.format(before)})\n" if before in linked else "x\n" for name, before in linking
    }
    more = "".join(f"[y]({address.format(f'of-another-{number}')})\n" for number in range(others))
    return {**texts, "more.md": more or "x\n"}


def addresses(folder: Path) -> tuple[str, ...]:
    return tuple(each for each in look(folder, Config()).site.addresses if not each.startswith("www."))


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://me.example/{}/", "me.example"),
        ("http://www.ME.example/{}.html#top", "me.example"),
        ("https://me.example/blog/{}/index.html?from=feed", "me.example"),
        ("https://me.example:8080/{}", "me.example:8080"),
        ("https://dev.to/ada/{}", "dev.to/ada"),
        ("https://zenn.dev/ada/articles/{}", "zenn.dev/ada"),
        ("https://college.example/~ada/{}", "college.example/~ada"),
    ],
)
def test_links_between_posts_tell_the_address(address: str, own: str, tmp_path: Path) -> None:
    found = edges(read(tmp_path, posts(address)))
    assert addresses(tmp_path) == (own,)
    assert found == {(name, before) for before, name in zip(ENOUGH, NAMES[1:6], strict=True)}


def test_names_have_no_dates_in_addresses_and_no_index(tmp_path: Path) -> None:
    texts = list(posts("https://me.example/2020/05/{}/").values())
    files = {
        f"posts/2020-05-0{day}-{name}/index.md": text
        for day, (name, text) in enumerate(zip(NAMES, texts[:8], strict=True), 1)
    }
    assert len(edges(read(tmp_path, files))) == len(ENOUGH)


@pytest.mark.parametrize(
    "files",
    [
        posts("https://me.example/{}/", FEW),
        posts("https://other.example/{}/", others=len(ENOUGH) + 1),
        posts("https://github.com/ada/blog/blob/main/{}"),
        posts("https://github.com/ada/blog/blob/main/{}.md"),
        posts("https://host.example/ada/{}.md"),
        posts("https://host.example/{}.png"),
        posts("https://en.wikipedia.org/wiki/{}"),
        posts("https://web.archive.org/web/2020/{}"),
        {name.replace("on-engines-", "engines"): text.replace("on-engines-", "engines")
         for name, text in posts("https://me.example/{}").items()},
        {f"{name}.md": f"[x](https://problems.example/{name})\n" for name in NAMES},
        {**{f"{name}.md": f"[x](https://problems.example/{name})\n" for name in NAMES},
         **{f"list{number}.md": "".join(f"<https://problems.example/{name}>\n" for name in NAMES) for number in "123"}},
        {**{f"{name}.md": "x\n" for name in NAMES},
         "list.md": "".join(f"<https://manual.example/{name}>\n" for name in NAMES)},
    ],
    ids=["too few", "another blog with names alike", "code", "source", "source elsewhere", "pictures", "encyclopaedia",
         "archive", "single words", "things with notes on them", "lists of such things", "one list"],
)  # fmt: skip
def test_other_addresses_are_not_its_own(files: dict[str, str], tmp_path: Path) -> None:
    assert edges(read(tmp_path, files)) == set()
    assert addresses(tmp_path) == ()


def test_half_of_the_addresses_are_enough(tmp_path: Path) -> None:
    read(tmp_path, posts("https://me.example/{}/", others=len(ENOUGH)))
    assert addresses(tmp_path) == ("me.example",)


def test_what_the_settings_say_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("kg.reading.own_addresses.beginnings")
    files = {**posts("https://old.example/{}/"), "CNAME": "me.example\n"}
    assert edges(read(tmp_path, files)) == set()
    assert addresses(tmp_path) == ("me.example",)


def test_a_link_that_tips_the_balance_is_read_as_from_the_beginning(tmp_path: Path) -> None:
    """The other posts have not changed, and are read again all the same."""
    content, warm, config = tmp_path / "posts", tmp_path / "warm", Config(formats=("ttl",))
    read(content, posts("https://me.example/{}/", FEW))
    for linked in (FEW, ENOUGH, FEW):
        for name, text in posts("https://me.example/{}/", linked).items():
            if (content / name).read_text("utf-8") != text:
                (content / name).write_text(text, "utf-8")
        update(content, warm, config=config)
        cold = tmp_path / f"cold{len(list(tmp_path.iterdir()))}"
        update(content, cold, config=config)
        told = (warm / "graph.ttl").read_bytes()
        assert told == (cold / "graph.ttl").read_bytes()
        assert told.count(b"kg:linksTo post:") == len(ENOUGH) * (linked == ENOUGH)
