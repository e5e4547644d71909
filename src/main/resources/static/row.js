// One line of the table: made once, and then only what differs is written.

const TONES = {
  READY: 'good', CONNECTING: 'wait', TRANSIENT_FAILURE: 'bad', SHUTDOWN: 'bad', IDLE: 'none',
  LAN: 'good', WAN: 'calm', INTERNET: 'wait', none: 'none',
  STILL: 'good', MOVING: 'wait', ACTIVE: 'good', PAUSED: 'bad', DISABLED: 'none', NOT_APPLICABLE: 'none', UNKNOWN: 'none',
  RESTARTED: 'wait', STOPPED: 'bad', GATEWAY_ONLY: 'wait', NONE: 'bad',
  RUNNING: 'good', INITIALIZING: 'wait', STOPPING: 'wait', FREE: 'none',
};

/** The colour of a word of the contract. */
export const tone = word => TONES[word] ?? 'calm';

/** What each kind of protection of a lease means, a sentence each. */
export const PROTECTION = {
  ACTIVE: 'As far as the gateway knows, the machine stops by itself if this page, the network or the gateway is gone.',
  RESTARTED: 'The session on the machine was lost and begun anew: what had moved was stopped, and nothing was sent again.',
  STOPPED: 'A stop keeps the holder from moving anything until he resumes.',
  GATEWAY_ONLY: 'The machine keeps no sessions: only the gateway stops it when its holder is gone.',
  NONE: 'There is no session on the machine now, and so nothing is sent.',
};

/** An element with text and class; the text is never read as markup. */
export function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

/** How long ago, in one unit. */
export function ago(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

/** Writes a text where another stands. */
export function set(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function title(node, text) {
  if (node.title !== text) {
    node.title = text;
  }
}

/** A moment by the reader's own clock, with its day where that is not today. */
export function local(time, locale = undefined) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString(locale) : date.toLocaleString(locale);
}

/** What goes on by itself on a machine, in words; empty where nothing is known to. */
export function unattended({ motion, connection }) {
  const all = (motion.unattended ?? []).map(one => {
    const service = one.resource.slice(one.resource.lastIndexOf('/') + 1);
    const what = one.execution === null ? `in ${one.state} mode` : `drives ${one.component ?? 'something'}`;
    const last = connection.state === 'READY' ? '' : ` (last seen ${local(one.observedAt)})`;
    return `${service} ${what} since ${local(one.since)}${last}`;
  });
  return all.length ? `goes on by itself: ${all.join(', ')}` : '';
}

/** Shows a word of the contract in its colour. */
export function badge(node, word) {
  set(node, word.replaceAll('_', ' '));
  node.dataset.tone = tone(word);
}

export class Row {
  /** @param on {stop(name), toggle(row)} */
  constructor(machine, on) {
    this.name = machine.name;
    this.machine = machine;
    const row = element('tr');
    row.setAttribute('role', 'row');
    this.node = row;

    const head = element('th');
    head.setAttribute('role', 'rowheader');
    head.scope = 'row';
    this.expander = element('button', machine.name, 'name');
    this.expander.type = 'button';
    this.expander.setAttribute('aria-expanded', 'false');
    this.expander.addEventListener('click', () => on.toggle(this));
    const first = element('div');
    first.append(this.expander);
    this.labels = element('div', '', 'soft');
    this.lease = element('div', '', 'lease now told');
    this.guard = element('span', '', 'badge');
    this.holder = element('span');
    this.lease.append(this.guard, ' ', this.holder);
    head.append(first, this.labels, this.lease);

    this.connection = this.#cell('connection now');
    this.route = this.#cell('route now told');
    this.motion = this.#cell('motion now told');
    this.sync = this.#cell('sync now told');

    const act = element('td', '', 'act');
    act.setAttribute('role', 'cell');
    this.stop = element('button', 'STOP', 'stop');
    this.stop.type = 'button';
    this.stop.setAttribute('aria-label', `Stop ${machine.name}`);
    this.stop.addEventListener('click', () => on.stop(machine.name));
    this.stopped = element('div', '', 'soft');
    act.append(this.stop, this.stopped);
    row.append(head, this.connection.cell, this.route.cell, this.motion.cell, this.sync.cell, act);
  }

  #cell(className) {
    const cell = element('td', '', className);
    cell.setAttribute('role', 'cell');
    const first = element('div');
    const mark = element('span', '', 'badge');
    const beside = element('span');
    first.append(mark, ' ', beside);
    const second = element('div', '', 'soft');
    cell.append(first, second);
    return { cell, badge: mark, beside, second };
  }

  /** Shows a picture. Times are written by tick. */
  show(machine, now) {
    this.machine = machine;
    this.node.dataset.connection = machine.connection.state;
    this.node.dataset.fresh = machine.freshness.state;
    const labels = Object.entries(machine.labels).map(([key, value]) => `${key}=${value}`).join(' · ');
    set(this.labels, labels);
    title(this.labels, labels);

    this.showLease();

    badge(this.connection.badge, machine.connection.state);
    set(this.connection.second, machine.connection.reason);
    title(this.connection.second, machine.connection.reason);

    const route = machine.route;
    badge(this.route.badge, route ? route.kind : 'none');
    set(this.route.beside, route ? `${route.transport} via ${route.via}` : '');
    set(this.route.second, route ? `${route.peer}${route.rttMillis === null ? '' : `, ${route.rttMillis} ms`}` : '');
    title(this.route.second, route ? route.reason : '');

    badge(this.motion.badge, machine.motion.state);
    this.motion.badge.dataset.moving = machine.motion.state === 'MOVING';
    const moving = machine.motion.moving.join(', ') || machine.motion.reason;
    const going = unattended(machine);
    set(this.motion.second, [machine.motion.state === 'STILL' ? '' : moving, going].filter(Boolean).join('; '));
    title(this.motion.cell, [moving, going].filter(Boolean).join('; '));

    badge(this.sync.badge, machine.sync.state);
    set(this.sync.second, machine.sync.state === 'ACTIVE' ? '' : machine.sync.reason);
    title(this.sync.cell, machine.sync.reason);

    this.since = Date.parse(machine.connection.since);
    this.movedSince = Date.parse(machine.motion.since);
    // Of a machine that is away it goes without saying.
    this.staleSince = machine.freshness.state === 'STALE' && machine.connection.state === 'READY' ? Date.parse(machine.freshness.since) : null;
    this.stoppedAt = machine.lastStop ? Date.parse(machine.lastStop.at) : null;
    title(this.stopped, machine.lastStop
      ? [`${machine.lastStop.outcome} by ${machine.lastStop.by}`,
        ...machine.lastStop.resources.map(one => `${one.resource}: ${one.outcome} ${one.detail}`)].join('\n')
      : '');
    this.tick(now);
  }

  /** Shows who may move it; `mine` is the sequence of the lease that this page has of it, if it has one. */
  showLease(mine = this.mine) {
    this.mine = mine;
    const lease = this.machine.lease;
    this.lease.hidden = lease === null;
    if (lease) {
      set(this.holder, lease.sequence === mine ? `yours (${lease.holder})` : `held by ${lease.holder}`);
      badge(this.guard, lease.protection);
      title(this.lease, PROTECTION[lease.protection] ?? '');
    }
  }

  /** A stop of it waits for its verdict, or no longer does. */
  stopping(going) {
    this.stop.dataset.busy = String(going);
    set(this.stop, going ? 'stopping' : 'STOP');
    this.drive?.draw();
  }

  /** Writes how long ago everything was. */
  tick(now) {
    const stale = this.staleSince === null ? '' : `, stale for ${ago(now - this.staleSince)}`;
    set(this.connection.beside, `for ${ago(now - this.since)}${stale}`);
    set(this.motion.beside, `for ${ago(now - this.movedSince)}`);
    set(this.stopped, this.stoppedAt === null
      ? ''
      : `${this.machine.lastStop.outcome.toLowerCase().replaceAll('_', ' ')} ${ago(now - this.stoppedAt)} ago`);
  }

  /** What a text filter looks in. */
  words() {
    const { name, labels, connection, route, motion, sync, address } = this.machine;
    return [name, address, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
      connection.state, route?.kind ?? '', motion.state, sync.state].join(' ').toLowerCase();
  }
}
