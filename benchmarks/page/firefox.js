// Clicks on every name and every region that Firefox shows, at three zooms, with the mouse, a finger and keys; run by firefox.py.

import { launch } from 'puppeteer-core';

const [executablePath, ...addresses] = process.argv.slice(2);
const ZOOMS = [1, 3, 10];
const browser = await launch({ browser: 'firefox', executablePath, headless: true });
let failed = false;
for (const address of addresses) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 640, hasTouch: false });
  page.on('pageerror', (error) => { failed = true; console.log(`an error: ${error.message}`); });
  await page.goto(address);
  await page.waitForSelector('body[data-ready=true]', { timeout: 180_000 });
  const rest = () => page.waitForFunction(() => window.kg.view.settled && !window.kg.view.frame && !window.kg.view.camera.flight, { polling: 20 });
  const clear = () => page.evaluate(() => new Promise((done) => {
    window.kg.view.select(-1);
    window.kg.view.point(null);
    requestAnimationFrame(() => requestAnimationFrame(done));
  }));
  const key = ({ iri, id }) => iri ?? id;
  await page.evaluate(() => window.kg.view.emit('filters', window.kg.view.visible));  // which ends the greeting
  const counts = { mouse: [0, 0], finger: [0, 0], keys: [0, 0] };
  const counted = async (way, thing) => {
    const found = await page.evaluate(() => window.kg.selected());
    counts[way][1]++;
    if (found.length === 1 && key(found[0]) === key(thing)) counts[way][0]++;
    else console.log(`${way}: ${thing.label} gave ${found.map(({ label }) => label).join(', ') || 'nothing'}`);
    await clear();
  };
  for (const zoom of ZOOMS) {
    await page.evaluate((wanted) => {
      const { view } = window.kg;
      view.camera.jump({ x: view.camera.x, y: view.camera.y, zoom: wanted });
      view.moved();
    }, zoom);
    await rest();
    await clear();
    const shown = await page.evaluate(() => window.kg.visible());
    for (const [i, thing] of shown.entries()) {
      const [left, top, right, bottom] = thing.box;
      const x = left + (right - left) * (0.1 + 0.8 * ((i * 0.618) % 1));
      await page.mouse.click(x, (top + bottom) / 2);
      await counted('mouse', thing);
      if (i % 4) continue;
      await page.touchscreen.tap(x, (top + bottom) / 2);
      await counted('finger', thing);
    }
    await page.focus('#map');
    for (let i = 0; i < Math.min(shown.length, 12); i++) {
      for (let k = 0; k <= i; k++) await page.keyboard.press('.');
      const pointed = await page.evaluate(() => {
        const { graph, view } = window.kg;
        const thing = view.pointed;
        return thing.type === 'node' ? { iri: graph.iri(thing.node), label: graph.labels[thing.node] } : { id: graph.regions[thing.community].id, label: thing.type };
      });
      await page.keyboard.press('Enter');
      await rest();
      await counted('keys', pointed);
      await page.evaluate((wanted) => window.kg.view.camera.jump({ ...window.kg.view.camera, zoom: wanted }), zoom);
      await page.focus('#map');
    }
  }
  for (const [way, [right, all]] of Object.entries(counts)) {
    console.log(`${way}: ${right} of ${all} select what is written there`);
    failed ||= right < 0.99 * all;
  }
  await page.close();
}
await browser.close();
process.exitCode = failed ? 1 : 0;
