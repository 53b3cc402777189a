"""Mistakes with the variables of a query: one that gets two values, or has none, or no single one in a group."""

from collections.abc import Iterator

from kg.stores.syntax import Mistake, Token, closing


def bound_again(found: list[Token]) -> Mistake | None:
    """A variable that BIND or SELECT gives a value, though it has one in the same group."""
    opened: list[int] = []
    for number, token in enumerate(found):
        if token.text == "{":
            opened.append(number)
        elif token.text == "}" and opened:
            opened.pop()
        elif token.text.upper() == "BIND" and opened:
            end = closing(found, number + 1)
            used = _variables_of(found[opened[-1] : number])
            if found[end - 1].text in used:
                return _again(found[end - 1], "BIND")
        elif token.text.upper() == "SELECT":
            select = _Select(found, number)
            used = _variables_of(found[select.body : select.end])
            for place in select.named():
                if place.text in used:
                    return _again(place, "AS")
    return None


def _again(variable: Token, word: str) -> Mistake:
    return Mistake(f"{variable.text} has a value here already", variable.start, f"{word} needs a name of its own")


def _variables_of(some: list[Token]) -> set[str]:
    """The variables to which some tokens give values; those in filters do not get one."""
    result, number = set(), 0
    while number < len(some):
        token = some[number]
        if token.text.upper() == "FILTER" and number + 1 < len(some) and some[number + 1].text == "(":
            number = closing(some, number + 1)
        elif token.kind == "variable":
            result.add(token.text)
        number += 1
    return result


class _Select:
    """One SELECT with its body and what it groups by."""

    def __init__(self, found: list[Token], start: int) -> None:
        ends = (n for n in range(start + 1, len(found)) if found[n].text == "{" or found[n].text.upper() == "SELECT")
        self.body = next(ends, len(found))
        self.projection = [token for token in found[start + 1 : self.body] if token.text.upper() != "WHERE"]
        self.end = closing(found, self.body) if self.body < len(found) else len(found)
        after = []
        for token in found[self.end + 1 :]:
            if token.text == "}" or token.text.upper() in _AFTER_GROUP:
                break
            after.append(token)
        self.grouped = {token.text for token in after if token.kind == "variable"}
        words = (token.text.upper() for token in (*self.projection, *after))
        self.groups = any(word == "GROUP" or word in _AGGREGATES for word in words)

    def parts(self) -> Iterator[tuple[str, Token, int, bool]]:
        """The projection: the word before, the token, how many brackets it is in, whether one is an aggregate's."""
        before, depth, aggregate = "", 0, 0  # the depth at which an aggregate begins
        for token in self.projection:
            if token.text == "(":
                depth += 1
                aggregate = aggregate or (depth if before in _AGGREGATES else 0)
            yield before, token, depth, bool(aggregate)
            if token.text == ")":
                aggregate = 0 if aggregate == depth else aggregate
                depth -= 1
            before = token.text.upper()

    def named(self) -> Iterator[Token]:
        """The variables that it gives values to, by AS."""
        return (token for before, token, depth, _within in self.parts() if before == "AS" and depth == 1)


_AFTER_GROUP = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "SELECT")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def wrong_projection(found: list[Token]) -> Mistake | None:
    """A comma between variables, a value without a name, or a variable beside an aggregate that is not grouped by."""
    for select in (_Select(found, n) for n, token in enumerate(found) if token.text.upper() == "SELECT"):
        names = {token.text: token for token in select.named()}
        known, named = select.grouped | names.keys(), False
        if not select.projection and select.body < len(found):
            return Mistake("SELECT names nothing", found[select.body].start, "write * for all variables")
        for before, token, depth, aggregated in select.parts():
            if depth == 0 and token.text == ",":
                return Mistake("',' cannot stand here", token.start, "write blanks between variables")
            if depth == 1 and token.text == "(" and before[:1] not in _BEFORE_BRACKETS and before not in _ONCE:
                hint = f"write ({before}(...) AS ?name)"
                return Mistake(f"what {before} gives has no name", token.start, hint)
            if depth == 0 and token.kind == "variable" and (again := names.get(token.text)):
                return _again(again, "AS")
            named = (named and depth > 0) or (before == "AS" and depth == 1)
            if token.text == ")" and depth == 1 and not named:
                hint = "write (... AS ?name)"
                return Mistake("what is in these brackets has no name", token.start, hint)
            if select.groups and token.kind == "variable" and not aggregated and token.text not in known:
                hint = f"write GROUP BY {token.text}, or take one value: (SAMPLE({token.text}) AS ...)"
                return Mistake(f"{token.text} has no single value in a group", token.start, hint)
    return None


_BEFORE_BRACKETS = ("", ")", "?", "$")
_ONCE = ("DISTINCT", "REDUCED")
