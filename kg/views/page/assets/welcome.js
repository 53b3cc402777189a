// What someone sees who has just opened the page: what it is of, what can be done, and three things to begin with.

class Welcome {
  constructor() {
    const { graph, filters } = view;
    this.box = byId('welcome');
    const posts = graph.kind.reduce((sum, kind) => sum + (kind === graph.post ? 1 : 0), 0);
    const values = { posts: words.counted('nPosts', posts), things: words.counted('nThings', graph.n - posts) };
    const span = filters.span ? `${day(filters.span.first).slice(0, 7)} – ${day(filters.span.last).slice(0, 7)}` : '';
    this.box.append(
      element('div', { class: 'head' },
        element('div', { class: 'kind' },
          element('h1', {}, foreign(clip(document.title, 80))),
          element('span', { class: 'grow' }),
          button(words.say('close'), () => this.close(), { symbol: 'close', visible: false, class: 'quiet' }))),
      element('p', { class: 'also' }, words.say('holds', values), span ? ' · ' : null, element('span', { class: 'whole', text: span })),
      element('p', { class: 'hint', text: words.say('welcome') }),
      element('div', { class: 'chips' }, firstOf(['organization', 'person', 'product', 'concept', 'tag'], 1).slice(0, 3).map((node) =>
        element('button', { type: 'button', class: 'chip', on: { click: () => view.select(node) } },
          kindMark(graph.kind[node]), foreign(clip(graph.nameIn(node, words.language), 28))))),
    );
    this.box.hidden = graph.n === 0;
    for (const type of ['select', 'filters', 'marked']) view.on(type, () => this.close());
    byId('search').addEventListener('focus', () => this.close());
  }

  /** It has done its work once anything else has begun. */
  close() {
    this.box.hidden = true;
  }
}

/** A few well-known things of different types, for those who do not know what to look for. */
function examples() {
  return [...firstOf(['organization', 'person'], 2), ...firstOf(['product', 'work', 'concept', 'tag'], 1)];
}

/** The best-connected of each of some types. */
function firstOf(names, most) {
  const { graph } = view;
  const found = [];
  for (const kind of names.map((name) => graph.kindNumber.get(name))) {
    let count = 0;
    for (let node = 0; node < graph.n && count < most; node++) if (graph.kind[node] === kind && (found.push(node), true)) count++;
  }
  return found;
}
