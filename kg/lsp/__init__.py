"""Names while typing: a language server for the front matter of posts (extra `lsp`, command `kg lsp`).

Language Server Protocol 3.17 (https://microsoft.github.io/language-server-protocol/), by pygls.
"""
