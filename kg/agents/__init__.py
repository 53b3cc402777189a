"""Answers for language models, over the Model Context Protocol (https://modelcontextprotocol.io).

`tools.py` defines the questions, `budget.py` fits an answer into a number of tokens, `quoting.py` keeps text of posts
from being taken for anything but text, `server.py` speaks the protocol, using the official SDK.
"""
