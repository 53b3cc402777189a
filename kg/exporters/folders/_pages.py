"""A plain HTML page for a thing, complete in itself: no script, and a few lines of style."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2

_PAGE = """\
<!doctype html>
<html lang="{{ language }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ label }}{% if title %} · {{ title }}{% endif %}</title>
<style>body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}time{color:#666}</style>
<script type="application/ld+json">{{ jsonld|safe }}</script>
<h1>{{ label }}</h1>
<p>{{ kind }}{% if names[1:] %} · {{ names[1:]|join(" · ") }}{% endif %}</p>
{% for one in definitions %}<blockquote>{{ one.text }}</blockquote>
{% endfor %}
{% if companions %}<h2>Often named with</h2>
<ul>
{% for one in companions %}<li><a href="{{ one.key }}.html">{{ one.label }}</a></li>
{% endfor %}</ul>
{% endif %}
<h2>Posts</h2>
<ul>
{% for one in posts %}<li><time>{{ one.date }}</time> {{ one.title }}</li>
{% endfor %}</ul>
</html>
"""


def page(entity: dict[str, Any], title: str) -> bytes:
    """The page of an entity, given as in its JSON file; `jsonld` alone may stand there as it is."""
    language = next((tag for tag, name in entity["labels"].items() if name == entity["label"] and tag != "und"), "en")
    return _template().render(entity, title=title, language=language).encode("utf-8", "replace")


@cache
def _template() -> jinja2.Template:
    import jinja2

    return jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)
