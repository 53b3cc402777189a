"""The page in Firefox: does a click select what is written there?

    python -m benchmarks.page.firefox [PAGE …]

Clicks on every name and region at three zooms, by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/), on the page
of `content/` or on those given. Needs Debian's `firefox-esr` and Node; puppeteer-core is fetched from the npm registry
into .bench/page/ the first time. It is no part of the tests because of these; Chromium clicks there already.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import kg
from kg.views.page import assemble

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / ".bench" / "page"
PUPPETEER = "puppeteer-core@24.43.1"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE")
    pages = parser.parse_args().pages
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if not firefox:
        sys.exit("firefox-esr is not installed")
    BENCH.mkdir(parents=True, exist_ok=True)
    if not (BENCH / "node_modules" / "puppeteer-core").exists():
        install = ["npm", "install", "--prefix", BENCH, "--ignore-scripts", "--no-audit", "--no-fund", PUPPETEER]
        subprocess.run(install, check=True)
    if not pages:
        pages = [BENCH / "content.html"]
        pages[0].write_bytes(assemble(kg.build(ROOT / "content", output=None, formats=()).knowledge_graph))
    script = BENCH / "firefox.mjs"
    script.write_bytes(Path(__file__).with_suffix(".js").read_bytes())
    return subprocess.run(
        ["node", script, firefox, *(page.resolve().as_uri() for page in pages)], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
