"""Text is tagged with the language that is declared for it, and never with one that its letters do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.pipeline.build import build
from kg.reading.folder_languages import language_of as language_of_folder
from kg.reading.folder_languages import languages_of_folders
from kg.reading.site_language import declared
from kg.text.languages import language_of, preferred

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("Les données", "fr", "fr"),
        ("Os dados", "pt-BR", "pt-BR"),
        ("資料", "zh-Hant", "zh-Hant"),
        ("Plain words", "", ""),
        ("Plain words", "zh", ""),
        ("Plain words", "ru", ""),
        ("Beograd", "sr-Latn", "sr-Latn"),
        ("Београд", "sr", "sr"),
        ("Привет", "", ""),
        ("Привет", "en", ""),
        ("Привет", "uk", "uk"),
        ("東京", "ja", "ja"),
        ("東京タワー", "", "ja"),
        ("東京タワー", "zh", "ja"),
        ("서울", "en-GB", "ko"),
        ("知识", "fr", "zh"),
        ("知识", "", "zh"),
        ("שלום", "", "he"),
        ("1984", "de", "de"),
        ("1984", "", ""),
    ],
)
def test_language_of_a_text(text: str, own: str, expected: str) -> None:
    assert language_of(text, own) == expected


def test_text_in_latin_letters_is_in_a_language_where_the_settings_say_so() -> None:
    assert language_of("Nvidia", "zh", latin="en") == "en"
    assert language_of("Nvidia", "fr", latin="en") == "fr"
    assert language_of("英伟达", "zh", latin="en") == "zh"


def test_a_preferred_language_takes_names_of_none_in_its_letters() -> None:
    assert preferred({"zh": "英伟达", "": "Nvidia"}, "en") == "Nvidia"
    assert preferred({"zh": "英伟达", "": "Nvidia"}, "zh") == "英伟达"
    assert preferred({"fr": "Londres", "": "London", "en": "London"}, "fr") == "Londres"
    assert preferred({"": "Nvidia"}, "zh") == ""
    assert preferred({"": "Nvidia"}, "") == ""


def _labels(folder: Path, posts: dict[str, str], config: Config | None = None) -> dict[str, set[tuple[str, str]]]:
    for name, text in posts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    graph = build(folder, config=config or Config()).knowledge_graph
    return {node.label: {(text.value, text.language) for text in node.labels} for node in graph.nodes.values()}


def test_names_are_in_the_language_of_the_posts_that_agree_on_one(tmp_path: Path) -> None:
    labels = _labels(
        tmp_path,
        {
            "a.md": "---\ntitle: Les données\nlang: fr\ntags: [été, web, 2024]\n---\n",
            "b.md": "---\ntitle: Plain words\ntags: [web, house]\n---\n",
            "c.md": "---\ntitle: Os dados\nlanguage: pt_BR\ntags: [web]\n---\n",
            "d.md": "---\ntitle: 東京の話\ntags: [東京, Tokyo]\n---\n東京についてのはなしです。\n",
            "e.md": "---\ntitle: 数据\ntags: [知识]\n---\n中文。\n",
        },
    )
    assert labels == {
        "Les données": {("Les données", "fr")},
        "Plain words": {("Plain words", "")},
        "Os dados": {("Os dados", "pt-BR")},
        "東京の話": {("東京の話", "ja")},
        "数据": {("数据", "zh")},
        "été": {("été", "fr")},
        "web": {("web", "")},
        "2024": {("2024", "")},
        "house": {("house", "")},
        "東京": {("東京", "ja")},
        "Tokyo": {("Tokyo", "")},
        "知识": {("知识", "zh")},
    }


def test_a_language_in_the_settings_holds_for_posts_without_one(tmp_path: Path) -> None:
    posts = {"a.md": "---\ntitle: Os dados\ntags: [casa]\n---\n", "b.md": "---\ntitle: 数据\n---\n"}
    labels = _labels(tmp_path, posts, Config(language="pt-BR"))
    assert labels == {"Os dados": {("Os dados", "pt-BR")}, "casa": {("casa", "pt-BR")}, "数据": {("数据", "zh")}}


def test_a_folder_declares_a_language_for_its_posts(tmp_path: Path) -> None:
    labels = _labels(
        tmp_path,
        {
            ".eleventy.js": "",
            "fr/fr.json": '{"lang": "fr-CA"}',
            "fr/a.md": "---\ntitle: Bonjour\n---\n",
            "b.md": "---\ntitle: Hello\n---\n",
        },
    )
    assert labels == {"Bonjour": {("Bonjour", "fr-CA")}, "Hello": {("Hello", "")}}


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("hugo.toml", "title = 'x'\nlanguageCode = 'pt-br'\n", "pt-BR"),
        ("config.toml", "languageCode = 'en-us'\ndefaultContentLanguage = 'fr'\n[languages.fr]\n", "fr"),
        ("hugo.yaml", "languageCode: zh-Hant\ndefaultContentLanguage: zh\n", "zh-Hant"),
        ("_config.yml", "title: x\nlang: de # of all\n", "de"),
        ("_config.yml", "title: Hexo\nlanguage:\n  - zh-TW\n  - en\n", "zh-TW"),
        ("_config.yml", "highlighter: rouge\nlanguage: python\n", ""),
        ("mkdocs.yml", "theme:\n  name: material\n  language: it\n", "it"),
        ("pelicanconf.py", "DEFAULT_LANG = 'nl'\n", "nl"),
        (
            "docusaurus.config.js",
            "module.exports = {i18n: {\n  defaultLocale: 'pl',\n  locales: ['pl', 'en']}};\n",
            "pl",
        ),
        ("zola.toml", 'default_language = "es"\n', "es"),
        (
            "mkdocs.yml",
            "markdown_extensions:\n  - highlight:\n      langs:\n        - name: php\n          lang: php\n",
            "",
        ),
        ("mkdocs.yml", "extra:\n  alternate:\n    - lang: de\ntheme: {name: material, language: fr}\nnav: []\n", "fr"),
        ("mkdocs.yml", "theme:\n  name: readthedocs\n\n  locale: fr\nplugins:\n  - search:\n      lang: de\n", "fr"),
        ("mkdocs.yml", "plugins:\n- i18n:\n    default_language: fr\n", "fr"),
        ("_config.yml", "compress:\n  lang: php\nsphinx:\n  config:\n    language: fr\n", "fr"),
        ("_config.yml", "algolia:\n  locale: de\n", ""),
        ("book.toml", "[preprocessor.x]\nlanguage = 'de'\n\n[book]\nlanguage = 'fr'\n", "fr"),
        ("pelicanconf.py", "DEFAULT_LANG = u'fr'\n", "fr"),
        (
            "gatsby-config.js",
            "module.exports = {\n  siteMetadata: {\n    title: 'x',\n  },\n  plugins: [{lang: 'de'}]}\n",
            "",
        ),
        ("gatsby-config.js", "module.exports = {\n  siteMetadata: {\n    lang: 'fr',\n  },\n  plugins: []}\n", "fr"),
        ("conf.py", "extensions = []\nlanguage = 'fr'\n", "fr"),
        ("other.yml", "lang: de\n", ""),
    ],
)
def test_a_site_declares_its_language_in_the_settings_of_its_tool(
    tmp_path: Path, name: str, text: str, language: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    content = tmp_path / "content"
    content.mkdir()
    assert declared(content, "").language == language
    assert _labels(content, {"a.md": "---\ntitle: Abc\n---\n"}) == {
        "Abc": {("Abc", "" if language[:2] == "zh" else language)}
    }


def test_folders_called_after_languages_declare_them_where_there_are_translations(tmp_path: Path) -> None:
    assert languages_of_folders(tmp_path, ["a.md", "fr/a.md"]) == {"fr": "fr"}
    assert languages_of_folders(tmp_path, ["a.md", "it/cables.md"]) == {}
    found = languages_of_folders(tmp_path, ["docs/de/x.md", "docs/pt-BR/y/z.md", "docs/w.md", "no/b.md"])
    assert found == {"docs/de": "de", "docs/pt-BR": "pt-BR"}
    assert language_of_folder("docs/pt-BR/y/z.md", found) == "pt-BR"
    assert not language_of_folder("docs/w.md", found)
    for name in ("en", "fr"):
        (tmp_path / name).mkdir()
    assert languages_of_folders(tmp_path / "fr", ["a.md"]) == {"": "fr"}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["hr/holidays.md", "it/laptops.md"], {}),
        (["hr/index.md", "it/index.md", "it/laptops.md"], {}),
        (["team/ta/index.md", "team/index.md"], {}),
        (["data/GA/run.md", "data/GU/run.md"], {}),
        (["data/da-tt/run.md", "data/da-wt/run.md"], {}),
        (["elk/ES/setup.md", "elk/README.md"], {}),
        (["de/a.md", "it/a.md", "it/index.md"], {"de": "de", "it": "it"}),
        (["fr/a.md", "fr/b.md", "a.md", "index.md"], {"fr": "fr"}),
        (["fr/a.md", "fr/b.md", "fr/c.md", "a.md"], {}),
        (["EN/a.md", "FR/b.md"], {"EN": "en", "FR": "fr"}),
        (["i18n/fr/a.md"], {"i18n/fr": "fr"}),
    ],
)
def test_folders_that_may_be_topics_are_no_languages(
    tmp_path: Path, paths: list[str], expected: dict[str, str]
) -> None:
    assert languages_of_folders(tmp_path, paths) == expected


def test_folders_beside_that_of_the_sites_language_are_languages(tmp_path: Path) -> None:
    assert languages_of_folders(tmp_path, ["hr/a.md", "it/b.md"], "it-IT") == {"hr": "hr", "it": "it"}
    for name in ("hr", "it"):
        (tmp_path / name).mkdir()
    assert languages_of_folders(tmp_path / "hr", ["a.md"]) == {}
    assert languages_of_folders(tmp_path / "hr", ["a.md"], "it") == {"": "hr"}
    for name in ("hr", "it"):
        (tmp_path / name / "a.md").touch()
    assert languages_of_folders(tmp_path / "hr", ["a.md"]) == {"": "hr"}
