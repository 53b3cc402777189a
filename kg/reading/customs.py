"""How the tool that a folder was written for takes front matter and names of files."""

from pathlib import Path

from kg.model import DateOrder
from kg.reading.ecosystems import VAULTS, in_logseq
from kg.reading.meaning.interpretation import Habits
from kg.reading.meaning.one_string import SPACED
from kg.reading.site import Site
from kg.reading.unclosed import NO_BODY, TEXT_BEHIND
from kg.reading.values import Problem
from kg.reading.yaml.faults import TAB_BEFORE_ITEM
from kg.text.filenames import INDEX_NAMES, SUFFIX, FileName

_OF_PELICAN = ("multimarkdown", "restructuredtext")
_ONE_AUTHOR = frozenset({"astro", "docusaurus", "eleventy", "hugo", "jekyll", "pelican", "quarto", "zola"})
"""Tools for which `author: Lovelace, Ada` is one author."""
_MONTH_FIRST = frozenset({"astro", "docusaurus", "quarto"})
"""Tools that read `1/5/2023` as JavaScript does, or say so (https://quarto.org/docs/reference/dates.html)."""
_LISTED = frozenset({"logseq", "middleman", "nikola", "pelican", "quartz", "wikijs"})
"""Tools whose lists are strings with commas."""
_NO_YAML = frozenset({"pelican", "wikijs"})
"""Tools that take the rest of a line for a value between fences as well
(https://python-markdown.github.io/extensions/meta_data/)."""
_UNQUOTED = (
    "an unquoted value holds ': '; quote",
    "a value that begins with",
    "a value cannot begin",
    "no '---' opens this front matter",
    "a line break is missing",
)
"""What is said of such values."""
_YAML_1_2 = frozenset({
    "astro", "dendron", "docusaurus", "eleventy", "foam", "gatsby", "hexo", "hugo", "nextjs", "nuxt", "obsidian",
    "quartz", "starlight", "vitepress", "vuepress", "zola",
})  # fmt: skip
"""Tools to which `no` is a word (https://yaml.org/spec/1.2.2/#10212-boolean)."""
_GRAY_MATTER = frozenset({"docusaurus", "eleventy", "gatsby", "quartz", "vitepress", "vuepress"})
"""Tools whose reader of YAML takes a tab before an item for a blank (js-yaml 3, below https://github.com/jonschlinkert/gray-matter)."""
_HTML = frozenset({"jekyll", "mkdocs", "pelican"})
"""Tools whose templates put text into pages as it is."""
_CALLED_AFTER_FILES = frozenset({"obsidian", "quartz"})
"""Tools that show the name of a file where it has no `title`."""
_MAY_SPLIT = VAULTS | {"jekyll"}
"""Tools that split tags at blanks, always or in some of their versions."""
_NESTING = frozenset({"bear", "foam", "obsidian", "quartz"})
"""Tools to which `a/b` is a tag within `a` (https://help.obsidian.md/tags#Nested+tags)."""


class Customs:
    """Those of one folder."""

    def __init__(self, content: Path, site: Site, dates: DateOrder) -> None:
        """Args: the folder, its site, and the order of day and month in the settings."""
        self.tool = site.tool
        self.hexo = site.tool == "hexo"
        self.logseq = in_logseq(content)
        self.nests_tags = site.tool in _NESTING
        self._dates: DateOrder = dates or site.notation.dates or ("month-first" if site.tool in _MONTH_FIRST else "")

    def habits(self, path: str, name: FileName, dialect: str) -> Habits:
        """How the values of a post are understood."""
        return Habits(
            one_author=dialect in _OF_PELICAN or self.tool in _ONE_AUTHOR or (name.jekyll and not self.hexo),
            spaced=self._spaced(path, name),
            listed=self.tool in _LISTED or dialect in ("notion", *_OF_PELICAN),
            whole=bool(self.tool) and self.tool not in _MAY_SPLIT,
            nested=self.hexo,
            dates=self._dates,
            today=self.tool == "quarto",
            words=self.tool in _YAML_1_2,
            html=self.tool in _HTML or (name.jekyll and not self.hexo),
        )

    def _spaced(self, path: str, name: FileName) -> frozenset[str]:
        """See `Habits.spaced`; posts of Jekyll lie in collections, too (https://jekyllrb.com/docs/collections/)."""
        if self.tool == "foam":
            return frozenset({"tags"})
        collected = self.tool == "jekyll" and any(folder.startswith("_") for folder in path.split("/")[:-1])
        return SPACED if (name.jekyll or collected) and not self.hexo else frozenset()

    def is_called_after_file(self, path: str, name: FileName) -> bool:
        """Whether the tool shows the name of the file, whatever the headings are, and it says more than a number."""
        if self.logseq:
            return True
        stem = SUFFIX.sub("", path.rpartition("/")[2]).lower()
        says = stem not in INDEX_NAMES and any(map(str.isalpha, name.title))
        return says and self.tool in _CALLED_AFTER_FILES

    def is_text(self, dialect: str) -> bool:
        """Whether the tool takes lines of `Key: value` above a body for text, of which faults are none."""
        return dialect == _OF_PELICAN[0] and self.tool in VAULTS

    def is_usual(self, problem: Problem, dialect: str) -> bool:
        """Whether a problem is none to the tool, which has its own way to write metadata, or titles."""
        if problem.code == "KG117":
            return bool(self.tool)
        if problem.message == TAB_BEFORE_ITEM:
            return self.tool in _GRAY_MATTER
        if problem.message == NO_BODY.format("---"):
            return self.tool in _GRAY_MATTER
        if problem.message == TEXT_BEHIND.format("---"):
            return self.tool in _GRAY_MATTER or self.tool == "hugo"
        return self.is_text(dialect) or (self.tool in _NO_YAML and problem.message.startswith(_UNQUOTED))
