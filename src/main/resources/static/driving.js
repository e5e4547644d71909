// What is sent while a key is held: one command at a time, the newest, and a Stop as soon as nothing is held.

import { LinkDown } from './link.js';

const REPEAT_MILLIS = 200;
const COMMAND_MILLIS = 2_000;
const STOP_PATIENCE_MILLIS = 1_500;

export class Driving {
  /** Share of full power, above 0 to 1. */
  power = 0.3;

  #ask;
  #on;
  #what = null;
  #sentTo = null;
  #forward = 0;
  #left = 0;
  #timer = 0;
  #turn = 0;
  #due = false;
  #sending = false;
  #stopping = false;
  #stopOwed = false;
  #stopAgain = false;

  /**
   * @param ask(method, params)
   * @param on may(): whether anything may be sent; sure(): whether the lease was not left unkept for a window; lease(): {machine, id}; dropped(): it rests of its own accord;
   *     refused(problem); told(text, millis); trouble(text); stopFailed(machine)
   */
  constructor(ask, on) {
    this.#ask = ask;
    this.#on = on;
  }

  /** Chooses what is driven, as a listing of resources names it; null for nothing. */
  aim(resource) {
    this.rest();
    this.#what = resource;
  }

  /** Whether something is held now. */
  get moving() {
    return this.#timer !== 0;
  }

  /** Each from -1 to 1; both 0 is a stop. */
  steer(forward, left) {
    const turning = this.#what?.api.endsWith(':base') ? left : 0;
    if (!this.#what || !this.#on.may() || (forward === 0 && turning === 0)) {
      this.rest();
      return;
    }
    this.#forward = forward;
    this.#left = turning;
    this.#due = true;
    if (this.#timer === 0) {
      this.#timer = setInterval(() => {
        this.#due = true;
        this.#pump();
      }, REPEAT_MILLIS);
    }
    this.#pump();
  }

  /** The power was changed. */
  throttle(power) {
    this.power = power;
    this.#due = this.moving;
    this.#pump();
  }

  /**
   * At once, and until it is steered anew.
   *
   * @param stopped whether the machine is being stopped by other means, so that nothing has to be sent
   */
  rest(stopped = false) {
    const sent = this.#sentTo !== null && (this.moving || this.#sending);
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#due = false;
    this.#forward = 0;
    this.#left = 0;
    this.#turn++;
    this.#stopOwed = sent && !stopped;
    this.#stopAgain = false;
    this.settle();
  }

  /** Sends the Stop that is owed, once it is certain that this page still has the lease: another's would be suspended by it. */
  settle() {
    if (this.#stopOwed && !this.moving && !this.#stopping && this.#on.sure()) {
      this.#stop();
    }
  }

  #pump() {
    if (!this.#due || this.#sending || this.#stopping) {
      return;
    }
    if (!this.#on.may()) {
      this.#drop();
      return;
    }
    this.#due = false;
    this.#send();
  }

  async #send() {
    const turn = this.#turn;
    const sentAt = performance.now();
    const way = this.#words();
    this.#sending = true;
    this.#sentTo = this.#what;
    try {
      await this.#call(this.#what, 'SetPower', this.#request(), COMMAND_MILLIS);
      if (turn === this.#turn) {
        this.#on.told(way, performance.now() - sentAt);
      }
    } catch (e) {
      if (turn === this.#turn) {
        this.#failed(e);
      }
    } finally {
      this.#sending = false;
      // It may have arrived after the Stop that was meant to end it.
      if (this.#stopAgain && !this.moving) {
        this.#stopOwed = true;
      }
      this.#stopAgain = false;
      this.settle();
      this.#pump();
    }
  }

  #drop(stopped = false) {
    this.rest(stopped);
    this.#on.dropped();
  }

  #failed(e) {
    const problem = e.problem;
    if (e instanceof LinkDown) {
      this.#drop(true);
    } else if (problem?.code === 'call-interrupted') {
      this.#drop(true);
      this.#on.trouble(`interrupted${problem.by ? ` by ${problem.by.toLowerCase().replaceAll('_', ' ')}` : ''}`);
    } else if (problem?.code?.startsWith('lease-')) {
      this.#drop(true);
      this.#on.trouble(problem.code === 'lease-stopped' ? 'not sent: the machine was stopped' : problem.detail);
      this.#on.refused(problem);
    } else {
      this.#drop();
      this.#on.trouble(`${problem?.outcome ? `${problem.outcome}: ` : ''}${e.message}`);
    }
  }

  // Not kept waiting for the command in flight: the gateway lets a Stop pass, and what it has not sent by then it does not send.
  async #stop() {
    this.#stopping = true;
    this.#stopOwed = false;
    this.#stopAgain = this.#sending;
    const { machine } = this.#on.lease();
    const what = this.#sentTo;
    const sentAt = performance.now();
    const late = setTimeout(() => this.#on.stopFailed(machine), STOP_PATIENCE_MILLIS);
    try {
      await this.#call(what, 'Stop', {}, STOP_PATIENCE_MILLIS);
      this.#on.told('stop', performance.now() - sentAt);
    } catch (e) {
      this.#on.trouble(`Stop of ${what.name}: ${e.message || 'the link is gone'}`);
      if (!(e instanceof LinkDown)) {
        this.#on.stopFailed(machine);
      }
    } finally {
      clearTimeout(late);
      this.#stopping = false;
      this.settle();
      this.#pump();
    }
  }

  #call(what, method, request, timeoutMillis) {
    const { machine, id } = this.#on.lease();
    const resource = `${what.api}/${what.name}`;
    return this.#ask('call', { machine, resource, method, request, lease: id, timeoutMillis });
  }

  #request() {
    const round = value => Math.round(value * 1000) / 1000;
    const forward = round(this.#forward * this.power);
    return this.#what.api.endsWith(':base')
      ? { linear: { y: forward }, angular: { z: round(this.#left * this.power) } }
      : { powerPct: forward };
  }

  #words() {
    return [
      this.#forward > 0 ? 'forwards' : this.#forward < 0 ? 'backwards' : '',
      this.#left > 0 ? 'left' : this.#left < 0 ? 'right' : '',
    ].filter(Boolean).join(' and ') + ` at ${Math.round(this.power * 100)} %`;
  }
}
