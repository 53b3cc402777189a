"""Text in cells of tables that people open in a spreadsheet.

A cell that begins like a formula would be run (https://owasp.org/www-community/attacks/CSV_Injection): a `'` is put
before it.
"""

import re

_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠']")


def guarded(text: str) -> str:
    """A text that no spreadsheet runs.

    >>> guarded("=1+1"), guarded("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return text.removeprefix("'")
