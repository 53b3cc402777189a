"""The language server, which answers editors from a `Workspace`."""

from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import ServerTextPosition, ServerTextRange, TextDocument

from kg import __version__
from kg.errors import KgError
from kg.lsp import cursor
from kg.lsp.known_names import Completion
from kg.lsp.workspace import Workspace
from kg.model import Diagnostic
from kg.text.wording import counted

_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}
_SHOWN = 3
"""Number of newest posts in the hover text of a name."""


def serve(workspace: Workspace) -> None:
    """Answer on standard input and output until the editor says `exit`."""
    server(workspace).start_io()


def server(workspace: Workspace) -> LanguageServer:
    """A server for one folder of posts."""
    result = LanguageServer("kg", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)

    def publish(uri: str, *, saved: bool = False) -> None:
        document = result.workspace.get_text_document(uri)
        path = workspace.path_of(_file(uri))
        if path:
            found = workspace.saved(path) if saved else workspace.edited(path, document.source)
            diagnostics = [_diagnostic(document, diagnostic) for diagnostic in found]
            result.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics))

    @result.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @result.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def typed(params: lsp.DidOpenTextDocumentParams | lsp.DidChangeTextDocumentParams) -> None:
        publish(params.text_document.uri)

    @result.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @result.thread()
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        try:
            workspace.refresh()
        except KgError as error:
            result.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, f"kg: {error}"))
        else:
            publish(params.text_document.uri, saved=True)

    @result.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        result.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))

    triggers = lsp.CompletionOptions(trigger_characters=[" ", "-", "[", ",", '"', "'", "、", "，"])

    @result.feature(lsp.TEXT_DOCUMENT_COMPLETION, triggers)
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        document = result.workspace.get_text_document(params.text_document.uri)
        return _offers(workspace, document, params.position)

    @result.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        document = result.workspace.get_text_document(params.text_document.uri)
        place = document.position_from_client_units(params.position)
        path = workspace.path_of(_file(params.text_document.uri))
        found = workspace.mention_at(path, document.source, place.line + 1, place.character + 1) if path else None
        # Plain text, so that text from posts is not rendered as Markdown.
        content = lsp.MarkupContent(lsp.MarkupKind.PlainText, _about(workspace, found)) if found else None
        return lsp.Hover(content) if content else None

    return result


def _file(uri: str) -> Path:
    return Path(url2pathname(unquote(urlsplit(uri).path)))


def _offers(workspace: Workspace, document: TextDocument, position: lsp.Position) -> lsp.CompletionList:
    """The names that a value being typed may become."""
    place = document.position_from_client_units(position)
    lines = [line.rstrip("\r\n") for line in document.lines]
    typing = cursor.at(lines, place.line, place.character) if place.line < len(lines) else None
    kind = workspace.kind_of(typing.field) if typing else ""
    if not typing or not kind:
        return lsp.CompletionList(is_incomplete=False, items=[])
    span = document.range_to_client_units(ServerTextRange(ServerTextPosition(place.line, typing.start), place))
    toml = lines[0].startswith("+++")
    offers = workspace.names.beginning(typing.text, [kind])
    items = [_item(offer, rank, typing, span, toml=toml) for rank, offer in enumerate(offers)]
    return lsp.CompletionList(is_incomplete=True, items=items)


def _item(
    offer: Completion, rank: int, typing: cursor.TypedValue, span: lsp.Range, *, toml: bool
) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        label=offer.name,
        kind=lsp.CompletionItemKind.Value,
        detail=f"{offer.node.kind}, {counted(offer.edges, 'edge')}",
        sort_text=f"{rank:04}",
        filter_text=typing.text or offer.name,  # we have filtered already, by other spellings, pinyin and other scripts
        text_edit=lsp.TextEdit(span, cursor.written(offer.name, typing, toml=toml)),
    )


def _about(workspace: Workspace, offer: Completion) -> str:
    """The hover text of a name: kind, other names, definition, newest posts."""
    node, posts = offer.node, workspace.posts_that_name(offer)
    lines = [f"{node.label} ({node.kind})"]
    if node.names[1:]:
        lines.append("also: " + ", ".join(node.names[1:]))
    lines += [definition.text for _path, definition in node.definitions[:1] if definition.text]
    lines.append(counted(len(posts), "post"))
    lines += [f"{post.date[:10]}  {post.title}".strip() for post in posts[:_SHOWN]]
    return "\n".join(lines)


def _diagnostic(document: TextDocument, diagnostic: Diagnostic) -> lsp.Diagnostic:
    line, column = max(0, diagnostic.line - 1), max(0, diagnostic.column - 1)
    length = len(document.lines[line].rstrip("\r\n")) if line < len(document.lines) else 0
    span = ServerTextRange(ServerTextPosition(line, min(column, length)), ServerTextPosition(line, length))
    return lsp.Diagnostic(
        document.range_to_client_units(span), diagnostic.message, _SEVERITY[diagnostic.severity], diagnostic.code,
        source="kg",
    )  # fmt: skip
