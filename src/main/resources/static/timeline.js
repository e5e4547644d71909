// What became of a machine, under its line: asked for when it is opened, and again whenever its picture changes while it is open.

import { element, local, set, tone } from './row.js';

const PAGE = 50;
const LARGEST_PAGE = 1_000;
// Changes come in clusters: one question for all of them.
const SETTLE_MILLIS = 300;

const PARTS = { CONNECTION: 'Connection', ROUTE: 'Route', SYNC: 'Sync', LEASE: 'Lease', LIFECYCLE: 'viam-server' };

const WORDS = {
  CONNECTION: {
    READY: 'connected', CONNECTING: 'being dialed', TRANSIENT_FAILURE: 'not reached', IDLE: 'parked', SHUTDOWN: 'closed',
  },
  ROUTE: { LAN: 'on the LAN', WAN: 'over another network', INTERNET: 'on the internet', NONE: 'no way to it' },
  SYNC: {
    ACTIVE: 'data sync runs', PAUSED: 'data sync pauses', DISABLED: 'data sync is switched off', NOT_APPLICABLE: 'nothing to sync',
    UNKNOWN: 'not known whether data is synced',
  },
  LIFECYCLE: { RUNNING: 'running', INITIALIZING: 'starting', STOPPING: 'stopping', UNKNOWN: 'not heard' },
};

const ENDS = {
  REMOVED: 'it left the fleet then',
  GATEWAY_STOPPED: 'the gateway was stopped then',
  GATEWAY_LOST: 'or longer: the gateway was lost after that',
};

export class Timeline {
  #name;
  #ask;
  #entries = [];
  #next = null;
  #storage = null;
  #seen = '';
  #asked = 0;
  #soon = 0;

  /** @param ask(name, query): the answer to a question for the history */
  constructor(name, ask) {
    this.#name = name;
    this.#ask = ask;
    this.node = element('section', '', 'timeline');
    this.toggle = element('button', 'History');
    this.toggle.type = 'button';
    this.toggle.className = 'name';
    this.toggle.setAttribute('aria-expanded', 'false');
    this.toggle.addEventListener('click', () => this.#open(this.body.hidden));
    const heading = element('h2');
    heading.append(this.toggle);
    this.note = element('p', '', 'soft');
    this.note.setAttribute('role', 'status');
    this.lanes = element('div', '', 'lanes');
    // The list says all that the picture shows.
    this.lanes.setAttribute('aria-hidden', 'true');
    this.list = element('ol');
    this.list.setAttribute('aria-label', `What became of ${name}, the newest first`);
    this.older = element('button', 'Older');
    this.older.type = 'button';
    this.older.addEventListener('click', () => this.#load(this.#next));
    this.body = element('div');
    this.body.hidden = true;
    this.body.append(this.note, this.lanes, this.list, this.older);
    this.node.append(heading, this.body);
  }

  /** The machine as it is now: where that is news, the history has some, too. */
  show({ connection, route, sync, lease, lifecycle }) {
    const seen = JSON.stringify([connection.state, connection.since, route && [route.kind, route.via, route.transport, route.peer],
      sync.state, sync.since, lease && [lease.sequence, lease.protection], lifecycle.state]);
    if (seen !== this.#seen) {
      this.#seen = seen;
      if (!this.body.hidden) {
        clearTimeout(this.#soon);
        this.#soon = setTimeout(() => this.#load(), SETTLE_MILLIS);
      }
    }
  }

  #open(open) {
    this.toggle.setAttribute('aria-expanded', String(open));
    this.body.hidden = !open;
    if (open) {
      this.#load();
    }
  }

  /** Asks for the next page, or anew for as much as is shown. */
  async #load(after = null) {
    const asked = ++this.#asked;
    if (this.#entries.length === 0) {
      set(this.note, 'asking …');
    }
    const size = after ? PAGE : Math.min(LARGEST_PAGE, Math.max(PAGE, this.#entries.length));
    try {
      const answer = await this.#ask(this.#name, `pageSize=${size}${after ? `&pageToken=${encodeURIComponent(after)}` : ''}`);
      // An answer that was overtaken by another question is out of date.
      if (asked === this.#asked) {
        this.#entries = after ? [...this.#entries, ...answer.history] : answer.history;
        this.#next = answer.nextPageToken;
        this.#storage = answer.storage;
        this.draw();
      }
    } catch (e) {
      if (asked === this.#asked) {
        set(this.note, `the history is not to be had: ${e.message}`);
      }
    }
  }

  /** What was answered, with its times as they read today. */
  draw() {
    if (this.#storage === null) {
      return;
    }
    set(this.note, kept(this.#storage));
    this.older.hidden = this.#next === null;
    const told = sentences(this.#entries);
    this.list.replaceChildren(...told.map(line));
    this.lanes.replaceChildren(...lanes(this.#entries));
  }
}

function kept({ state, since, reason, dropped }) {
  const lost = dropped ? ` ${dropped} entries could not be kept.` : '';
  switch (state) {
    case 'KEPT': return lost.trim();
    case 'NOT_KEPT': return 'Not kept over a restart of the gateway.';
    default: return `${state === 'BEHIND' ? 'Its database is behind' : 'Its database is away'} since ${local(since)}: ${reason}.${lost}`;
  }
}

/** What is said of each entry; a way that was lost and another that was found are one thing. */
function sentences(entries) {
  const routes = entries.filter(entry => entry.part === 'ROUTE');
  const merged = new Set();
  return entries.map(entry => {
    if (merged.has(entry)) {
      return null;
    }
    const at = routes.indexOf(entry);
    const none = at < 0 ? undefined : routes[at + 1];
    const lost = at < 0 ? undefined : routes[at + 2];
    if (entry.state !== 'NONE' && none?.state === 'NONE' && none.ended === 'CHANGED' && lost?.ended === 'CHANGED') {
      merged.add(none);
      return { entry, text: `${lost.state} lost at ${local(none.since)} (${none.reason}), ${words(entry)} since ${local(entry.since)}` };
    }
    return { entry, text: words(entry) };
  }).filter(Boolean);
}

function words({ part, state, via, transport, peer, holder, protection }) {
  if (part === 'LEASE') {
    return state === 'HELD' ? `held by ${holder}, protection ${protection}` : 'free';
  }
  const text = WORDS[part]?.[state] ?? state;
  return part === 'ROUTE' && state !== 'NONE' ? `${text} (${transport} via ${via}, ${peer})` : text;
}

function line({ entry, text }) {
  const item = element('li');
  const mark = element('span', PARTS[entry.part] ?? entry.part, 'badge');
  mark.dataset.tone = tone(entry.state);
  const end = ENDS[entry.ended];
  const said = entry.part === 'LEASE' || text.includes(' lost at ') || !entry.reason ? '' : `: ${entry.reason}`;
  item.append(mark, ' ', when(entry), ' ', `${text}${said}${end ? `; ${end}` : ''}`);
  return item;
}

function when({ since, until }) {
  const both = element('span', '', 'soft');
  both.append(until ? moment(since) : 'since ', until ? ' to ' : moment(since), until ? moment(until) : '');
  return both;
}

function moment(time) {
  const made = element('time', local(time));
  made.dateTime = time;
  return made;
}

/** The same as a picture, one lane for each part, from the oldest change to now. */
function lanes(entries) {
  const now = Date.now();
  const from = Math.min(...entries.map(entry => Date.parse(entry.until ?? entry.since)));
  // What began before the oldest change shall be seen to.
  const start = from - Math.max(1_000, (now - from) * 0.05);
  const place = time => Math.min(100, Math.max(0, (time - start) / (now - start) * 100));
  return Object.entries(PARTS).map(([part, name]) => {
    const lane = element('div', '', 'lane');
    const bar = element('div', '', 'bar-of');
    for (const entry of entries.filter(one => one.part === part)) {
      const left = place(Date.parse(entry.since));
      const piece = element('i');
      piece.dataset.tone = tone(entry.state);
      piece.style.left = `${left}%`;
      piece.style.width = `${place(entry.until ? Date.parse(entry.until) : now) - left}%`;
      piece.title = words(entry);
      bar.append(piece);
    }
    lane.append(element('span', name, 'soft'), bar);
    return lane;
  });
}
