// The one socket of this page: the feed, resumed where it was, and requests with their answers.

const SILENCE_MILLIS = 10_000;
const PING_MILLIS = 4_000;
const LONGEST_WAIT_MILLIS = 10_000;

/**
 * Keeps a socket open to the gateway for as long as the page lives.
 *
 * on.state(state, detail): 'connecting', 'live' or 'down'; on.snapshot(machines, first, last), on.changes(machines), on.removed(names); on.uplink(uplink);
 * on.leaseLost(params); on.goaway(): the gateway is about to close it.
 */
export class Link {
  #on;
  #socket = null;
  #place = null;
  #nextId = 1;
  #waiting = new Map();
  #tries = 0;
  #heardAt = 0;
  #firstPart = true;
  #retry = 0;

  constructor(on) {
    this.#on = on;
    this.#open();
    setInterval(() => this.#watch(), 1_000);
    addEventListener('online', () => this.#now());
    addEventListener('offline', () => this.#lost('this browser is offline'));
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#now());
  }

  /** Asks; the promise fails where the socket is not open, closes before the answer, or the answer is an error. */
  ask(method, params) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new LinkDown());
    }
    const id = this.#nextId++;
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((done, failed) => this.#waiting.set(id, { done, failed }));
  }

  #open() {
    clearTimeout(this.#retry);
    const url = new URL('api/v1/ws', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, 'fleet-gateway.v1');
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.onopen = () => {
      this.#firstPart = true;
      this.ask('subscribe', this.#place ? { since: this.#place } : {}).then(
        () => {
          this.#tries = 0;
          this.#on.state('live');
        },
        () => {});
    };
    socket.onmessage = event => socket === this.#socket && this.#heard(JSON.parse(event.data));
    socket.onclose = event => socket === this.#socket && this.#lost(event.reason || (event.code === 1006 ? '' : `closed with ${event.code}`));
  }

  #heard(message) {
    this.#heardAt = performance.now();
    if (message.method === undefined) {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) {
        waiting?.failed(new Refused(message.error));
      } else {
        waiting?.done(message.result);
      }
      return;
    }
    const { epoch, seq, machines, names, last, reason, uplink } = message.params;
    switch (message.method) {
      case 'snapshot':
        this.#on.snapshot(machines, this.#firstPart, last);
        this.#firstPart = last;
        if (last) {
          this.#place = { epoch, seq };
        }
        break;
      case 'changes':
        this.#on.changes(machines);
        this.#place = { epoch, seq };
        break;
      case 'removed':
        this.#on.removed(names);
        this.#place = { epoch, seq };
        break;
      case 'uplink':
        this.#on.uplink(uplink);
        break;
      case 'gap':
        this.#firstPart = true;
        this.#place = null;
        break;
      case 'goaway':
        this.#on.goaway();
        this.#on.state('connecting', `the gateway is ${reason}`);
        break;
      case 'lease.lost':
        this.#on.leaseLost(message.params);
        break;
      default:
    }
  }

  // A socket that is silent although it was asked is as good as closed, long before the browser notices.
  #watch() {
    if (this.#socket?.readyState !== WebSocket.OPEN && this.#socket?.readyState !== WebSocket.CONNECTING) {
      return;
    }
    const silent = performance.now() - this.#heardAt;
    if (silent > SILENCE_MILLIS) {
      this.#lost('the gateway does not answer');
    } else if (silent > PING_MILLIS && this.#socket.readyState === WebSocket.OPEN) {
      this.ask('ping', {}).catch(() => {});
    }
  }

  #lost(reason) {
    const socket = this.#socket;
    if (socket === null) {
      return;
    }
    this.#socket = null;
    socket.close();
    for (const { failed } of this.#waiting.values()) {
      failed(new LinkDown());
    }
    this.#waiting.clear();
    this.#on.state('down', reason);
    const wait = Math.min(LONGEST_WAIT_MILLIS, 500 * 2 ** this.#tries++) * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  #now() {
    if (this.#socket === null) {
      this.#open();
    }
  }
}

/** There is no socket to ask on. */
export class LinkDown extends Error {}

/** The gateway says no; `problem` is as the other doors tell it, where there is one. */
export class Refused extends Error {
  constructor(error) {
    super(error.message);
    this.problem = error.data;
  }
}
