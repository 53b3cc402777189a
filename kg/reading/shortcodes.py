"""Templates in bodies of Jekyll and Hugo, which are not pure Markdown: code is blanked out, links become addresses."""

import re

from kg.reading.scanning import blank

_REFERENCE = re.compile(
    r"\{%-?\s*(?:post_url|link(?!\s[^\n%]{0,300}?://))\s+(?P<jekyll>[^\s%][^\n%]{0,499}?)\s*-?%\}"
    r"|\{%-?\s*post_path\s+(?P<path>[^\s%]{1,500}+)[^\n%]{0,500}?%\}"
    r"|\{%-?\s*post_link\s+(?P<hexo>\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|[^\s\"'%]{1,500}+)(?P<title>[^\n]{0,500}?)-?%\}"
    r"|\{%\s*(?:page-ref\s+page|content-ref\s+url)=\"(?P<gitbook>[^\"\n]{1,500})\"\s*%\}"
    r"|\{\{[<%]\s*(?:rel)?ref\s+(?:path\s*=\s*)?(?:\"(?P<hugo>[^\"\n]{1,500})\"|`(?P<raw>[^`\n]{1,500})`"
    r"|(?P<bare>[^\s\"`>%]{1,500}+))[^\n]{0,200}?[>%]\}\}"
    r"|\{\{-?\s*[\"'](?P<address>[^\"'\n]{1,500})[\"']\s*\|\s*(?:relative_url|absolute_url|url)\s*-?\}\}"
)
_SITE = re.compile(r"(?<=[(\"'])(?:\{\{-?\s*(?:site\.(?:base)?url|base_?path|config\.root)\s*-?\}\})+")
"""`({{ site.baseurl }}/about/)`: the address of the site, which does not matter in links within it."""
QUERY = re.compile(
    r"\{\{query\b(?:[^\n{}]|\{(?!\{)|\}(?!\}))*+\}\}"
    r"|\{\{\[\[[\w/-]{1,40}\]\](?=[^\n{}]{0,400}\}\})|\[\[[#$]\w{1,20}\]\](?===)"
)
"""What links to nothing in Logseq and Roam: a query, which searches for names and ends at the next `{{`, in linear
time; the name of a macro, `{{[[slider]]}}`; the mark of a colour, `[[#red]]==text==`."""
_VERBATIM = re.compile(
    r"\{%-?\s*(?P<liquid>highlight|raw|comment|set(?=\s+\w+\s*-?%))\b|\{\{<\s*(?P<hugo>highlight)\b"
    r"|#\+(?i:begin)_(?P<org>(?i:src|query|comment|example|export))\b"
)
_VERBATIM_END = {
    **{word: re.compile(rf"\{{%-?\s*end{word}\s*-?%\}}") for word in ("highlight", "raw", "comment", "set")},
    "hugo": re.compile(r"\{\{<\s*/\s*highlight\s*>\}\}"),
    "org": re.compile(r"#\+end_(?:src|query|comment|example|export)\b", re.IGNORECASE),
}
PROGRAM = re.compile(r"^(?:import|export)\b[^\n]*(?:\n[^\n]+)*|\{/\*(?s:.*?)(?:\*/\}|\Z)", re.MULTILINE)
"""What is not text in MDX: modules, and comments `{/* … */}`."""
_ESCAPES = re.compile(r"(?:\A|\s+)(?:true|false)\Z")
_MARKUP = re.compile(r"[\[\]\\<>`]")
PLACEHOLDER = "kgref:"
HERE = "kgsite:"


def blanked(match: re.Match[str]) -> str:
    """Spaces in the place of what was matched."""
    return blank(match[0])


_TAGS = re.compile(r"(?<!\()</?(?!(?:a|code|pre|script|style|svg|math|textarea)\b)[A-Za-z][^<>]*>")
"""Tags that fence text; not those that link, or whose content is none, nor `[a](<my page.md>)`."""


def without_templates(body: str) -> tuple[str, list[tuple[str, str]]]:
    """The body with code that only a template engine knows blanked out, and `{{< ref "x" >}}` made a plain address.

    Every character is replaced by one character, so places stay right. The second value holds what the addresses
    `kgref:0`, `kgref:1` … stand for, and the style of that link.
    """
    shortcodes: list[tuple[str, str]] = []
    if "<" in body and 'markdown="' in body:
        # In kramdown `<aside markdown="1">` holds Markdown; U+00A0 is not a space, so no line becomes indented code.
        body = _TAGS.sub(lambda match: re.sub(r"[^\n]", "\xa0", match[0]), body)
    # Single characters first: most posts hold none of these, and looking for one is ten times faster than for two.
    templates = "{" in body and ("{%" in body or "{{" in body)
    if not templates and not ("+" in body and "#+" in body):
        return body, shortcodes

    def address(match: re.Match[str]) -> str:
        if match["hexo"] or match["gitbook"]:
            shortcodes.append(
                (match["gitbook"], "markdown") if match["gitbook"] else (match["hexo"].strip("\"'"), "shortcode")
            )
            return _whole_link(match, f"]({PLACEHOLDER}{len(shortcodes) - 1}")
        named = match["jekyll"] or match["path"] or match["hugo"] or match["raw"] or match["bare"]
        shortcodes.append((named, "shortcode") if named else (match["address"], "markdown"))
        return f"{PLACEHOLDER}{len(shortcodes) - 1}".ljust(len(match[0]), "_")

    text = _SITE.sub(lambda match: HERE.ljust(len(match[0]), "_"), _without_verbatim(body))
    return _REFERENCE.sub(address, text), shortcodes


def _whole_link(match: re.Match[str], rest: str) -> str:
    """Hexo's `{% post_link name [title] [escape] %}`, made a link as long (https://hexo.io/docs/tag-plugins).

    GitBook's `{% page-ref page="x.md" %}` has no words (https://gitbook.com/docs/creating-content/blocks/page-link).
    """
    words = _ESCAPES.sub("", (match["title"] or "").strip()).strip("\"' ") or (match["hexo"] or "").strip("\"'")
    shown = _MARKUP.sub(" ", words)[: len(match[0]) - len(rest) - 2]
    return f"[{shown}{rest}".ljust(len(match[0]) - 1, "_") + ")"


def _without_verbatim(body: str) -> str:
    """The body without `{% raw %}` … `{% endraw %}`, Logseq's `#+BEGIN_SRC` and so on; in one pass, closed or not."""
    parts, at, endless = [], 0, set()
    for match in _VERBATIM.finditer(body):
        word = match["liquid"] or ("hugo" if match["hugo"] else "org")
        if match.start() < at or word in endless:
            continue
        end = _VERBATIM_END[word].search(body, match.end())
        if end is None:
            endless.add(word)
            continue
        parts += [body[at : match.start()], blank(body[match.start() : end.end()])]
        at = end.end()
    return "".join([*parts, body[at:]])
