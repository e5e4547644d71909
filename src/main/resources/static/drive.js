// The panel of one machine from which it is driven: its lease, the beat of it, and the pad.

import { Pad } from './pad.js';
import { PROTECTION, badge, element, local, set } from './row.js';

export class Drive {
  #name;
  #on;
  #holding;
  #picture = null;
  #beats = 0;

  /** What it is driven with, shown while the lease is held. */
  pad;

  /** @param tools {holding, driving, hands, stop(name), stopping(name), resources(name), link()} */
  constructor(name, tools) {
    this.#name = name;
    this.#on = tools;
    this.#holding = tools.holding;
    this.node = element('section', '', 'drive');
    this.node.setAttribute('aria-label', `Drive ${name}`);
    this.#build();
    this.draw();
  }

  /** A new picture of the machine. */
  show(machine) {
    this.#picture = machine;
    this.draw();
  }

  /** Writes what is so now. */
  draw() {
    const { state, why, machine, heldBy, lease } = this.#holding;
    const name = this.#name;
    const about = machine === name;
    const mine = this.#holding.has(name);
    const other = machine !== null && !about && this.#holding.has(machine) ? machine : null;
    const asking = about && state === 'asking';
    this.node.dataset.state = about ? state : 'none';
    const taken = this.#taken(mine);
    set(this.#who, this.#whoWords(mine, about ? heldBy : null, taken));
    set(this.#verdict, about && why !== '' ? why : '');
    this.#verdict.dataset.tone = state === 'lost' || state === 'suspended' ? 'bad' : 'calm';
    set(this.#stop, about ? stopWords(this.#holding.stop, mine && state === 'held') : '');
    set(this.#note, other ? `This page drives ${other}. Give that lease back first: one page, one machine.` : '');

    const sure = this.#sure;
    const over = taken || (about && heldBy !== null);
    this.#show('take', !mine && !asking && !other && !sure, this.#on.link() === 'live');
    this.#show('over', !mine && !asking && !other && over && !sure, this.#on.link() === 'live');
    this.#show('yes', !mine && !asking && !other && over && sure, true);
    this.#show('no', !mine && !asking && !other && over && sure, true);
    this.#show('resume', about && state === 'suspended', !this.#on.stopping(name));
    this.#show('release', mine && !asking, true);
    if (sure && !over) {
      this.#sure = false;
    }
    set(this.#buttons.yes, `Yes: stop what ${heldBy?.holder ?? this.#picture?.lease?.holder ?? 'its holder'} moves, and take over`);
    set(this.#asking, asking ? 'asking the gateway …' : '');

    this.#pulse.hidden = !mine;
    this.pad.node.hidden = !mine;
    this.pad.fit();
    if (mine) {
      badge(this.#guard, lease.protection);
      this.#guard.title = PROTECTION[lease.protection] ?? '';
    }
    // Of the usual case it is enough to say it where one asks.
    set(this.#protection, mine && lease.protection !== 'ACTIVE' ? this.#guard.title : '');
    if (mine !== this.#mine) {
      this.#mine = mine;
      if (mine) {
        this.pad.list();
      }
    }
    this.tick();
  }

  /** Writes what changes with time. */
  tick() {
    const { lease, rtt, beats } = this.#holding;
    if (!this.#holding.has(this.#name)) {
      set(this.#doubt, '');
      return;
    }
    const left = this.#holding.left();
    const share = left / lease.windowMillis;
    // The style is set as a property: the page's own rule of security forbids it as an attribute.
    this.#bar.firstChild.style.transform = `scaleX(${share.toFixed(3)})`;
    this.#bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
    const tone = share > 0.5 ? 'good' : share > 0 ? 'wait' : 'bad';
    this.#pulse.dataset.tone = tone;
    const seconds = millis => (millis / 1000).toFixed(1);
    set(this.#pulseText, left === 0
      ? 'no beat was answered for a whole window'
      : `${seconds(left)} of ${seconds(lease.windowMillis)} s left${rtt === null ? '' : `, beat ${rtt < 10 ? rtt.toFixed(1) : Math.round(rtt)} ms`}`);
    set(this.#doubt, left === 0 ? 'The lease is probably lost: nothing is driven until a beat is answered.' : '');
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#heart.dataset.beat = String(beats % 2);
    }
  }

  #build() {
    const name = this.#name;
    this.node.append(element('h2', 'Drive'));
    this.#who = this.#line('p', 'soft');
    this.#verdict = this.#line('p', 'verdict');
    this.#verdict.setAttribute('role', 'alert');
    this.#stop = this.#line('p', 'soft');
    this.#doubt = this.#line('p', 'verdict');
    this.#doubt.setAttribute('role', 'alert');
    this.#doubt.dataset.tone = 'bad';
    this.#note = this.#line('p', 'soft');

    const acts = this.#line('div', 'bar');
    const act = (key, text, done, className = '') => {
      const button = element('button', text, className);
      button.type = 'button';
      button.addEventListener('click', () => {
        done();
        // Where it stood, something else stands now.
        if (button.hidden) {
          this.node.focus({ preventScroll: true });
        }
      });
      this.#buttons[key] = button;
      acts.append(button);
      return button;
    };
    act('take', 'Take the lease', () => this.#holding.take(name), 'first');
    act('over', 'Take over …', () => this.#ask(true));
    act('yes', 'Yes', () => {
      this.#ask(false);
      this.#holding.take(name, true);
    });
    act('no', 'No', () => this.#ask(false));
    act('resume', 'Resume', () => this.#holding.resume(), 'first');
    const release = act('release', 'Give it back', () => this.#holding.release());
    this.#asking = element('span', '', 'soft');
    this.#asking.setAttribute('role', 'status');
    acts.append(this.#asking);

    this.#pulse = this.#line('div', 'pulse');
    this.#heart = element('span', '♥', 'heart');
    this.#heart.setAttribute('aria-hidden', 'true');
    this.#bar = element('div', '', 'window');
    this.#bar.append(element('i'));
    for (const [key, value] of [['role', 'meter'], ['aria-label', 'Left of the lease’s window'], ['aria-valuemin', '0'], ['aria-valuemax', '100']]) {
      this.#bar.setAttribute(key, value);
    }
    this.#pulseText = element('span', '', 'number');
    this.#guard = element('span', '', 'badge');
    this.#pulse.append(this.#heart, this.#bar, this.#pulseText, this.#guard, release);
    this.#protection = this.#line('p', 'soft');
    this.pad = new Pad(name, this.#on);
    this.node.append(this.pad.node);
    this.node.tabIndex = -1;
  }

  #taken(mine) {
    return !mine && Boolean(this.#picture?.lease);
  }

  #whoWords(mine, heldBy, taken) {
    const lease = this.#picture?.lease;
    const stop = this.#picture?.lastStop;
    if (mine) {
      return this.#holding.state === 'suspended' && stop ? `Last stop: ${local(stop.at, 'en-GB')}, by ${stop.by}.` : '';
    }
    if (heldBy) {
      return `${heldBy.holder ?? 'Somebody'} holds the lease${heldBy.expiresAt ? `, until ${local(heldBy.expiresAt, 'en-GB')} at least` : ''}.`;
    }
    return taken
      ? `${lease.holder} holds the lease since ${local(lease.since, 'en-GB')}.`
      : 'To drive it, take its lease: one holder at a time, kept by this page’s heartbeat, and what it moved is stopped when it ends.';
  }

  #ask(sure) {
    this.#sure = sure;
    this.draw();
    if (sure) {
      this.#buttons.yes.focus();
    }
  }

  #show(key, shown, enabled) {
    const button = this.#buttons[key];
    button.hidden = !shown;
    button.disabled = !enabled;
  }

  #line(tag, className) {
    const made = element(tag, '', className);
    this.node.append(made);
    return made;
  }

  #mine = false;
  #sure = false;
  #buttons = {};
  #ways = new Map();
  #who; #verdict; #stop; #doubt; #note; #asking; #pulse; #heart; #bar; #pulseText; #guard; #protection;
}

function stopWords(stop, before) {
  if (!stop) {
    return '';
  }
  const all = stop.resources.map(one => `${one.resource.split(':').at(-1)}: ${one.outcome}${one.detail ? ` (${one.detail})` : ''}`);
  return `What ${before ? 'the holder before' : 'it'} had moved: ${stop.outcome}${all.length === 0 ? ', nothing had to be told' : `. ${all.join('; ')}`}.`;
}
