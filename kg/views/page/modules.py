"""JavaScript modules (https://tc39.es/ecma262/#sec-modules), linked into one script.

A page opened from disk cannot import modules: browsers refuse them at `file:` addresses, and a policy that allows one
script by its digest allows no second one. So each module becomes a function that is called once, after those that it
imports from, and its exports become what that function returns:

```js
const $dom = (() => {
function element(name) { … }          // export function element(name) { … }
return { element };
})();
const $panel = (() => {
const { element } = $dom;             // import { element } from './dom.js';
…
return {  };
})();
```

What a module does not export stays its own, as in a browser. The forms understood are those above, each beginning its
line: `import { a, b as c } from './x.js';`, over as many lines as it needs, and `export` before `const`, `class`,
`function` or `async function`. Modules that import each other in a circle are refused. The comment at the head of a
module and documentation comments (`/** … */`) speak to those who work on it and are left out: no text in a module may
look like one.
"""

import re
from collections.abc import Callable

_IMPORT = re.compile(r"^import \{([^{}]*)\} from '\./(\w+)\.js';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|(?:async )?function) (\w+))", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENT = r"/\*\*(?:[^*]|\*(?!/))*\*/"
_DOCUMENTATION = re.compile(rf"\A(?://.*\n)+|^[ \t]*{_COMMENT}[ \t]*\n|{_COMMENT} ?", re.MULTILINE)


def link(entry: str, read: Callable[[str], str]) -> str:
    """The script that does what importing a module would do.

    Args:
        entry: the name of a module, without `.js`.
        read: gives the text of a module by its name.

    Returns:
        A script in strict mode that leaves no global name behind.

    Raises:
        ValueError: a module imports or exports in a form that is not understood, imports what is not exported, or
            imports itself by way of others.
    """
    exports: dict[str, list[str]] = {}
    linked: list[str] = []

    def add(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            raise ValueError(f"modules import each other in a circle: {' → '.join((*way, name))}")
        if name in exports:
            return
        text = read(name)
        for imported in _IMPORT.finditer(text):
            add(imported[2], (*way, name))
            wanted = {part.split(" as ")[0].strip() for part in imported[1].split(",")} - {""}
            if missing := wanted - set(exports[imported[2]]):
                raise ValueError(f"{name}.js: {imported[2]}.js does not export {', '.join(sorted(missing))}")
        exports[name] = _EXPORT.findall(text)
        linked.append(_function(name, text, exports[name]))

    add(entry, ())
    return "(() => {\n'use strict';\n" + "".join(linked) + "})();\n"


def _function(name: str, text: str, exported: list[str]) -> str:
    body = _EXPORT.sub("", _IMPORT.sub(_taken, _DOCUMENTATION.sub("", text)))
    if left_over := _LEFT_OVER.search(body):
        raise ValueError(f"{name}.js: not understood: {left_over[0]}")
    return f"const ${name} = (() => {{\n{body.strip()}\nreturn {{ {', '.join(exported)} }};\n}})();\n"


def _taken(imported: re.Match[str]) -> str:
    names = " ".join(imported[1].split()).rstrip(",").strip().replace(" as ", ": ")
    return f"const {{ {names} }} = ${imported[2]};\n"
