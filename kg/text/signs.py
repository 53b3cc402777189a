"""A fast search for short texts that most posts do not contain."""

from collections.abc import Callable

from ahocorasick_rs import BytesAhoCorasick, MatchKind


def finder(*signs: str) -> Callable[[bytes], bool]:
    """A test whether a text in UTF-8 holds any of some signs.

    All are looked for at once, many bytes at a time (https://docs.rs/aho-corasick/latest/aho_corasick/packed/), which
    takes a tenth of the time that Python needs for one of them.

    >>> finder("%%", "<!--")(b"50%% off"), finder("%%", "<!--")(b"50% off")
    (True, False)
    """
    single = [sign.encode() for sign in signs if len(sign) == 1]  # by memchr, because they would slow down all others
    longer = [sign.encode() for sign in signs if len(sign) > 1]
    found = BytesAhoCorasick(longer, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes
    return lambda data: any(sign in data for sign in single) or bool(longer and found(data))
