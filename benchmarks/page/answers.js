// What a reader may ask of the page, each through the control that is there for it, and how long the answer takes.
(() => {
  const { graph } = kg;
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Searches.

  const names = Array.from({ length: 60 }, (_, i) => graph.labels[(i * 997 + 13) % graph.n]);
  const latin = names.filter((name) => /^[ -~]{6,}$/.test(name));
  const han = names.filter((name) => /^[\u4e00-\u9fff]{2,}/.test(name)).map((name) => name.slice(0, 4));
  const typed = (name) => Array.from({ length: Math.min(name.length, 12) }, (_, i) => name.slice(0, i + 1));
  const searches = {
    'one letter': [...'abeknortz1中数'],
    'two letters': [...new Set([...latin, ...han].map((name) => name.slice(0, 2)))],
    'a name': names,
    'letter by letter': [latin[0], latin[1], han[0]].flatMap(typed),
    Chinese: han,
    'words swapped': latin.map((name) => name.split(' ').reverse().join(' ')),
    'a letter missing': latin.map((name) => name.slice(0, 2) + name.slice(3)),
    'a letter wrong': latin.map((name) => name.slice(0, 4) + 'w' + name.slice(5)),
    'letters swapped': latin.map((name) => name.slice(0, 3) + name[4] + name[3] + name.slice(5)),
    'two errors': latin.map((name) => name.slice(0, 2) + name.slice(3, 6) + 'y' + name.slice(6)),
    'like very many': ['kari', 'karino', 'torven', 'selda lupra', 'tortel', 'astor', '中美英法', '网络智德', 'ventor go', 'orastun'],
    'no hit': ['qqqq', 'wwwwwwww', 'jjj jjj jjj', '龘龘龘', 'a quick brown fox jumps over the lazy dog', 'x'.repeat(200)],
  };
  const search = (query) => () => {
    byId('search').value = query;
    byId('search').dispatchEvent(new Event('input'));
  };

  // Filters: what is pressed is pressed again before the next.

  const changed = (field, value) => () => {
    field.value = value;
    field.dispatchEvent(new Event('change'));
  };
  const clear = () => byId('filter-clear').click();
  // Found when it is pressed: clearing makes the boxes anew.
  const press = (selector, place) => () => all(selector)[place].click();
  const twice = (selector, most = Infinity) =>
    all(selector).slice(0, most).flatMap((_, place) => [press(selector, place), press(selector, place)]);
  const handle = (end, key) => () =>
    document.querySelector(`.handle.${end}`).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const repeated = (count, action) => Array(count).fill(action);
  const degree = (place) => document.querySelectorAll('#facet-degree input')[place];
  const filters = {
    type: () => twice('#facet-kinds input'),
    relation: () => twice('#facet-relations input'),
    tag: () => twice('#facet-tag .checks input', 8),
    category: () => twice('#facet-category .checks input', 8),
    area: () => twice('#facet-area .checks input', 8),
    region: () => twice('#facet-regions input', 8),
    legend: () => twice('#legend button'),
    'date brush': () => [
      ...repeated(12, handle('from', 'PageUp')).slice(0, 4), ...repeated(12, handle('to', 'ArrowLeft')),
      ...repeated(12, handle('from', 'ArrowRight')), clear,
    ],
    'date field': () => ['2018-03-01', '2020-06-15', '2024-12-31', '2025-11-30'].map((day) => changed(byId('date-from'), day)).concat(clear),
    degree: () => [2, 5, 20, 100].map((least) => () => changed(degree(0), least)()).concat([3, 1].map((most) => () => changed(degree(1), most)()), clear),
    'dim or hide': () => [
      press('#facet-area .checks input', 0), ...repeated(3, ['dim', 'hide']).flat().map((rest) => () => changed(byId('rest'), rest)()), clear,
    ],
    'several, reset': () => repeated(3, [
      press('#facet-kinds input', 1), press('#facet-tag .checks input', 0), press('#facet-tag .checks input', 1), press('#facet-area .checks input', 2),
      press('#facet-relations input', 0), () => changed(degree(0), 2)(), press('#facet-regions input', 0), handle('from', 'PageUp'), clear,
    ]).flat(),
  };

  /** The rest of the edges is drawn in many frames more, by the same processors where there is no graphics card. */
  async function settled() {
    do await new Promise((resolve) => setTimeout(resolve, 5));
    while (!kg.view.settled || kg.view.frame);
  }

  /** Milliseconds of the event itself, and of drawing the frame that shows the answer. */
  async function time(action) {
    const start = performance.now();
    action();
    const event = performance.now() - start;
    await new Promise(requestAnimationFrame);
    const { frame } = kg.timings;
    await settled();
    return [event, frame];
  }

  async function times(actions) {
    const result = [];
    for (const action of actions) result.push(await time(action));
    return result;
  }

  return {
    kinds: { search: Object.keys(searches), filter: Object.keys(filters) },
    /** [milliseconds of the event, of the frame] of each question of a kind, or of the first few. */
    async ask(what, kind, most = Infinity) {
      if (what === 'search') {
        byId('search').focus();
        await settled();
        return times(searches[kind].slice(0, most).map(search));
      }
      if (byId('filters').hidden) byId('open-filters').click();
      for (const details of all('#filters details')) details.open = true;
      await settled();
      return times(filters[kind]().slice(0, most));
    },
  };
})()
