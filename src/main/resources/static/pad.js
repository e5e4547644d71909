// What a machine is driven with: what of it, how strongly, and the buttons to be held.

import { element, set } from './row.js';

const DRIVABLE = ['rdk:component:base', 'rdk:component:motor'];
const PAD = [['forward', '▲', 'Forwards'], ['left', '◀', 'Left'], [null, 'STOP', ''], ['right', '▶', 'Right'], ['back', '▼', 'Backwards']];

export class Pad {
  node = element('div', '', 'controls');
  #name;
  #holding;
  #driving;
  #resources;
  #drivable = new Map();
  #ways = new Map();
  #choice;
  #slider;
  #told;
  #trouble;

  /** @param tools as for the panel it is a part of */
  constructor(name, tools) {
    this.#name = name;
    this.#holding = tools.holding;
    this.#driving = tools.driving;
    this.#resources = tools.resources;
    this.#build(name, tools);
  }

  /** What was sent last and how long its answer took. */
  told(text, millis) {
    set(this.#told, `${text}, answered in ${Math.round(millis)} ms`);
    if (text !== 'stop') {
      set(this.#trouble, '');
    }
  }

  /** Why nothing more is sent. It stands until something is driven again. */
  trouble(text) {
    set(this.#trouble, text);
  }

  /** Which buttons are held now. */
  held(ways) {
    for (const [way, button] of this.#ways) {
      button.dataset.held = String(ways.has(way));
    }
  }

  /** The panel is in sight: what it chose is what is driven. */
  aim() {
    this.#driving.aim(this.#drivable.get(this.#choice.value) ?? null);
    this.#driving.throttle(this.#slider.valueAsNumber / 100);
  }

  /** The lease is held: lists what there is to drive, and drives what is chosen. */
  async list() {
    if (this.#drivable.size > 0) {
      this.aim();
      return;
    }
    try {
      const found = (await this.#resources(this.#name)).filter(one => DRIVABLE.includes(one.api));
      found.sort((one, other) => DRIVABLE.indexOf(one.api) - DRIVABLE.indexOf(other.api));
      this.#drivable = new Map(found.map(one => [`${one.api}/${one.name}`, one]));
      this.#choice.replaceChildren(...[...this.#drivable].map(([key, one]) => {
        const option = element('option', `${one.api.split(':')[2]} ${one.name}${one.state === 'READY' ? '' : ` (${one.state})`}`);
        option.value = key;
        return option;
      }));
      set(this.#told, found.length === 0 ? 'It has no motor and no base: there is nothing to drive from here.' : 'nothing sent yet');
    } catch (e) {
      this.trouble(`What it has cannot be listed: ${e.message}`);
    }
    if (this.#holding.has(this.#name)) {
      this.aim();
    }
    this.fit();
  }

  /** Lets the buttons be pressed that drive something now. */
  fit() {
    const able = this.#holding.state === 'held' && this.#drivable.size > 0;
    // A motor turns one way or the other, and not to the left.
    const turns = this.#choice.value.startsWith(DRIVABLE[0]);
    for (const [way, button] of this.#ways) {
      button.disabled = !able || (!turns && (way === 'left' || way === 'right'));
    }
  }

  #build(name, tools) {
    const choose = element('label', 'Drive ');
    this.#choice = element('select');
    let pointed = false;
    this.#choice.addEventListener('pointerdown', () => {
      pointed = true;
    });
    this.#choice.addEventListener('keydown', () => {
      pointed = false;
    });
    this.#choice.addEventListener('change', () => {
      this.aim();
      this.fit();
      if (pointed) {
        this.#leave();
      }
    });
    choose.append(this.#choice);
    const power = element('label', 'Power ');
    const slider = element('input');
    this.#slider = slider;
    Object.assign(slider, { type: 'range', min: '5', max: '100', step: '5', value: String(Math.round(this.#driving.power * 100)) });
    const shown = element('output', `${slider.value} %`, 'number');
    slider.addEventListener('input', () => {
      set(shown, `${slider.value} %`);
      this.#driving.throttle(slider.valueAsNumber / 100);
    });
    slider.addEventListener('pointerup', () => setTimeout(() => this.#leave()));
    power.append(slider, shown);
    const settings = element('div', '', 'bar');
    settings.append(choose, power);

    const pad = element('div', '', 'pad');
    pad.setAttribute('role', 'group');
    pad.setAttribute('aria-label', 'Hold to drive');
    for (const [way, sign, label] of PAD) {
      const button = element('button', sign, way === null ? 'stop' : way);
      button.type = 'button';
      if (way === null) {
        button.addEventListener('click', () => tools.stop(name));
        button.setAttribute('aria-label', `Stop ${name}`);
      } else {
        button.setAttribute('aria-label', `${label}, for as long as it is held`);
        this.#ways.set(way, button);
        tools.hands.button(button, way);
      }
      pad.append(button);
    }
    this.#told = element('p', '', 'told-last number');
    this.#told.setAttribute('aria-live', 'off');
    this.#trouble = element('p', '', 'soft');
    this.#trouble.setAttribute('role', 'status');
    const help = element('p', '', 'soft');
    help.append('Hold ', element('kbd', 'W'), element('kbd', 'A'), element('kbd', 'S'), element('kbd', 'D'), ' or the arrow keys; letting go stops. ',
      element('kbd', 'Space'), ' or ', element('kbd', 'Esc'), ' anywhere on this page is STOP. ', element('kbd', 'Enter'), ' presses buttons.');
    const beside = element('div', '', 'beside');
    beside.append(settings, this.#told, this.#trouble, help);
    this.node.append(pad, beside);
  }

  // After a pointer's choice the keys are for driving again; whoever came by keys leaves by keys.
  #leave() {
    document.activeElement?.blur();
  }
}
