"""Answers for programs that read with a language model, over the Model Context Protocol (https://modelcontextprotocol.io).

`tools.py` says what can be asked, `budget.py` makes an answer fit into so many tokens, `quoting.py` keeps text of posts
from passing as anything but text, `server.py` speaks the protocol, by the official SDK.
"""
