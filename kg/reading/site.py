"""What is known of the site that a folder of posts belongs to, apart from the posts."""

import re

from kg.model import DateOrder, Record
from kg.reading import foreign


class Notation(Record, frozen=True):
    """How the posts of a site are written."""

    tags: bool = False
    """Whether `#word` in a body is a tag."""
    fields: bool = False
    """Whether `key:: value` in a body is a field."""
    dates: DateOrder = ""
    """See `kg.reading.day_order`."""
    journal: str = ""
    """The form of the day in names of Logseq's journal pages, such as `MMM do, yyyy`; "" for its default."""
    titled: bool = False
    """Whether addresses end in what Hugo makes of the title, where a post has no slug."""
    labels: tuple[tuple[str, str, str], ...] = ()
    """Folder, key and label of each tag, from `tags.yml` of Docusaurus, which counts for the posts of its folder."""
    taxonomies: tuple[str, ...] = ()
    """The fields that Hugo or Zola makes lists of pages by, as the settings call them."""


class Beside(Record, frozen=True):
    """What a site has that is no post, and that links may lead to; paths are relative to CONTENT."""

    pages: tuple[str, ...] = ()
    """Folders, and files other than posts, that the site makes pages of."""
    unread: tuple[str, ...] = ()
    """Files that are called like posts and not read: in hidden folders, in those of others, templates."""
    made: tuple[str, ...] = ()
    """Pages that a program makes, or that come from elsewhere: git ignores them, or `nav` of MkDocs names them."""
    generates: bool = False
    """Whether plugins make pages, nobody knows which."""
    org_pages: tuple[str, ...] = ()
    """Names of the pages of a graph of Logseq that are written in Org, case-folded."""


class Site(Record, frozen=True):
    """A site."""

    tool: str = ""
    """A key of `kg.reading.ecosystems.ECOSYSTEMS`, or ""."""
    notes: bool = False
    """Whether it is a folder of notes, as `kg.reading.ecosystems.holds_notes` tells."""
    addresses: tuple[str, ...] = ()
    """Where it is published, without `https://` and without a slash at the end: `me.example/blog`."""
    language: str = ""
    """The language of pages that are not translated, as the site spells it, or ""."""
    folders: tuple[str, ...] = ()
    """What a path from the root of the repository to CONTENT may be: `docs`, `website/docs`."""
    roots: tuple[str, ...] = ()
    """The folders below CONTENT that alone hold the site's pages, if its tool lies in CONTENT and has such."""
    papers: tuple[str, ...] = ()
    """Folders below CONTENT that hold no posts, where `roots` do not tell: see `kg.reading.papers`."""
    home: str = ""
    """The folder of CONTENT in which the whole site lies, as `site/`; "" if that is CONTENT or a folder around it."""
    notation: Notation = Notation()
    beside: Beside = Beside()

    def elsewhere(self) -> re.Pattern[str]:
        """Matches paths of files that are no pages: those outside of `roots`, `papers`, of themes, and templates."""
        outside = rf"|(?!(?:{'|'.join(map(re.escape, self.roots))})/)" if self.roots else ""
        outside += rf"|(?:{'|'.join(map(re.escape, self.papers))})/" if self.papers else ""
        others = rf"|{foreign.UNASKED.pattern}" if self.tool else ""
        return re.compile(rf"(?:.*[/\d\s._-])?templates?(?:/|\.[^/]*\Z){others}{outside}", re.IGNORECASE)

    def own(self) -> re.Pattern[str] | None:
        """A pattern for the beginning of absolute addresses of the site; None if its address is unknown."""
        if not self.addresses:
            return None
        hosts = "|".join(map(re.escape, sorted(self.addresses, key=len, reverse=True)))
        return re.compile(rf"(?:https?:)?//(?:{hosts})(?=[/?#]|\Z)", re.IGNORECASE)

    def paths(self) -> tuple[str, ...]:
        """The paths that all of its addresses begin with: `blog` for a site at `me.example/blog`."""
        paths = (address.partition("/")[2] for address in self.addresses)
        return tuple(dict.fromkeys(path.casefold() for path in paths if path))
