// The page of `cleaner review`. What is pressed is done one after the other, and a correction is saved before the next
// thing is done: however fast somebody types, nothing is lost. All places are code points of the article's text.
"use strict";

const $ = (name) => document.getElementById(name);
const form = $("filter");
const LETTERS = {
  "donation-appeal": "d", "subscription-prompt": "s", "newsletter-prompt": "n", "photo-caption": "p",
  "related-links": "r", "social-share": "h", comments: "c", promotion: "o", "legal-notice": "l", byline: "b",
  "source-credit": "g", "media-player": "m", navigation: "v", "editorial-note": "e", headline: "t", other: "z",
};
const SIGNS = { accept: "✓", keep: "✓", restore: "↩", recategorise: "✎", mark: "✂", unsure: "?" };
const BOILERPLATE = ["accept", "recategorise", "mark"];
const HELD = 12; // articles

const state = {
  run: null, list: null, items: [], total: 0, at: 0, article: null, points: [], unit: null, units: [],
  waiting: 0, made: 0, why: false, page: false, busy: Promise.resolve(),
};
const articles = new Map();

// -- asking the server ------------------------------------------------------------------------------------------

function trouble(text) {
  $("trouble").hidden = !text;
  $("trouble").textContent = text;
}

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Asks until there is an answer: the server knows a correction by its id, and does not save it twice.
async function post(path, told) {
  for (;;) {
    let answer;
    try {
      answer = await fetch(path, { method: "POST", body: JSON.stringify(told) });
    } catch {
      trouble("Not saved yet: the program does not answer. This page goes on trying; leave it open.");
      await pause(1000);
      continue;
    }
    if (answer.ok) {
      trouble("");
      return answer.json();
    }
    throw new Error(await answer.text());
  }
}

const name = () => Array.from(crypto.getRandomValues(new Uint8Array(9)), (b) => b.toString(16).padStart(2, "0")).join("");

// One thing after the other.
function then(what) {
  state.waiting += 1;
  told();
  state.busy = state.busy.then(what).catch((fault) => trouble(String(fault.message || fault))).finally(() => {
    state.waiting -= 1;
    told();
  });
  return state.busy;
}

function load(number) {
  if (!articles.has(number)) {
    if (articles.size >= HELD) articles.delete(articles.keys().next().value);
    const asked = get(`api/article/${number}`);
    asked.catch(() => articles.delete(number));
    articles.set(number, asked);
  }
  return articles.get(number);
}

// -- going through ----------------------------------------------------------------------------------------------

function wanted() {
  const asked = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (value) asked.set(key, value === "on" ? "1" : value);
  return asked;
}

const bySpan = () => state.run.audit || form.elements.mode.value === "spans";

async function more() {
  const asked = wanted();
  asked.set("first", state.items.length);
  if (state.list !== null) asked.set("list", state.list);
  let found = await get(`api/items?${asked}`);
  if (!found.items.length && !found.complete) {
    await pause(500); // the logs are still being read
    asked.delete("list");
    found = await get(`api/items?${asked}`);
  }
  state.list = found.list;
  state.total = found.total;
  state.items.push(...found.items);
  return found.items.length > 0;
}

async function restart() {
  Object.assign(state, { list: null, items: [], total: 0, at: 0 });
  articles.clear();
  const said = [...wanted()].filter(([key]) => key !== "mode").map(([key, value]) => `${key} ${value}`);
  $("filtered").textContent = said.length ? `: ${said.join(", ")}` : "";
  if (await more()) await go(0);
  else nothing();
}

function nothing() {
  Object.assign(state, { article: null, unit: null, units: [], points: [] });
  $("title").textContent = "There is nothing to show";
  $("meta").textContent = "No span or article passes the filter.";
  $("text").replaceChildren();
  draw();
}

async function go(at, last = false) {
  if (at < 0) return say("This is the first.");
  while (at >= state.items.length) if (!(await more())) return say("This is the last.");
  state.at = at;
  const item = state.items[at];
  await open(item.number);
  if (bySpan()) choose(item);
  else choose(last ? state.units[state.units.length - 1] : state.units[0]);
  const next = state.items[at + 1];
  if (next) load(next.number).catch(() => {});
}

async function open(number) {
  const article = await load(number);
  if (state.article === article) return;
  state.article = article;
  state.points = Array.from(article.text ?? "");
  const near = form.elements.show.value === "near";
  state.units = (near ? article.kept : article.removed).map((s) => ({ ...s, number, kind: near ? "kept" : "removed" }));
  state.unit = null;
  if (state.page) await showPage();
}

const same = (one, other) => one && other && one.start === other.start && one.end === other.end;

function choose(unit) {
  state.unit = unit ? state.units.find((one) => same(one, unit) && one.kind === unit.kind) ?? unit : null;
  draw();
  const chosen = document.querySelector(".chosen");
  if (chosen) chosen.scrollIntoView({ block: "center", behavior: "instant" });
  speak();
}

async function step(way) {
  if (bySpan() && !state.unit?.loose) return go(state.at + way);
  const at = state.units.findIndex((one) => same(one, state.unit));
  const next = at < 0 ? (way > 0 ? 0 : state.units.length - 1) : at + way;
  if (state.units[next]) return choose(state.units[next]);
  return bySpan() ? go(state.at) : go(state.at + way, way < 0);
}

async function toArticle(way) {
  const here = state.items[state.at]?.number;
  let at = state.at + way;
  while (bySpan()) {
    while (at >= state.items.length) if (!(await more())) return say("This is the last article.");
    if (at < 0 || state.items[at].number !== here) break;
    at += way;
  }
  return go(at);
}

// The lines that stay, as parts that can be chosen.
function paragraphs() {
  const found = [];
  let start = 0;
  for (const line of (state.article?.text ?? "").split("\n")) {
    const size = Array.from(line).length;
    const gone = state.article.removed.some((s) => s.start <= start && s.end >= start + size);
    if (line.trim() && !gone) found.push({ number: state.article.number, start, end: start + size, kind: "paragraph", loose: true });
    start += size + 1;
  }
  return found;
}

function stepParagraph(way) {
  const all = paragraphs();
  const from = state.unit ? state.unit.start : -1;
  const found = way > 0 ? all.find((p) => p.start > from) : all.reverse().find((p) => p.start < from);
  if (found) choose(found);
  else say("No further paragraph stayed.");
}

// -- correcting -------------------------------------------------------------------------------------------------

async function save(action, part, category) {
  const told = { id: name(), number: state.article.number, action, start: part.start, end: part.end, category };
  const { said } = await post("api/correct", told);
  state.article.said = said;
  state.made += 1;
}

// The selected text as places, or null.
function selected() {
  const chosen = window.getSelection();
  if (!chosen || chosen.isCollapsed || !$("text").contains(chosen.anchorNode) || !$("text").contains(chosen.focusNode)) return null;
  const ends = [[chosen.anchorNode, chosen.anchorOffset], [chosen.focusNode, chosen.focusOffset]].map(placeOf);
  const [start, end] = ends.sort((a, b) => a - b);
  return end > start ? { start, end, number: state.article.number, kind: "selection", loose: true } : null;
}

function placeOf([node, offset]) {
  if (node.nodeType === Node.TEXT_NODE) {
    const piece = node.parentElement.closest("[data-start]");
    return Number(piece.dataset.start) + Array.from(node.data.slice(0, offset)).length;
  }
  const child = node.childNodes[offset] ?? node;
  const piece = child.nodeType === Node.ELEMENT_NODE ? child.closest("[data-start]") ?? child.querySelector("[data-start]") : child.parentElement.closest("[data-start]");
  return piece ? Number(piece.dataset.start) : 0;
}

const stays = (unit) => unit.kind !== "removed";

async function judge(action) {
  const part = selected() ?? state.unit;
  if (!part || state.article?.text == null) return say("Nothing is chosen.");
  const loose = part !== state.unit || part.loose;
  if (action === "accept") await save(stays(part) ? "keep" : "accept", part, part.category ?? "");
  else if (action === "restore") await save(stays(part) && part.kind !== "selection" ? "keep" : "restore", part, part.category ?? "");
  else if (action === "unsure") await save("unsure", part, part.category ?? "");
  else {
    const category = await ask(part);
    if (!category) return;
    await save(part.kind === "removed" ? "recategorise" : "mark", part, category);
  }
  window.getSelection()?.removeAllRanges();
  if (loose) return choose(part.kind === "selection" ? state.unit : part);
  const at = state.at;
  const unit = state.unit;
  if (bySpan()) await go(at + 1);
  else {
    const next = state.units[state.units.findIndex((one) => same(one, unit)) + 1];
    if (next) choose(next);
    else say("That was the last span of the article: d when the rest is right.");
  }
  draw();
}

async function done() {
  if (!state.article || state.article.text == null) return;
  await save("done", { start: 0, end: 0 }, "");
  draw();
  await toArticle(1);
}

async function undo() {
  const { undone } = await post("api/undo", { id: name() });
  if (!undone) return say("There is nothing to undo.");
  state.made = Math.max(0, state.made - 1);
  articles.clear();
  state.article = null;
  if (undone.number === null) return restart();
  const at = state.items.findIndex((one) => one.number === undone.number && (!bySpan() || one.start === undone.start));
  if (at >= 0) return go(at).then(() => (undone.action === "done" || bySpan() ? null : choose(undone)));
  await open(undone.number);
  choose(undone.action === "done" ? null : { ...undone, loose: true, kind: "paragraph" });
}

// The category that somebody chooses, or null.
function ask(part) {
  $("choose-title").textContent = part.kind === "removed" ? "Boilerplate, but of which category?" : "Missed: of which category?";
  return new Promise((chosen) => {
    const dialog = $("choose");
    const end = (value) => {
      dialog.onclose = null;
      dialog.close();
      chosen(value);
    };
    dialog.onclose = () => chosen(null);
    dialog.onkeydown = (event) => {
      const found = Object.entries(LETTERS).find(([, letter]) => letter === event.key);
      if (found && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        end(found[0]);
      }
    };
    $("choices").onclick = (event) => {
      const button = event.target.closest("button");
      if (button) end(button.dataset.category);
    };
    dialog.showModal();
    dialog.querySelector(`[data-category="${part.category}"]`)?.focus();
  });
}

// -- showing ----------------------------------------------------------------------------------------------------

const say = (text) => { $("live").textContent = text; };

function told() {
  const run = state.run;
  if (!run) return;
  const parts = [`${run.corrections + state.made} corrections`];
  parts.push(state.waiting ? "saving …" : "saved");
  $("saved").textContent = parts.join(", ");
}

function speak() {
  const unit = state.unit;
  if (!unit) return say(state.units.length ? "" : "Nothing of this article is listed.");
  const text = state.points.slice(unit.start, Math.min(unit.end, unit.start + 200)).join("").trim();
  say(`${unit.kind === "removed" ? "Went" : "Stayed"}: ${unit.category ?? ""} ${text}`);
}

// What was last said of each part: later lines cover earlier ones.
function saidOf(start, end) {
  return state.article.said.findLast((one) => one.start < end && one.end > start && one.end > 0);
}

function edges(start, end) {
  const found = new Set([start, end]);
  const article = state.article;
  for (const one of [...article.removed, ...article.kept, ...article.said, ...(state.unit ? [state.unit] : [])])
    for (const edge of [one.start, one.end]) if (edge > start && edge < end) found.add(edge);
  return [...found].sort((a, b) => a - b);
}

function piece(start, end, signed) {
  const article = state.article;
  const covers = (one) => one.start < end && one.end > start;
  const removed = article.removed.find(covers);
  const near = article.kept.find(covers);
  const said = saidOf(start, end);
  const gone = said ? BOILERPLATE.includes(said.action) || (said.action === "unsure" && removed) : Boolean(removed);
  const element = document.createElement(gone ? "del" : "span");
  element.dataset.start = start;
  const category = said && BOILERPLATE.includes(said.action) ? said.category : (removed ?? near)?.category;
  if (category) element.classList.add(`c-${category}`);
  if (near && !removed) element.classList.add("near");
  if (said) {
    if (!signed.has(said.id)) {
      element.classList.add("said"); // its sign stands once, at its beginning
      element.dataset.sign = SIGNS[said.action];
      signed.add(said.id);
    }
    if (said.action === "mark") element.classList.add("missed");
    if (said.action === "restore") element.classList.add("restored");
    if (said.action === "unsure") element.classList.add("unsure");
  }
  if (state.unit && covers(state.unit)) element.classList.add("chosen");
  element.textContent = state.points.slice(start, end).join("");
  return element;
}

function drawText() {
  const lines = [];
  const signed = new Set();
  let start = 0;
  for (let end = 0; end <= state.points.length; end += 1) {
    if (end < state.points.length && state.points[end] !== "\n") continue;
    const line = document.createElement("p");
    line.className = "line";
    const cuts = end > start ? edges(start, end) : [];
    for (let at = 0; at + 1 < cuts.length; at += 1) line.append(piece(cuts[at], cuts[at + 1], signed));
    lines.push(line);
    start = end + 1;
  }
  $("text").replaceChildren(...lines);
}

function drawUnit() {
  const unit = state.unit;
  const parts = [];
  if (unit) {
    const label = document.createElement("b");
    label.className = `c-${unit.category ?? "other"}`;
    label.textContent = unit.category ?? (unit.kind === "paragraph" ? "stayed" : "chosen");
    parts.push(label);
    const full = unit.score === undefined ? "" : ` score ${unit.score.toFixed(2)} · ${unit.rule || unit.detector}`;
    parts.push(`${full}${unit.kind === "kept" ? " · stayed, but nearly went" : ""}`);
    if (unit.kind === "paragraph") parts.push(" Is it article? a: yes, m: no, it is boilerplate");
  } else parts.push(state.article ? "Nothing is chosen." : "");
  $("unit").replaceChildren(...parts);
  $("reason").hidden = !state.why;
  $("reason").textContent = unit?.reason ?? "There is no reason to show.";
  document.querySelector("[data-do=why]").setAttribute("aria-expanded", String(state.why));
}

function draw() {
  const article = state.article;
  if (article) {
    $("title").textContent = article.title || article.article;
    const done = article.said.some((one) => one.action === "done");
    const share = article.characters ? Math.round((1000 * article.removed_characters) / article.characters) / 10 : 0;
    $("meta").textContent = [article.title ? article.article : "", article.site, article.language, `${share} % went`, done ? "done" : ""].filter(Boolean).join(" · ");
    if (article.text === null) trouble(`The text can't be shown: ${article.trouble}`);
    drawText();
  }
  $("page-button").hidden = !article?.page;
  drawUnit();
  const total = state.total.toLocaleString("en");
  $("where").textContent = state.items.length ? `${(state.at + 1).toLocaleString("en")} of ${total}${state.run.complete ? "" : " so far"}` : "";
  told();
}

async function showPage() {
  const place = $("beside");
  const on = state.page && state.article?.page;
  place.hidden = !on;
  $("main").classList.toggle("with-page", Boolean(on));
  place.replaceChildren();
  if (!on) return;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "");
  frame.title = "The page as it was, without what it loads";
  frame.src = `page/${state.article.number}`;
  place.append(frame);
}

// -- keys and buttons -------------------------------------------------------------------------------------------

const DOES = {
  accept: () => judge("accept"), restore: () => judge("restore"), unsure: () => judge("unsure"),
  category: () => judge("category"), mark: () => judge("mark"), done, undo,
  next: () => step(1), previous: () => step(-1),
  why: () => { state.why = !state.why; drawUnit(); },
  page: () => { state.page = !state.page; return showPage(); },
  "next-article": () => toArticle(1), "previous-article": () => toArticle(-1),
  "next-paragraph": () => stepParagraph(1), "previous-paragraph": () => stepParagraph(-1),
  mode: () => { form.elements.mode.value = bySpan() ? "articles" : "spans"; return restart(); },
};
const KEYS = {
  a: "accept", r: "restore", x: "unsure", c: "category", m: "mark", d: "done", u: "undo", j: "next", k: "previous",
  ArrowDown: "next", ArrowUp: "previous", n: "next-article", p: "previous-article", "]": "next-paragraph",
  "[": "previous-paragraph", i: "why", v: "page", s: "mode",
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape") $("text").focus();
    return;
  }
  if (event.key === "?") return $("help").showModal();
  if (event.key === "f") {
    event.preventDefault();
    $("filters").open = true;
    return form.elements.show.focus();
  }
  if (KEYS[event.key] && !(state.run?.audit && KEYS[event.key] === "mode")) {
    event.preventDefault();
    then(DOES[KEYS[event.key]]);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  if (button.dataset.do === "help") $("help").showModal();
  else then(DOES[button.dataset.do]);
});

$("text").addEventListener("click", (event) => {
  const element = event.target.closest("[data-start]");
  if (!element || !window.getSelection().isCollapsed) return;
  const at = Number(element.dataset.start);
  const article = state.article;
  const found = article.removed.find((one) => one.start <= at && one.end > at) ?? article.kept.find((one) => one.start <= at && one.end > at);
  then(() => {
    if (!found) return choose(paragraphs().find((one) => one.start <= at && one.end > at));
    const kind = article.removed.includes(found) ? "removed" : "kept";
    const item = state.items.findIndex((one) => one.number === article.number && one.start === found.start && one.kind === kind);
    if (bySpan() && item >= 0) return go(item);
    choose({ ...found, number: article.number, kind, loose: bySpan() });
  });
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  then(restart);
});
form.addEventListener("change", () => then(restart));
form.addEventListener("reset", () => setTimeout(() => then(restart)));
$("choose-no").addEventListener("click", () => $("choose").close());
$("help-no").addEventListener("click", () => $("help").close());
window.addEventListener("beforeunload", (event) => { if (state.waiting) event.preventDefault(); });

function options(select, names) {
  const known = new Set(Array.from(select.options ?? select.children, (one) => one.value));
  for (const each of names) {
    if (known.has(each)) continue;
    const option = document.createElement("option");
    option.value = each;
    if (select.options instanceof HTMLOptionsCollection) option.textContent = each;
    select.append(option);
  }
}

// The names of rules, sites and languages, again until all logs are read.
async function names() {
  state.run = await get("api/run");
  state.run.corrections -= state.made;
  options(form.elements.category, state.run.categories);
  options(form.elements.language, state.run.languages);
  options($("rules"), state.run.rules);
  options($("sites"), state.run.sites);
  if (state.run.trouble) trouble(state.run.trouble);
  if (!state.run.complete) setTimeout(() => names().catch(() => {}), 2000);
}

async function begin() {
  await names();
  $("filters").hidden = state.run.audit;
  document.title = state.run.audit ? "Audit – cleaner" : "Review – cleaner";
  for (const category of state.run.all_categories) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `c-${category}`;
    button.dataset.category = category;
    const key = document.createElement("kbd");
    key.textContent = LETTERS[category] ?? "";
    button.append(`${category} `, key);
    $("choices").append(button);
  }
  await restart();
}

then(begin);
