// The fleet, live: one socket, one line per machine, and a STOP that works with or without the socket.

import { Counts, inState } from './counts.js';
import { details } from './details.js';
import { Helm } from './helm.js';
import { Link } from './link.js';
import { Row, ago, element, local } from './row.js';
import { looksLikeSelector, parseSelector } from './selector.js';
import { path } from './stop.js';
import { Timeline } from './timeline.js';

const byId = id => document.getElementById(id);
const order = new Intl.Collator('en', { numeric: true }).compare;

/** As many lines as a browser draws at ease; the others are a press away. */
const LINES = 300;

const rows = new Map();
const dirty = new Map();
let arriving = null;
let shownState = null;
let matches = () => true;
let selectorText = '';
let skew = 0;
let link = { state: 'connecting', since: Date.now(), pictureAt: null, detail: '' };
let uplink = { state: 'UNKNOWN', since: null, reason: '', signals: [] };
let day = new Date().toDateString();
let drawing = false;
let loaded = false;
let lines = LINES;
/** The rows as they stand on the page. */
let ordered = [];

const now = () => Date.now() + skew;

// ---- what comes in

const socket = new Link({
  snapshot(machines, first, last) {
    if (first) {
      arriving = new Set();
    }
    machines.forEach(machine => {
      arriving.add(machine.name);
      dirty.set(machine.name, machine);
    });
    if (last) {
      for (const name of new Set([...rows.keys(), ...dirty.keys()])) {
        if (!arriving.has(name)) {
          dirty.set(name, null);
        }
      }
      arriving = null;
      loaded = true;
    }
    heard();
  },
  changes(machines) {
    machines.forEach(machine => dirty.set(machine.name, machine));
    heard();
  },
  removed(names) {
    names.forEach(name => dirty.set(name, null));
    heard();
  },
  uplink(news) {
    uplink = news;
    drawUplink();
  },
  leaseLost: params => helm.leaseLost(params),
  goaway: () => helm.goaway(),
  state(state, detail = '') {
    const before = link;
    link = {
      state,
      detail,
      since: state === before.state ? before.since : Date.now(),
      pictureAt: state === 'live' ? null : before.pictureAt ?? (before.state === 'live' ? Date.now() : null),
    };
    drawLink();
    helm.linked(state);
  },
});

// Said where it matters: a fleet on the LAN goes on without the internet, and nobody should look for the fault at a machine.
function drawUplink() {
  const shown = uplink.state === 'DOWN'
    || (uplink.state === 'UNKNOWN' && uplink.signals.some(signal => signal.says === 'DOWN'));
  const line = byId('uplink');
  line.hidden = !shown;
  line.dataset.state = uplink.state;
  line.textContent = shown
    ? `${uplink.state === 'DOWN' ? 'This gateway has no internet' : 'Whether this gateway has internet is not known'}`
      + ` since ${local(uplink.since)}: ${uplink.reason}`
    : '';
}

function heard() {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(draw);
    // A page in the background gets no animation frames, and must not gather changes without end.
    setTimeout(draw, 1_000);
  }
}

// ---- what is shown

function draw() {
  if (!drawing) {
    return;
  }
  drawing = false;
  const body = byId('rows');
  const fresh = [];
  for (const [name, machine] of dirty) {
    const row = rows.get(name);
    if (machine === null) {
      row?.node.remove();
      ordered = ordered.filter(each => each !== row);
      rows.delete(name);
    } else if (row) {
      row.show(machine, now());
      redrawDetails(row);
      place(row);
    } else {
      const made = new Row(machine, { stop: name => helm.stops.one(name), toggle });
      made.show(machine, now());
      place(made);
      rows.set(name, made);
      fresh.push(made);
    }
  }
  dirty.clear();
  insert(body, fresh);
  drawCounts();
}

function insert(body, fresh) {
  if (fresh.length === 0) {
    return;
  }
  fresh.sort((one, other) => order(one.name, other.name));
  const all = [];
  let at = 0;
  for (const row of fresh) {
    row.node.dataset.name = row.name;
    while (at < ordered.length && order(ordered[at].name, row.name) < 0) {
      all.push(ordered[at++]);
    }
    body.insertBefore(row.node, ordered[at]?.node ?? null);
    all.push(row);
  }
  ordered = all.concat(ordered.slice(at));
}

function place(row) {
  row.chosen = matches(row) && (shownState === null || inState(row.machine, shownState));
}

/** Has the first of the chosen lines shown, and those that are open; tells how many are chosen. */
function showLines() {
  let chosen = 0;
  for (const row of ordered) {
    chosen += row.chosen;
    const hidden = !row.chosen || (chosen > lines && !row.details);
    // What a row says of itself is read rather than asked of the document, ten times a second.
    if (row.hidden !== hidden) {
      row.hidden = hidden;
      row.node.hidden = hidden;
    }
  }
  const more = byId('more');
  more.hidden = chosen <= lines;
  more.textContent = `Show ${Math.min(LINES, chosen - lines)} more of ${chosen}`;
  return chosen;
}

byId('more').addEventListener('click', () => {
  lines += LINES;
  drawCounts();
});

function drawCounts() {
  const away = rows.size - counts.draw([...rows.values()].map(row => row.machine), shownState);
  const shown = showLines();
  document.title = away ? `(${away} not ready) Fleet` : 'Fleet';
  const text = `STOP ${shown === rows.size ? 'all' : 'the'} ${shown} ${shown > lines ? 'chosen' : 'shown'}`;
  const stopAll = byId('stop-all');
  if (stopAll.textContent !== text) {
    stopAll.textContent = text;
  }
  stopAll.hidden = shown === 0;
  const empty = byId('empty');
  empty.hidden = shown > 0 || !loaded;
  empty.textContent = rows.size === 0
    ? 'There are no machines yet: name some under gateway.machines in application.yml, or start with --spring.profiles.active=demo.'
    : 'No machine matches.';
}

const counts = new Counts(byId('counts'), state => {
  shownState = shownState === state ? null : state;
  refilter();
});

function drawLink() {
  const node = byId('link');
  document.body.dataset.link = link.state;
  const text = linkText();
  node.dataset.state = link.state;
  // Read aloud when the state changes, not each second while it lasts.
  node.setAttribute('aria-live', link.state === node.dataset.said ? 'off' : 'polite');
  node.dataset.said = link.state;
  byId('link-text').textContent = text;
}

function linkText() {
  const why = link.detail ? ` (${link.detail})` : '';
  if (link.state === 'live') {
    return 'live';
  }
  if (link.state === 'connecting') {
    return link.detail || 'connecting';
  }
  const picture = link.pictureAt === null ? '' : `, picture below is from ${local(link.pictureAt, 'en-GB')}`;
  return `reconnecting since ${ago(Date.now() - link.since)}${why}${picture}`;
}

setInterval(() => {
  rows.forEach(row => row.node.hidden || row.tick(now()));
  if (link.state !== 'live') {
    drawLink();
  }
  newDay();
}, 1_000);

// What was drawn yesterday without its day would read as today's.
function newDay() {
  const today = new Date().toDateString();
  if (day !== today) {
    day = today;
    drawUplink();
    rows.forEach(row => row.timeline?.draw());
  }
}

// ---- the filter

byId('search').addEventListener('submit', event => event.preventDefault());
byId('filter').addEventListener('input', refilter);

function refilter() {
  const text = byId('filter').value.trim();
  let note = '';
  selectorText = '';
  if (text === '') {
    matches = () => true;
  } else if (looksLikeSelector(text)) {
    const selector = parseSelector(text);
    if (selector) {
      matches = row => selector(row.machine.labels);
      selectorText = text;
    } else {
      note = 'not a selector yet: write site=lab, kind!=arm, kind in (rover,arm), or !spare';
    }
  } else {
    const words = text.toLowerCase().split(/\s+/);
    matches = row => words.every(word => row.words().includes(word));
  }
  byId('filter-note').textContent = note;
  lines = LINES;
  rows.forEach(place);
  drawCounts();
}

// ---- details

function toggle(row) {
  const open = row.details === undefined;
  row.expander.setAttribute('aria-expanded', String(open));
  if (open) {
    row.drive ??= helm.panel(row.name);
    row.drive.show(row.machine);
    row.facts = details(row.machine, { resources, post });
    row.details = element('td', '', 'details');
    row.details.setAttribute('role', 'cell');
    row.timeline ??= new Timeline(row.name, history);
    row.timeline.show(row.machine);
    row.details.append(row.drive.node, row.timeline.node, row.facts);
    row.node.append(row.details);
  } else {
    if (helm.has(row.name)) {
      helm.drop();
    }
    row.details.remove();
    row.details = undefined;
  }
}

// What was asked for is kept: only what the feed carries is drawn anew, and never under a finger on a button.
function redrawDetails(row) {
  row.drive?.show(row.machine);
  if (row.details) {
    row.timeline.show(row.machine);
  }
  if (row.details && !row.facts.contains(document.activeElement)) {
    const anew = details(row.machine, { resources: name => row.resources ?? resources(name), post });
    row.facts.replaceWith(anew);
    row.facts = anew;
  }
}

async function resources(name) {
  const answer = await fetch(path(name, 'resources'));
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.detail ?? answer.statusText);
  }
  const row = rows.get(name);
  if (row) {
    row.resources = Promise.resolve(body.resources);
  }
  return body.resources;
}

async function history(name, query) {
  const answer = await fetch(path(name, `history?${query}`));
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.detail ?? answer.statusText);
  }
  return body;
}

async function post(name, verb) {
  try {
    const answer = await fetch(path(name, verb), { method: 'POST' });
    if (!answer.ok) {
      alertOf(`${name}: ${(await answer.json()).detail}`);
    }
  } catch (e) {
    alertOf(`${name}: the gateway cannot be reached (${e.message})`);
  }
}

// ---- driving

const helm = new Helm(socket, rows, {
  resources,
  link: () => link.state,
  failed: text => alertOf(text),
  changed(machine, how) {
    const mine = byId('mine');
    mine.hidden = machine === null;
    mine.dataset.name = machine ?? '';
    mine.textContent = machine === null ? '' : `${machine} is yours${how && `, ${how}`}`;
  },
});

byId('mine').addEventListener('click', () => {
  const row = rows.get(byId('mine').dataset.name);
  if (row && !row.details) {
    toggle(row);
  }
  row?.node.scrollIntoView({ block: 'center' });
});

// ---- stop

byId('stop-all').addEventListener('click', () => {
  const shown = [...rows.values()].filter(row => row.chosen).map(row => row.name);
  byId('confirm-text').textContent = shown.length === 1
    ? `Stop ${shown[0]}?`
    : `Stop ${shown.length === rows.size ? 'all' : 'these'} ${shown.length} machines? ${shown.slice(0, 12).join(', ')}${shown.length > 12 ? ', …' : ''}`;
  const dialog = byId('confirm');
  dialog.returnValue = '';
  dialog.onclose = () => dialog.returnValue === 'stop' && stopShown(shown);
  helm.drop();
  dialog.showModal();
  byId('confirm-stop').focus();
});

async function stopShown(names) {
  const selector = names.length === rows.size ? '' : shownState === null && selectorText !== '' ? selectorText : null;
  if (selector === null) {
    names.forEach(name => helm.stops.one(name));
    return;
  }
  await helm.stops.selected(selector, names);
}

function alertOf(text) {
  const alerts = byId('alerts');
  const line = element('p');
  const close = element('button', 'Dismiss');
  close.type = 'button';
  close.addEventListener('click', () => line.remove());
  line.append(element('span', `${new Date().toLocaleTimeString('en-GB')} ${text}`), close);
  alerts.prepend(line);
  while (alerts.children.length > 5) {
    alerts.lastChild.remove();
  }
}

// ---- who I am, and whose clock is right

fetch('api/v1/permissions').then(async answer => {
  const date = Date.parse(answer.headers.get('Date') ?? '');
  const apart = date - Date.now();
  // The header has whole seconds only: a smaller difference is none.
  skew = Math.abs(apart) > 2_000 ? apart : 0;
  const { caller, role } = await answer.json();
  byId('caller').textContent = caller ? `${caller}, ${role}` : '';
}).catch(() => {});

drawLink();
drawCounts();
