// One lease, one pair of hands, and whatever ends either lets everything go.

import { Drive } from './drive.js';
import { Driving } from './driving.js';
import { Hands } from './hands.js';
import { Holding } from './lease.js';
import { Stops } from './stop.js';

const LOOK_MILLIS = 100;

export class Helm {
  stops;
  #holding;
  #driving;
  #hands;
  #rows;
  #on;

  /**
   * @param socket the link
   * @param rows the lines by machine, each with details while it is open
   * @param on resources(name): a promise of them; link(): the link's state; failed(text); changed(machine, words): what this page holds,
   *     a word or two on how; null for nothing
   */
  constructor(socket, rows, on) {
    this.#rows = rows;
    this.#on = on;
    this.#holding = new Holding(socket, () => this.#changed());
    this.#driving = new Driving((method, params) => socket.ask(method, params), {
      may: () => this.#may(),
      sure: () => !this.#holding.silent(),
      lease: () => ({ machine: this.#holding.machine, id: this.#holding.lease?.id }),
      dropped: () => this.#letGo(true),
      refused: problem => this.#holding.refused(problem),
      told: (text, millis) => this.#pad()?.told(text, millis),
      trouble: text => this.#pad()?.trouble(text),
      stopFailed: machine => this.has(machine) && this.stops.one(machine),
    });
    this.#hands = new Hands({
      holds: () => this.#mine() !== null,
      may: () => this.#may(),
      steer: (forward, left, ways) => {
        this.#driving.steer(forward, left);
        this.#pad()?.held(ways);
      },
      letGo: () => {
        this.#driving.rest();
        this.#pad()?.held(new Set());
      },
      stop: () => this.stops.one(this.#mine()),
      trouble: text => this.#pad()?.trouble(text),
    });
    this.stops = new Stops(socket, {
      before: names => {
        if (names.includes(this.#mine())) {
          this.#letGo(true);
          this.#pad()?.trouble('STOP: press a key anew to drive on');
        }
      },
      lease: names => names.includes(this.#mine()) ? this.#holding.lease.id : null,
      failed: text => on.failed(text),
      busy: (name, stopping) => rows.get(name)?.stopping(stopping),
    });
    setInterval(() => this.#look(), LOOK_MILLIS);
  }

  /** Whether this page has the lease of that machine. */
  has(machine) {
    return this.#holding.has(machine);
  }

  /** A new panel for a machine. */
  panel(name) {
    return new Drive(name, {
      holding: this.#holding,
      driving: this.#driving,
      hands: this.#hands,
      stop: machine => this.stops.one(machine),
      stopping: machine => this.stops.going(machine),
      resources: this.#on.resources,
      link: this.#on.link,
    });
  }

  /** Lets go of everything: what is driven would no longer be seen, or a question stands before it. */
  drop() {
    this.#hands.drop();
  }

  leaseLost(params) {
    this.#holding.lost(params);
  }

  goaway() {
    this.#hands.drop();
    this.#holding.goaway();
  }

  /** The link is 'live', 'connecting' or 'down'. */
  linked(state) {
    this.#holding.linked(state);
    this.#draw();
  }

  #mine() {
    const { machine } = this.#holding;
    return this.has(machine) ? machine : null;
  }

  #panel() {
    return this.#rows.get(this.#holding.machine)?.drive;
  }

  #pad() {
    return this.#panel()?.pad;
  }

  // Never what cannot be seen, and never against a stop that is not through.
  #may() {
    const row = this.#rows.get(this.#holding.machine);
    return this.#holding.present() && document.visibilityState === 'visible' && row?.details !== undefined && !row.node.hidden
      && !this.stops.going(row.name);
  }

  #letGo(stopped) {
    this.#hands.drop(false);
    this.#driving.rest(stopped);
    this.#pad()?.held(new Set());
  }

  #changed() {
    // In doubt is another matter: then nothing else is known to stop what moves.
    if (this.#holding.state !== 'held') {
      this.#letGo(true);
    }
    this.#draw();
  }

  #draw() {
    const mine = this.#mine();
    for (const row of this.#rows.values()) {
      row.drive?.draw();
      row.showLease(row.name === mine ? this.#holding.lease.sequence : null);
    }
    this.#on.changed(mine, this.#holding.state === 'held' ? '' : this.#holding.state);
  }

  #look() {
    if (this.#mine() !== null) {
      if (this.#driving.moving && !this.#may()) {
        this.#hands.drop();
      }
      this.#driving.settle();
      this.#panel()?.tick();
    }
  }
}
