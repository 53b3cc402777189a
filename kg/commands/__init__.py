"""The subcommands of `kg`: one module each, found by its file name and imported only when it is called.

A module `kg/commands/name.py` defines `command`, a `click.Command`; its help text is the first line of its docstring.
"""
