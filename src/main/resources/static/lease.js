// The lease this page holds: asked for, beaten for by this very page, and lost. One at a time, since there is one pair of hands.

import { LinkDown, Refused } from './link.js';

const BEATS_A_WINDOW = 4;
const ENDED = new Set(['lease-lost', 'lease-stale', 'lease-unknown']);
const WHY = {
  EXPIRED: 'the gateway did not hear of this page for a whole window',
  TAKEN: 'somebody took it over',
  SOCKET_CLOSED: 'the gateway lost the link to this page',
  SESSION_LOST: 'the session on the machine was lost',
  PARKED: 'the connection to the machine was parked',
  REMOVED: 'the machine left the fleet',
  STALLED: 'the gateway stood still for too long',
  DRAINING: 'the gateway is shutting down',
  RELEASED: 'it was given back',
};

export class Holding {
  /** The machine it is about; null until one is asked for. */
  machine = null;
  /** none, asking, held, suspended (by somebody's stop), away (the gateway said that it goes), lost. */
  state = 'none';
  /** As the gateway granted it. */
  lease = null;
  /** Why it is as it is, a sentence; empty where there is nothing to say. */
  why = '';
  /** What became of what it had moved; null where that is not known. */
  stop = null;
  /** Who has it, {holder, expiresAt}, where it was refused for that reason. */
  heldBy = null;
  /** How long the last answered beat took, in milliseconds; null before the first. */
  rtt = null;
  /** How many beats were answered. */
  beats = 0;

  #socket;
  #changed;
  #sureAt = 0;
  #spokeAt = 0;
  #silent = false;
  #timer = 0;
  #era = 0;
  #leaving = false;
  #unlinked = false;

  constructor(socket, changed) {
    this.#socket = socket;
    this.#changed = changed;
  }

  /** Whether the page has a lease of that machine, be it suspended or in doubt. */
  has(machine) {
    return this.machine === machine && this.lease !== null && this.state !== 'none' && this.state !== 'lost';
  }

  /** How long it lasts for certain: the window, counted from when the last answered beat was sent. */
  left() {
    return this.has(this.machine) ? Math.max(0, this.#sureAt + this.lease.windowMillis - performance.now()) : 0;
  }

  /** Whether it may be driven under. */
  present() {
    return this.state === 'held' && this.left() > 0;
  }

  /** Whether this page may have been silent for a window, as after it was frozen: until a beat is answered, the lease may be another's. */
  silent() {
    return this.has(this.machine) && (this.#silent || performance.now() - this.#spokeAt > this.lease.windowMillis);
  }

  /** Takes the lease; over: from whoever has it. What a lost link had ended, as far as this page knows, is gone on with where it can be. */
  async take(machine, over = false) {
    const earlier = this.#unlinked && this.machine === machine && this.state === 'lost' ? this.lease : null;
    this.#become({ machine, state: 'asking', lease: null, why: '', stop: null, heldBy: null });
    const era = this.#era;
    try {
      const granted = (earlier && await this.#again(earlier))
        || await this.#socket.ask(over ? 'lease.take' : 'lease.acquire', { machine, reason: 'driven from the page' });
      if (era === this.#era) {
        this.#granted(granted);
      }
    } catch (e) {
      if (era === this.#era) {
        const { code, holder, expiresAt } = e.problem ?? {};
        this.#become({
          state: 'none',
          heldBy: code === 'lease-held' ? { holder, expiresAt } : null,
          why: code === 'lease-held' ? '' : e instanceof LinkDown ? 'There is no link to the gateway.' : e.message,
        });
      }
    }
  }

  /** Goes on after a stop. Only a person's wish may call this, or a gateway's orderly going away. */
  async resume() {
    const { lease, state } = this;
    this.#become({ state: 'asking', why: '' });
    // To resume may take longer than a window.
    this.#startBeats();
    const era = this.#era;
    try {
      const granted = await this.#socket.ask('lease.resume', { lease: lease.id });
      if (era === this.#era) {
        this.#granted(granted);
      }
    } catch (e) {
      if (era !== this.#era) {
        return;
      }
      if (e instanceof LinkDown || state === 'away' || ENDED.has(e.problem?.code)) {
        this.#lose(`The lease could not be resumed: ${e instanceof LinkDown ? 'there is no link to the gateway.' : e.message}`);
      } else {
        this.#become({ state, why: e.message });
        this.#startBeats();
      }
    }
  }

  /** Gives it back; what it moved is stopped. */
  async release() {
    const { lease, machine } = this;
    this.#become({ state: 'none', why: '', stop: null, lease: null });
    try {
      const { stop } = await this.#socket.ask('lease.release', { lease: lease.id });
      if (this.machine === machine && this.state === 'none') {
        this.#become({ why: 'You gave the lease back.', stop });
      }
    } catch (e) {
      if (this.machine === machine && this.state === 'none') {
        this.#become({ why: e instanceof LinkDown ? 'The link is gone, and the lease ends with it.' : e.message });
      }
    }
  }

  /** The gateway tells that a lease ended, or that somebody's stop suspended it. */
  lost({ machine, sequence, reason, stop }) {
    if (machine !== this.machine || sequence !== this.lease?.sequence) {
      return;
    }
    if (reason !== 'STOPPED') {
      this.#lose(`The lease is lost: ${WHY[reason] ?? reason}.`, stop);
    } else if (this.state === 'held' || this.state === 'suspended') {
      this.suspend(stop);
    }
  }

  suspend(stop = null) {
    this.#become({ state: 'suspended', why: 'Somebody else stopped the machine: the lease is suspended.', stop: stop ?? this.stop });
    this.#startBeats();
  }

  /** A command under it was refused. */
  refused(problem) {
    if (ENDED.has(problem?.code) && this.has(this.machine)) {
      this.#lose(problem.detail);
    } else if (problem?.code === 'lease-stopped' && !problem.retryable && this.state === 'held') {
      this.suspend();
    }
  }

  /** The gateway says that it is about to close the socket. */
  goaway() {
    this.#leaving = true;
    this.#changed();
  }

  /** The link is 'live', 'connecting' or 'down'. */
  linked(state) {
    if (state === 'down' && this.has(this.machine)) {
      if (this.#leaving) {
        this.#become({ state: 'away', why: 'The gateway closed the link; the lease is resumed as soon as there is another.' });
      } else {
        this.#unlinked = true;
        this.#lose('The link to the gateway is lost, and the lease with it. '
          + 'The gateway stops what it had moved once it notices; this page cannot see that.', null, true);
      }
    } else if (state === 'live') {
      this.#leaving = false;
      if (this.state === 'away') {
        this.resume();
      }
    }
  }

  async #again(lease) {
    try {
      return await this.#socket.ask('lease.resume', { lease: lease.id });
    } catch (e) {
      if (e instanceof Refused) {
        return null;
      }
      throw e;
    }
  }

  #granted(lease) {
    const stopped = lease.protection === 'STOPPED';
    this.#become({
      state: stopped ? 'suspended' : 'held',
      lease,
      why: '',
      stop: lease.stop ?? null,
      heldBy: null,
      rtt: null,
      beats: 0,
    });
    this.#unlinked = false;
    this.#sureAt = performance.now();
    this.#spokeAt = this.#sureAt;
    this.#silent = false;
    this.#startBeats();
    this.#beat();
  }

  #startBeats() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#beat(), this.lease.windowMillis / BEATS_A_WINDOW);
  }

  async #beat() {
    const sentAt = performance.now();
    const era = this.#era;
    this.#silent = this.silent();
    this.#spokeAt = sentAt;
    try {
      const { protection } = await this.#socket.ask('lease.beat', { lease: this.lease.id });
      if (era !== this.#era) {
        return;
      }
      this.#sureAt = sentAt;
      this.#silent = false;
      this.rtt = performance.now() - sentAt;
      this.beats++;
      const before = this.lease.protection;
      this.lease.protection = protection;
      if (protection === 'STOPPED' && this.state === 'held') {
        this.suspend();
      } else if (protection !== before) {
        this.#changed();
      }
    } catch (e) {
      if (era === this.#era && ENDED.has(e.problem?.code)) {
        this.#lose(e.message);
      }
    }
  }

  #lose(why, stop = null, unlinked = false) {
    this.#unlinked = unlinked;
    this.#become({ state: 'lost', why, stop: stop ?? (this.state === 'lost' ? this.stop : null) });
  }

  // What was asked in another era is answered too late to count.
  #become(change) {
    this.#era++;
    clearInterval(this.#timer);
    Object.assign(this, change);
    this.#changed();
  }
}
