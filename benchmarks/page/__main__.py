"""Our page against sigma.js, the same graph, the same camera, the same run.

    python -m benchmarks.page [--rounds 5] [--posts 10000] [--alone]

sigma.js 3.0.3 and graphology are fetched from the npm registry into .bench/page/ the first time; nothing of them is kept
in the project. Both pages lie open in one headless Chromium with software WebGL2. A step sets the camera, draws, and
reads one pixel back from each WebGL context, which makes the graphics driver finish: without that the clock stops too
early. Steps alternate between the two pages, so that a slow moment hits both; what counts is the median over steps of
the ratio within a step. Edges of sigma are its fast lines, not its slower rectangles.

Then our page alone is asked to search and to filter: see `answers.py`.
"""

# ruff: noqa: E501  what is asked of the pages reads best on one line

from __future__ import annotations

import argparse
import json
import subprocess
import tarfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.page import answers
from kg.views.map import chart
from kg.views.page import assemble

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / ".bench" / "page"
PACKAGES = {"sigma": "3.0.3", "graphology": "0.26.0"}
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
STEPS = [(0.0, 0.0, 1.0), (0.1, 0.05, 2.0), (0.2, -0.1, 4.0), (0.25, -0.1, 8.0), (-0.3, 0.2, 3.0), (0.0, 0.0, 1.0)]
"""x, y and zoom: the whole map, in, across, out again."""

OURS = """([x, y, zoom, moving]) => {
  const { view } = kg;
  const { gl } = view.renderer;
  view.camera.jump({ x, y, zoom });
  const start = performance.now();
  if (!moving) view.renderer.forgetEdges();
  view.renderer.draw(view.camera, moving, !moving);
  view.drawLabels();
  const script = performance.now() - start;
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return [performance.now() - start, script];
}"""
SIGMA = """([x, y, zoom, moving]) => {
  sigma.getCamera().isAnimated = () => moving;
  const start = performance.now();
  sigma.getCamera().setState({ x: 0.5 + x / 2, y: 0.5 + y / 2, ratio: 1 / zoom });
  sigma.render();
  for (const gl of Object.values(sigma.webGLContexts)) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return [performance.now() - start, 0];
}"""
SIGMA_PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:0"><div id="map" style="width:1280px;height:800px"></div>
<script>{graphology}</script><script>{sigma}</script><script type="application/json" id="data">{data}</script>
<script>
const data = JSON.parse(document.getElementById('data').textContent);
const graph = new graphology.MultiDirectedGraph();
data.labels.forEach((label, i) => graph.addNode(i, {{ label, x: data.x[i], y: data.y[i], size: data.size[i], color: '#0068b8' }}));
data.source.forEach((source, e) => graph.addEdge(source, data.target[e], {{ color: '#ccd3dc' }}));
window.sigma = new Sigma(graph, document.getElementById('map'), {{
  defaultEdgeType: 'line', edgeProgramClasses: {{ line: Sigma.rendering.EdgeLineProgram }}, hideEdgesOnMove: {hide},
}});
for (const gl of Object.values(sigma.webGLContexts)) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
window.firstFrame = performance.now();
document.body.dataset.ready = true;
</script>"""


def fetch() -> dict[str, str]:
    """The text of the two libraries, pinned."""
    BENCH.mkdir(parents=True, exist_ok=True)
    files = {"sigma": "package/dist/sigma.min.js", "graphology": "package/dist/graphology.umd.min.js"}
    result = {}
    for name, version in PACKAGES.items():
        archive = BENCH / f"{name}-{version}.tgz"
        if not archive.exists():
            subprocess.run(["npm", "pack", f"{name}@{version}"], cwd=BENCH, check=True, capture_output=True)
        with tarfile.open(archive) as package:
            member = package.extractfile(files[name])
            assert member
            result[name] = member.read().decode("utf-8").replace("</script", "<\\/script")
    return result


def sigma_page(graph: Any, *, hide: bool) -> str:
    """The same nodes, places, names and edges, for sigma."""
    places = chart(graph)
    number = {iri: i for i, iri in enumerate(graph.nodes)}
    degree = [0] * len(number)
    for edge in graph.edges:
        degree[number[edge.source]] += 1
        degree[number[edge.target]] += 1
    data = {
        "labels": [node.label for node in graph.nodes.values()],
        "x": [round(float(x), 4) for x in places.positions[:, 0]],
        "y": [round(float(y), 4) for y in places.positions[:, 1]],
        "size": [round(0.8 + 0.25 * count**0.5, 2) for count in degree],
        "source": [number[edge.source] for edge in graph.edges],
        "target": [number[edge.target] for edge in graph.edges],
    }
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return SIGMA_PAGE.format(**fetch(), data=text, hide="true" if hide else "false")


def opened(browser: Any, file: Path) -> Any:
    """A page of a window's size, ready."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready=true]")
    return page


def compare(browser: Any, graph: Any, ours: Path, rounds: int) -> None:
    """First frames, then the steps on both pages in turn."""
    files = {"kg": ours, "sigma": BENCH / "sigma.html", "hidden": BENCH / "hidden.html"}
    for name in ("sigma", "hidden"):
        files[name].write_text(sigma_page(graph, hide=name == "hidden"), "utf-8")
    pages: dict[str, Any] = {}
    first: dict[str, list[float]] = {}
    for _ in range(3):
        for name, file in files.items():
            if name in pages:
                pages[name].close()
            pages[name] = opened(browser, file)
            frame = "kg.timings.firstFrame" if name == "kg" else "window.firstFrame"
            first.setdefault(name, []).append(pages[name].evaluate(frame))
    print("first frame, ms: ", {name: round(median(values)) for name, values in first.items()})
    times: dict[str, list[float]] = {}
    script = []
    for step in STEPS * rounds:
        for moving in (True, False):
            a, cpu = pages["kg"].evaluate(OURS, [*step, moving])
            b = pages["sigma"].evaluate(SIGMA, [*step, False])[0]
            c = pages["hidden"].evaluate(SIGMA, [*step, True])[0] if moving else None
            key = "moving" if moving else "at rest"
            times.setdefault(f"{key}, kg ms", []).append(a)
            times.setdefault(f"{key}, sigma ms", []).append(b)
            times.setdefault(f"{key}, kg / sigma", []).append(a / b)
            if c is not None:
                times.setdefault("moving, kg / sigma with edges hidden", []).append(a / c)
                script.append(cpu)
    for name, values in times.items():
        print(f"{name}: {median(values):.3g}")
    print(f"script per moving frame, ms: {median(script):.2f}")
    for page in pages.values():
        page.close()


def main() -> None:
    from playwright.sync_api import sync_playwright

    from tests.page import graphs

    parser = argparse.ArgumentParser(prog="benchmarks.page")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--alone", action="store_true", help="only our page: how long its answers take")
    options = parser.parse_args()
    graph = graphs.big(posts=options.posts)
    BENCH.mkdir(parents=True, exist_ok=True)
    ours = BENCH / "graph.html"
    ours.write_bytes(assemble(graph))
    print(f"{len(graph.nodes)} nodes, {len(graph.edges)} edges; page {ours.stat().st_size / 1e6:.2f} MB")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        if not options.alone:
            compare(browser, graph, ours, options.rounds)
        answers.measure(lambda: opened(browser, ours), options.rounds)
        browser.close()


if __name__ == "__main__":
    main()
