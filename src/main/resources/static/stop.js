// STOP, of one machine or of those shown: it works with or without the socket.

import { LinkDown } from './link.js';

const PATIENCE_MILLIS = 1_500;

/** Where a part of a machine is found. */
export const path = (name, part) => `api/v1/machines/${encodeURIComponent(name)}/${part}`;

export class Stops {
  #socket;
  #on;
  #going = new Map();

  /**
   * @param socket the link
   * @param on before(names): a stop is about to go out; busy(name, whether); failed(text); lease(names): the id of the lease this page
   *     holds on one of them, or null
   */
  constructor(socket, on) {
    this.#socket = socket;
    this.#on = on;
  }

  /** Whether a stop of that machine waits for its verdict. */
  going(name) {
    return this.#going.has(name);
  }

  async one(name) {
    await this.#during([name], `STOP of ${name}`, { machine: name }, () => fetch(path(name, 'stop'), {
      method: 'POST', headers: this.#own([name]),
    }));
  }

  /** The same for all that a selector selects. */
  async selected(selector, names) {
    await this.#during(names, 'STOP', { selector }, () => fetch('api/v1/fleet/stop', {
      method: 'POST', headers: { 'Content-Type': 'application/json', ...this.#own(names) }, body: JSON.stringify({ selector }),
    }));
  }

  async #during(names, what, params, byRequest) {
    this.#on.before(names);
    names.forEach(name => this.#busy(name, 1));
    try {
      await this.#now(params, byRequest);
    } catch (e) {
      this.#on.failed(`${what}: ${e.message}`);
    } finally {
      names.forEach(name => this.#busy(name, -1));
    }
  }

  #busy(name, by) {
    const count = (this.#going.get(name) ?? 0) + by;
    if (count === 0) {
      this.#going.delete(name);
    } else {
      this.#going.set(name, count);
    }
    this.#on.busy(name, count > 0);
  }

  // On the socket the gateway sees that the holder himself stops; a request must say so, or it would suspend his lease.
  #own(names) {
    const lease = this.#on.lease(names);
    return lease === null ? {} : { 'Gateway-Lease': lease };
  }

  // By the socket, and where that brings no verdict soon, by a request of its own as well: to stop twice does no harm.
  async #now(params, byRequest) {
    const late = new Promise((_, failed) => setTimeout(() => failed(new LinkDown()), PATIENCE_MILLIS));
    const bySocket = this.#socket.ask('stop', params);
    bySocket.catch(() => {});
    try {
      await Promise.race([bySocket, late]);
    } catch (e) {
      if (!(e instanceof LinkDown)) {
        throw e;
      }
      await Promise.any([bySocket, byRequest().then(checked)]).catch(failed => {
        throw failed.errors.find(one => !(one instanceof LinkDown)) ?? failed;
      });
    }
  }
}

async function checked(answer) {
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? `${answer.status} ${answer.statusText}`);
  }
}
