"""Fields that are misspelt (KG404): rare, one key away from a frequent one, and in its place."""

from pathlib import Path

import pytest

from kg.checks.field_names import misspelt_fields
from kg.config import Config, FieldEntry
from kg.reading.posts import Reader
from tests.folders import put


def told(folder: Path, often: str, slips: list[str], config: Config | None = None) -> list[tuple[str, int, int, str]]:
    """What is told of a folder in which 40 posts have some fields, and some posts others."""
    config = config or Config()
    texts = {f"{number:02}.md": f"---\n{often}\n---\n" for number in range(40)}
    texts |= {f"slip{number}.md": f"---\n{slip}\n---\n" for number, slip in enumerate(slips)}
    put(folder, texts)
    reader = Reader(folder, config)
    posts = [post for name, text in sorted(texts.items()) if (post := reader.parse(name, text.encode())[0])]
    return [(d.path, d.line, d.column, d.message) for d in misspelt_fields(folder, posts, config)]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("description", "decription"), ("author", "auhtor"), ("categories", "catagories"), ("title", "tittle"),
        ("description", "descritpion"), ("keywords", "keeywords"), ("publishDate", "pusblishdate"),
        ("baseline", "baeline"),
    ],
)  # fmt: skip
def test_a_slip_of_one_key(right: str, wrong: str, tmp_path: Path) -> None:
    found = told(tmp_path, f"x: y\n{right}: a", [f"x: z\n{wrong}:\n  - b"])
    assert found == [("slip0.md", 3, 1, f"{wrong!r} is near {right!r}, a field of 40 posts; write that")]


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("date", "data"), ("tags", "tag"), ("topics", "topic"), ("covers", "cover"), ("image", "images"),
        ("title", "titel"), ("title", "titre"), ("featured", "feature"), ("updated", "update"), ("author", "autor"),
        ("project", "projet"), ("cover_image", "coverImage"), ("status", "stats"), ("locale", "local"),
        ("pos1x", "pos2x"), ("speaker", "speakers"),
    ],
)  # fmt: skip
def test_another_word_is_no_slip(right: str, other: str, tmp_path: Path) -> None:
    assert told(tmp_path, f"{right}: a", [f"{other}: b"]) == []


def test_a_field_beside_the_one_it_is_near_and_one_of_many_posts_are_meant(tmp_path: Path) -> None:
    assert told(tmp_path, "description: a", ["decription: b\ndescription: c"]) == []
    assert told(tmp_path, "description: a", ["decription: b"] * 3) == []
    assert len(told(tmp_path, "description: a", ["decription: b"] * 2)) == 2
    config = Config(fields={"decription": FieldEntry(predicate="kg:x")})
    assert told(tmp_path, "description: a", ["decription: b"], config) == []
