// The page of `kg serve --review`: one question at a time, answered by keys; every answer is lines of the ledger.

(() => {
  /** @typedef {{ id: string, kind: string, name: string, posts: number, others: string[] }} Row */
  /** @typedef {{ id: string, verb: "same" | "split" | "apart", kind: string, rule: string, sort: [string, string], likely: number,
   *   name: string, evidence: string, reasons: [string, string, number][], doubt: string, rows: Row[] }} Proposal */
  /** @typedef {{ id: string, answer: string, chosen: string[] }} Answer */
  /** @typedef {{ post: string, title: string, text: string }} Passage */
  /** @typedef {{ lines: string[], conflicts: string[], also: string[] }} Outcome */

  const kept = "kg-review-token";
  const fragment = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fragment) {
    sessionStorage.setItem(kept, fragment);
    history.replaceState(null, "", location.pathname);
  }

  /** @type {Proposal[]} */
  let proposals = [];
  /** @type {string} */
  let rule = "";
  /** Ids put off until later, in that order. @type {Set<string>} */
  const later = new Set();
  /** Ids of the rows whose boxes are not checked. @type {Set<string>} */
  let unchecked = new Set();
  let answered = 0;
  let at = "";
  let ledger = "";
  /** @type {Map<string, Promise<Record<string, Passage[]>>>} */
  const passages = new Map();

  /** @param {string} id */
  const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  /** @param {string} tag @param {Record<string, unknown>} [given] @param {...(Node | string)} children */
  function element(tag, given = {}, ...children) {
    const made = document.createElement(tag);
    Object.assign(made, given);
    made.append(...children);
    return made;
  }

  /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async function ask(path, body) {
    const headers = { "X-Kg-Token": sessionStorage.getItem(kept) ?? "", "Content-Type": "application/json" };
    const sent = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`/review/${path}`, sent);
    if (!answer.ok) throw new Error((await answer.text()).trim() || `${answer.status}`);
    return answer.json();
  }

  /** @returns {Proposal[]} the questions of the batch, those put off last */
  function open() {
    const own = proposals.filter((one) => !rule || one.rule === rule);
    return [...own.filter((one) => !later.has(one.id)), ...own.filter((one) => later.has(one.id))];
  }

  /** @returns {Proposal | undefined} */
  const current = () => open().find((one) => one.id === at) ?? open()[0];

  /** @param {Proposal} one @returns {string[]} */
  const chosen = (one) => one.rows.map((row) => row.id).filter((id) => !unchecked.has(id));

  /** @param {number} share */
  const percent = (share) => `${Math.floor(share * 100)}% likely`;

  /** @param {Proposal} one */
  const title = (one) => (one.verb === "split" ? `${one.name}: ` : "") + one.rows.map((row) => row.name).join(" · ");

  /** @param {string} text @param {string[]} names */
  function marked(text, names) {
    const said = names.filter(Boolean).sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const made = document.createDocumentFragment();
    if (!said.length) said.push("$^");
    text.split(new RegExp(`(${said.join("|")})`, "i")).forEach((part, number) => {
      made.append(number % 2 ? element("mark", {}, part) : part);
    });
    return made;
  }

  function drawBatches() {
    /** @type {Map<string, [string, number]>} */
    const counts = new Map();
    for (const one of proposals) counts.set(one.rule, [one.sort[1], (counts.get(one.rule)?.[1] ?? 0) + 1]);
    const all = /** @type {[string, [string, number]]} */ (["", ["everything", proposals.length]]);
    const rows = [all, ...[...counts].sort((a, b) => b[1][1] - a[1][1])];
    const buttons = rows.map(([name, [sort, count]]) =>
      element("button", { type: "button", ariaPressed: String(name === rule), onclick: () => show(name) },
        element("span", {}, sort), element("span", { className: "count" }, count.toLocaleString("en"))));
    place("batches").replaceChildren(...buttons);
    place("state").textContent = `${answered.toLocaleString("en")} answered, ${proposals.length.toLocaleString("en")} to go`;
    const bar = /** @type {HTMLProgressElement} */ (place("progress"));
    bar.max = Math.max(1, answered + proposals.length);
    bar.value = answered;
  }

  /** @param {string} name */
  function show(name) {
    rule = name;
    at = "";
    unchecked = new Set();
    draw();
  }

  /** @param {Proposal} one @param {Row} row @param {number} number */
  function drawRow(one, row, number) {
    const box = element("input", { type: "checkbox", checked: !unchecked.has(row.id), onchange: () => toggle(number) });
    const list = element("ul", { className: "passages" });
    passagesOf(one).then((found) => {
      const looked = one.verb === "split" ? [one.name] : one.rows.map((other) => other.name);
      list.replaceChildren(...(found[row.id] ?? []).map((/** @type {Passage} */ passage) =>
        element("li", {}, element("span", { className: "post" }, passage.title || passage.post), marked(passage.text, looked))));
    }).catch(fail);
    const said = !row.posts ? "" : `${row.posts.toLocaleString("en")} ${row.posts === 1 ? "post" : "posts"}` +
      (one.kind.includes(" ") ? `, ${row.kind}` : "");
    const head = element("div", {}, element("span", { className: "name", dir: "auto" }, row.name),
      element("span", { className: "number" }, said));
    const also = one.verb === "apart" ? "" : "today also ";
    if (row.others.length) head.append(element("div", { className: "also" }, `${also}${row.others.join(", ")}`));
    return element("label", { className: "row" }, box, head, list);
  }

  /** @param {Proposal} one */
  function passagesOf(one) {
    const known = passages.get(one.id) ?? ask(`passages?id=${one.id}`);
    passages.set(one.id, known);
    return known;
  }

  /** @param {number} number */
  function toggle(number) {
    const id = current()?.rows[number]?.id;
    if (id === undefined) return;
    if (!unchecked.delete(id)) unchecked.add(id);
    draw();
  }

  const labels = { accept: ["Accept", "a"], reject: ["Reject", "r"], split: ["Split", "s"], later: ["Later", "l"] };
  const told = {
    same: { accept: "The checked names are one thing", reject: "The checked names are all different things",
      split: "The checked names are one thing, the others are not it", later: "Ask again at the end" },
    apart: { accept: "The checked names are different things", reject: "The checked names are one thing", split: "",
      later: "Ask again at the end" },
    split: { accept: "The checked meanings are things of their own", reject: "It means one thing in all posts",
      split: "", later: "Ask again at the end" },
  };

  function draw() {
    drawBatches();
    const one = current();
    place("next").replaceChildren();
    if (!one) {
      const done = answered ? `Your decisions are in ${ledger}; kg build applies them.` : "No two names wait for a decision.";
      place("question").replaceChildren(element("div", { className: "done" }, element("h2", {}, "Nothing is left"),
        element("p", {}, done), answered ? undo() : ""));
      return;
    }
    at = one.id;
    const asked = one.verb === "split" ? `Does ${one.name} mean several things?`
      : one.verb === "apart" ? "Are these several things?" : "Are these one thing?";
    const why = element("div", { className: "why" });
    const answers = element("div", { className: "answers" });
    for (const [answer, [label, key]] of Object.entries(labels)) {
      if (answer === "split" && (one.verb !== "same" || one.rows.length < 3)) continue;
      const reason = told[one.verb][/** @type {keyof typeof labels} */ (answer)];
      answers.append(element("button", { type: "button", className: answer === "accept" ? "first" : "", title: reason,
        onclick: () => decide(answer) }, label, element("kbd", {}, key)));
    }
    answers.append(element("span", { className: "gap" }), undo());
    place("question").replaceChildren(...batchBar(one),
      element("div", { className: "head" }, element("h2", {}, asked),
        element("span", { className: "sort" }, `${one.kind}, ${one.sort[0]}`),
        element("span", { className: "likely" }, percent(one.likely))),
      ...one.rows.map((row, number) => drawRow(one, row, number)), why, answers);
    explain(one, why);
    const rest = open().filter((other) => other.id !== one.id).slice(0, 8);
    place("next").replaceChildren(...rest.map((other) =>
      element("button", { type: "button", onclick: () => go(other.id) }, element("span", {}, title(other)),
        element("span", { className: "likely" }, percent(other.likely)))));
  }

  /** @param {string} id */
  function go(id) {
    at = id;
    unchecked = new Set();
    draw();
    place("question").focus({ preventScroll: true });
  }

  const undo = () => element("button", { type: "button", className: "plain", title: "Take back the last answer",
    disabled: !answered, onclick: takeBack }, "Undo", element("kbd", {}, "u"));

  /** What there is to say for and against a question, and what an accept would write. @param {Proposal} one
   *  @param {HTMLElement} why */
  function explain(one, why) {
    if (one.evidence) why.append(element("p", {}, `Evidence: ${one.evidence}`));
    if (one.reasons.length) {
      const parts = one.reasons.slice(0, 5).map(([name, meaning, part]) =>
        element("span", { title: meaning }, `${name} ${part > 0 ? "+" : "−"}${Math.abs(part).toFixed(1)}`));
      why.append(element("div", { className: "parts" }, ...parts));
    }
    if (one.doubt) why.append(element("p", { className: "doubt" }, `But ${one.doubt}`));
    ask("preview", { answers: [{ id: one.id, answer: "accept", chosen: chosen(one) }] }).then((/** @type {Outcome} */ found) => {
      if (found.also.length && one.verb === "same") why.append(element("p", {}, `An accept also decides for ${found.also.join(", ")}`));
      for (const conflict of found.conflicts) why.append(element("p", { className: "conflict" }, conflict));
      if (found.lines.length) why.append(element("code", {}, found.lines.join("\n")));
    }).catch(fail);
  }

  /** @param {Proposal} one @returns {HTMLElement[]} */
  function batchBar(one) {
    const all = open().filter((other) => other.verb === "same");
    if (!rule || all.length < 2) return [];
    const bar = element("div", { className: "batch head" });
    const answers = all.map((other) => ({ id: other.id, answer: "accept", chosen: other.rows.map((row) => row.id) }));
    const about = element("p", {}, `${all.length.toLocaleString("en")} ${one.sort[1]}`);
    const look = element("button", { type: "button", onclick: async () => {
      /** @type {Outcome} */
      const found = await ask("preview", { answers });
      const clear = found.lines.length - found.conflicts.length;
      about.textContent = `${found.lines.length.toLocaleString("en")} lines for the ledger` +
        (found.also.length ? `; they also decide for ${found.also.length.toLocaleString("en")} other names` : "");
      for (const conflict of found.conflicts) bar.append(element("p", { className: "conflict" }, conflict));
      look.replaceWith(element("button", { type: "button", disabled: clear < 1, onclick: () => send(answers) }, "Yes, accept them"));
    } }, "Accept all of these…");
    bar.append(about, look);
    return [bar];
  }

  /** @param {string} answer */
  async function decide(answer) {
    const one = current();
    if (!one) return;
    if (answer === "later") {
      later.delete(one.id);
      later.add(one.id);
      at = "";
      unchecked = new Set();
      return draw();
    }
    await send([{ id: one.id, answer, chosen: chosen(one) }]);
  }

  let busy = false;

  /** @param {Answer[]} answers */
  async function send(answers) {
    if (busy) return;
    busy = true;
    try {
      /** @type {Outcome & { done: string[] }} */
      const found = await ask("decide", { answers });
      const done = new Set(found.done);
      proposals = proposals.filter((one) => !done.has(one.id));
      answered += done.size;
      if (done.size) { at = ""; unchecked = new Set(); }
      draw();
      if (found.conflicts.length && !done.size) fail(new Error(found.conflicts[0]));
    } catch (error) {
      fail(error);
    } finally {
      busy = false;
    }
  }

  async function takeBack() {
    if (!answered || busy) return;
    busy = true;
    try {
      /** @type {{ undone: string[] }} */
      const found = await ask("undo", {});
      await load();
      at = found.undone[0] ?? "";
      draw();
    } catch (error) {
      fail(error);
    } finally {
      busy = false;
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    place("state").textContent = error instanceof Error ? error.message : String(error);
  }

  async function load() {
    const found = await ask("proposals");
    proposals = found.proposals;
    answered = found.answered;
    ledger = found.ledger;
  }

  /** @param {number} step */
  function move(step) {
    const all = open();
    const next = all[all.findIndex((one) => one.id === at) + step];
    if (next) go(next.id);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = event.key.toLowerCase();
    const answer = Object.entries(labels).find(([, [, key]]) => key === typed)?.[0];
    const one = current();
    if (answer === "split" && (one?.verb !== "same" || one.rows.length < 3)) return;
    if (answer) decide(answer);
    else if (typed === "u") takeBack();
    else if (typed === "j" || typed === "arrowdown") move(1);
    else if (typed === "k" || typed === "arrowup") move(-1);
    else if (/^[1-9]$/.test(typed)) toggle(Number(typed) - 1);
    else return;
    event.preventDefault();
  });

  load().then(draw).catch(fail);
})();
