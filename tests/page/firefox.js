// Clicks on names and regions in Firefox, at three zooms, with the mouse, a finger and keys; makes a set and a path.
//
//   node tests/page/firefox.js FIREFOX MOST PAGE …
//
// FIREFOX is its program, MOST how many things are clicked on at a zoom, PAGE the address of a page. It is driven by
// WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/). What selects something else is printed, and ends it with status 1.

import { launch } from 'puppeteer-core';

const [executablePath, most, ...addresses] = process.argv.slice(2);
const browser = await launch({ browser: 'firefox', executablePath, headless: true });
let wrong = 0;
for (const address of addresses) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 640, hasTouch: false });
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]).catch(() => {});
  page.on('pageerror', (error) => fault(`an error: ${error.message}`));
  await page.goto(address);
  await page.waitForSelector('body[data-ready=true]', { timeout: 180_000 });
  await page.evaluate(() => window.kg.view.emit('filters', window.kg.view.visible));  // which ends the greeting
  const counts = { mouse: 0, finger: 0, keys: 0 };
  for (const zoom of [1, 3, 10]) {
    const shown = await look(page, zoom);
    for (const [i, thing] of spread(shown, Number(most)).entries()) {
      const [left, top, right, bottom] = thing.box;
      const [x, y] = [left + (right - left) * (0.1 + 0.8 * ((i * 0.618) % 1)), (top + bottom) / 2];
      if (i % 3) await page.mouse.click(x, y);
      else await page.touchscreen.tap(x, y);
      counts[i % 3 ? 'mouse' : 'finger']++;
      await selects(page, `zoom ${zoom}`, thing);
    }
  }
  const shown = await look(page, 1);
  await page.focus('#map');
  await page.keyboard.press('.');
  await page.keyboard.press('.');
  const { iri, id } = await page.evaluate(() => {
    const { graph, view: { pointed } } = window.kg;
    return pointed.type === 'node' ? { iri: graph.iri(pointed.node) } : { id: graph.regions[pointed.community].id };
  });
  await page.keyboard.press('Enter');
  counts.keys++;
  await selects(page, 'keys', shown.find((thing) => (iri ? thing.iri === iri : thing.id === id)));
  const [one, other] = await page.evaluate(() => {
    const { graph } = window.kg;
    return [...graph.byWeight].filter((node) => graph.kindOf(node).name === 'person').slice(0, 2).map((node) => graph.labels[node]);
  });
  await find(page, `${one} and ${other}`);
  await expect(page, 'a set', [one, other], () => window.kg.selected().map(({ label }) => label));
  await find(page, one);
  await page.click('#path-from-here');
  await page.keyboard.type(other);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.steps .stop');
  await expect(page, 'a path', [one, other], () => {
    const stops = [...document.querySelectorAll('.steps .stop .name')].map((stop) => stop.textContent);
    return [stops[0], stops.at(-1)];
  });
  console.log(`${address}: ${Object.entries(counts).map(([way, count]) => `${count} with ${way}`).join(', ')}, a set, a path`);
  await page.close();
}
await browser.close();
process.exitCode = wrong ? 1 : 0;

function fault(what) {
  wrong++;
  console.log(what);
}

/** Some of a list, evenly spread over it. */
function spread(list, count) {
  return list.filter((_, i) => Math.floor((i * count) / list.length) !== Math.floor(((i - 1) * count) / list.length));
}

/** Wait until the map rests, with nothing chosen. */
async function rest(page) {
  await page.evaluate(() => {
    window.kg.view.select(-1);
    window.kg.view.point(null);
  });
  await page.waitForFunction(() => window.kg.view.settled && !window.kg.view.frame && !window.kg.view.camera.flight, { polling: 'raf' });
}

/** What is written on the map at a zoom. */
async function look(page, zoom) {
  await page.evaluate((wanted) => {
    const { view } = window.kg;
    view.camera.jump({ x: view.camera.x, y: view.camera.y, zoom: wanted });
    view.moved();
  }, zoom);
  await rest(page);
  return page.evaluate(() => window.kg.visible());
}

async function find(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function expect(page, what, wanted, ask) {
  const found = await page.evaluate(ask);
  if (JSON.stringify(found) !== JSON.stringify(wanted)) fault(`${what}: ${JSON.stringify(wanted)} gave ${JSON.stringify(found)}`);
  await rest(page);
}

/** Whether just this is selected. */
async function selects(page, what, { label, iri, id }) {
  await expect(page, `${what}, ${label}`, [iri ?? id], () => window.kg.selected().map((thing) => thing.iri ?? thing.id));
}
