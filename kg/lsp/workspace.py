"""The folder whose posts are edited, as the server knows it."""

from collections.abc import Iterable
from pathlib import Path

from kg import checks
from kg.config import Config
from kg.diagnostics import diagnose, in_order, weigh
from kg.fields import plain_key, table
from kg.lsp.known_names import Completion, KnownNames
from kg.model import Diagnostic, Mention, Post
from kg.pipeline.build import build
from kg.reading.folder import look
from kg.reading.posts import Reader
from kg.state import STATE, State
from kg.text.wording import counted


class Workspace:
    """A folder of posts, as of the last look."""

    def __init__(self, content: Path, config: Config, output: Path | None = None) -> None:
        """Read all posts.

        Args:
            content: the folder of posts.
            config: the settings.
            output: the OUTPUT of an earlier build, so that posts that have not changed need not be read again.

        Raises:
            KgError: as `kg.pipeline.build.build`.
        """
        self._content = content.resolve()
        self._config = config
        self._output = output
        self._fields = table(config)
        self._near: dict[tuple[str, str], Completion] = {}
        """(Kind, name) that was new when it was typed → the known one near it; saving does not make it right."""
        self.refresh()

    def refresh(self) -> None:
        """Look at the folder again.

        Raises:
            KgError: as `kg.pipeline.build.build`.
        """
        result = build(self._content, config=self._config, reuse=self._output)
        names = KnownNames(result.knowledge_graph)
        state = State.of(self._output, writes=self._output is not None and (self._output / STATE).is_dir())
        site = look(self._content, self._config).site
        inputs = result.posts, result.knowledge_graph, result.diagnostics
        found = checks.run(self._content, *inputs, self._config, state, site.elsewhere())
        # Put in place together: another thread may be asking.
        self._posts, self.names, self._found = {post.path: post for post in result.posts}, names, found
        self._site = site

    def path_of(self, file: Path) -> str:
        """The path of a post relative to CONTENT; "" for a file elsewhere."""
        file = file.resolve()
        return file.relative_to(self._content).as_posix() if file.is_relative_to(self._content) else ""

    def kind_of(self, field: str) -> str:
        """The kind of thing that a field names; "" for text, dates and fields of the user's own."""
        row = self._fields.get(plain_key(field))
        return row.kind if row else ""

    def saved(self, path: str) -> list[Diagnostic]:
        """The findings of `kg check` in a post as it was saved, and hints about names that were new."""
        found = [diagnostic for diagnostic in self._found if diagnostic.path == path]
        post = self._posts.get(path)
        return in_order([*found, *self._hints(path, post.mentions if post else (), new=False)])

    def edited(self, path: str, text: str) -> list[Diagnostic]:
        """The diagnostics of a post as it is in the editor, and hints about its new names."""
        post, faults = self._parse(path, text)
        if post is None:
            return list(faults)
        saved = self._posts.get(path)
        known = {mention.name for mention in saved.mentions} if saved else set()
        new = [mention for mention in post.mentions if mention.name not in known]
        old = [mention for mention in post.mentions if mention.name in known]
        hints = [*self._hints(path, new, new=True), *self._hints(path, old, new=False)]
        return in_order([*weigh([*faults, *post.diagnostics], self._config.severity), *hints])

    def mention_at(self, path: str, text: str, line: int, column: int) -> Completion | None:
        """The thing that is named at a place; line and column are counted from 1."""
        post, _faults = self._parse(path, text)
        for mention in post.mentions if post else ():
            if mention.line == line and mention.column <= column <= mention.column + len(mention.name):
                return self.names.named(mention.name, [mention.kind])
        return None

    def posts_that_name(self, offer: Completion) -> list[Post]:
        """The posts that name a thing, the newest first."""
        names = frozenset(offer.node.names)
        found = [post for post in self._posts.values() if any(mention.name in names for mention in post.mentions)]
        return sorted(found, key=lambda post: (post.date, post.path), reverse=True)

    def _parse(self, path: str, text: str) -> tuple[Post | None, tuple[Diagnostic, ...]]:
        return Reader(self._content, self._config, site=self._site).parse(path, text.encode("utf-8", "surrogatepass"))

    def _hints(self, path: str, mentions: Iterable[Mention], *, new: bool) -> tuple[Diagnostic, ...]:
        """Hints about names near known ones, if they are new or were when they were typed."""
        hints = []
        for mention in mentions:
            key = mention.kind, mention.name
            near = self._near.get(key) or (self.names.near(mention.name, [mention.kind]) if new else None)
            if near:
                self._near[key] = near
                times = counted(near.edges, "time")
                message = f"{mention.field}: {mention.name!r} is new, and near {near.name!r}, which is used {times}"
                hints.append(diagnose(path, mention.line, mention.column, "KG401", message))
        return weigh(hints, self._config.severity)
