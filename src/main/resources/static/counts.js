// How many machines are in which state; a count that is pressed shows only those.

import { element } from './row.js';

const STATES = ['READY', 'CONNECTING', 'TRANSIENT_FAILURE', 'IDLE', 'SHUTDOWN'];
const WORDS = {
  READY: 'ready', CONNECTING: 'connecting', TRANSIENT_FAILURE: 'away', IDLE: 'parked', SHUTDOWN: 'gone', MOVING: 'moving', STALE: 'stale',
};

/** Whether a machine is in a state that is counted. */
export function inState(machine, state) {
  const { connection, motion, freshness } = machine;
  return connection.state === state || motion.state === state || freshness.state === state;
}

export class Counts {
  #place;
  #choose;
  #buttons = new Map();

  /** @param choose(state): a count was pressed; null for the one of all */
  constructor(place, choose) {
    this.#place = place;
    this.#choose = choose;
  }

  /** Counts machines, of which those in the chosen state are shown; tells how many are ready. */
  draw(machines, chosen) {
    const counts = new Map([...STATES, 'MOVING', 'STALE'].map(state => [state, 0]));
    let all = 0;
    for (const { connection, motion, freshness } of machines) {
      all++;
      counts.set(connection.state, counts.get(connection.state) + 1);
      counts.set('MOVING', counts.get('MOVING') + (motion.state === 'MOVING'));
      counts.set('STALE', counts.get('STALE') + (freshness.state === 'STALE'));
    }
    this.#one(null, 'all', all, chosen);
    for (const [state, count] of counts) {
      this.#one(state, WORDS[state], count, chosen);
    }
    return counts.get('READY');
  }

  #one(state, word, count, chosen) {
    let button = this.#buttons.get(state);
    if (!button) {
      button = element('button');
      button.type = 'button';
      button.append(element('b'), ` ${word}`);
      button.addEventListener('click', () => this.#choose(state));
      this.#buttons.set(state, button);
      this.#place.append(button);
    }
    button.firstChild.textContent = String(count);
    button.hidden = count === 0 && state !== null && state !== 'READY' && chosen !== state;
    button.setAttribute('aria-pressed', String(chosen === state));
  }
}
