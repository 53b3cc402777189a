"""The page's JavaScript by itself: how modules become one script, and what their own tools say of them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import kg.views.page
from kg.views.page.assemble import _script
from kg.views.page.modules import link
from tests.conftest import absent, program

ASSETS = Path(kg.views.page.__file__).parent / "assets"


def linked(**modules: str) -> str:
    return link("main", modules.__getitem__)


def run(script: str) -> str:
    """What a script prints."""
    ended = subprocess.run([program("node"), "-"], input=script, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_modules_run_once_each_after_those_they_import_from() -> None:
    script = linked(
        main="import { a } from './one.js';\nimport { b } from './two.js';\nconsole.log('main', a, b);\n",
        one="import { b } from './two.js';\nconsole.log('one');\nexport const a = b + 1;\n",
        two="console.log('two');\nexport const b = 1;\n",
    )
    assert run(script) == "two\none\nmain 2 1\n"


def test_what_a_module_does_not_export_is_its_own() -> None:
    script = linked(
        main="import { said as a } from './one.js';\nconst own = 'main';\nconsole.log(own, a(), globalThis.own);\n",
        one="const own = 'one';\nexport function said() {\n  return own;\n}\n",
    )
    assert run(script) == "main one undefined\n"


def test_every_form_of_export_and_long_imports() -> None:
    script = linked(
        main="import {\n  A, b,\n  c, d,\n} from './one.js';\nc().then((e) => console.log(new A().one, b(), e, d));\n",
        one="export class A {\n  one = 1;\n}\nexport function b() {\n  return 2;\n}\n"
        "export async function c() {\n  return 3;\n}\nexport const d = 4;\n",
    )
    assert run(script) == "1 2 3 4\n"


def test_comments_for_those_who_work_on_a_module_stay_with_it() -> None:
    script = linked(main="// At the head.\n\n/**\n * @type {1}*\n */\nconst x = /** @type {any} */ (1);\n// Why.\nx;\n")
    assert "At the head" not in script
    assert "@type" not in script
    assert "// Why.\n" in script


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"main": "import x from './one.js';\n"}, "main.js: not understood: import x from './one.js';"),
        ({"main": "import './one.js';\n"}, "not understood"),
        ({"main": "export default 1;\n"}, "not understood: export default 1;"),
        ({"main": "export let x = 1;\n"}, "not understood"),
        ({"main": "import { a, b } from './one.js';\n", "one": "export const b = 1;\n"}, "one.js does not export a"),
        (
            {"main": "import { a } from './one.js';\n", "one": "import { b } from './main.js';\nexport const a = 1;\n"},
            "in a circle: main → one → main",
        ),
    ],
)
def test_what_cannot_be_linked_is_told(modules: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        linked(**modules)


def test_every_module_is_part_of_the_page() -> None:
    script = _script()
    assert [path.stem for path in ASSETS.glob("*.js") if f"const ${path.stem} = " not in script] == []
    assert "</script" not in script


@pytest.fixture(scope="module")
def tools(repo: Path) -> Path:
    """Where npm put the tools of package.json, on first use and just as package-lock.json says."""
    folder = repo / "node_modules" / ".bin"
    if not all((folder / tool).exists() for tool in ("tsc", "biome", "../axe-core", "../puppeteer-core")):
        install = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if subprocess.run(install, cwd=repo, capture_output=True, check=False).returncode:
            absent("what checks JavaScript (npm ci)")
    return folder


def check(command: list[str | Path], repo: Path) -> None:
    ended = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]


def test_types(tools: Path, repo: Path) -> None:
    check([tools / "tsc"], repo)


def test_lint(tools: Path, repo: Path) -> None:
    check([tools / "biome", "lint", "--error-on-warnings"], repo)


def test_functions_that_need_no_browser(repo: Path) -> None:
    check([program("node"), "--test", *sorted((repo / "tests" / "page" / "scripts").glob("*.test.js"))], repo)
