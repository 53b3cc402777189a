"""The subcommands of `kg`: one module each, found by its file name; `kg --help` imports them all.

A module `kg/commands/name.py` defines `command`, a `click.Command`, whose docstring is its help.
"""
