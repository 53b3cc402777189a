"""Takes the README's picture anew: the page of content/, as chromium shows it.

`python docs/picture.py` needs the packages of `.[dev]` and a chromium that playwright or the system has.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import kg

DOCS = Path(__file__).resolve().parent
SIZE = {"width": 1240, "height": 760}
GPU_IN_SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def main() -> int:
    """Build the page in a temporary folder, open it, and write graph.jpg."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        kg.build(DOCS.parent / "content", folder, formats=["html"])
        system = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=system, args=GPU_IN_SOFTWARE)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce", locale="en-GB")
        page.goto((Path(folder) / "graph.html").as_uri())
        page.wait_for_selector("body[data-ready=true]")
        page.wait_for_function("kg.view.settled && !kg.view.frame")
        page.screenshot(path=DOCS / "graph.jpg", type="jpeg", quality=82)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
