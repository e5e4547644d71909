// What the operator's hands hold down: keys anywhere on the page, and fingers on the buttons of the pad.

const WAYS = {
  KeyW: 'forward', ArrowUp: 'forward', KeyS: 'back', ArrowDown: 'back',
  KeyA: 'left', ArrowLeft: 'left', KeyD: 'right', ArrowRight: 'right',
};

export class Hands {
  #on;
  #held = new Map();
  // Keys that were down when driving ended: they count again once they were let go, or a key's repeats would go on driving.
  #spent = new Set();

  /**
   * @param on holds(): a lease is held; may(): driving is possible now; steer(forward, left); letGo(): nothing is held any more;
   *     stop(); trouble(text)
   */
  constructor(on) {
    this.#on = on;
    addEventListener('keydown', event => this.#down(event), true);
    addEventListener('keyup', event => this.#up(event), true);
    addEventListener('blur', () => this.drop());
    addEventListener('pagehide', () => this.drop());
    document.addEventListener('freeze', () => this.drop());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' || this.drop());
    document.addEventListener('focusin', event => (writes(event.target) || inside(event.target, 'dialog')) && this.drop());
  }

  /** Makes a button drive for as long as it is held. */
  button(button, way) {
    button.addEventListener('pointerdown', event => {
      if (event.button !== 0) {
        return;
      }
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
      this.#press(`pointer ${event.pointerId}`, way);
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      button.addEventListener(end, event => this.#release(`pointer ${event.pointerId}`));
    }
    button.addEventListener('contextmenu', event => event.preventDefault());
    button.addEventListener('keydown', event => event.key === 'Enter' && !event.repeat && this.#press('Enter', way));
    button.addEventListener('blur', () => this.#release('Enter'));
  }

  /** Nothing held counts any more, whatever is still down. */
  drop(tell = true) {
    for (const one of this.#held.keys()) {
      if (!one.startsWith('pointer')) {
        this.#spent.add(one);
      }
    }
    this.#held.clear();
    if (tell) {
      this.#on.letGo();
    }
  }

  #down(event) {
    if (!this.#on.holds()) {
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) {
      this.drop();
      return;
    }
    if (event.code === 'Space' || event.key === 'Escape') {
      if (!keeps(event.target)) {
        event.preventDefault();
      }
      if (!event.repeat) {
        this.#on.stop();
      }
      return;
    }
    const way = WAYS[event.code];
    // A field's own keys stay its own; the power's slider takes the arrows, and leaves the letters.
    if (!way || writes(event.target) || document.querySelector('dialog[open]')
      || (slides(event.target) && event.code.startsWith('Arrow') && !this.#held.has(event.code))) {
      return;
    }
    event.preventDefault();
    if (!event.repeat) {
      this.#press(event.code, way);
    }
  }

  #up(event) {
    this.#release(event.key === 'Enter' ? 'Enter' : event.code);
    if (event.code === 'Space' && this.#on.holds() && !keeps(event.target)) {
      event.preventDefault();
    }
  }

  #press(one, way) {
    if (this.#spent.has(one)) {
      this.#on.trouble('let go and press again');
    } else if (!this.#on.may()) {
      this.#spent.add(one);
    } else {
      this.#held.set(one, way);
      this.#steer();
    }
  }

  #release(one) {
    this.#spent.delete(one);
    if (this.#held.delete(one)) {
      this.#steer();
    }
  }

  #steer() {
    const ways = new Set(this.#held.values());
    this.#on.steer(ways.has('forward') - ways.has('back'), ways.has('left') - ways.has('right'), ways);
  }
}

// What is typed into: no key there drives.
function writes(node) {
  return inside(node, 'input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]');
}

function slides(node) {
  return inside(node, 'input[type=range]');
}

// Where Space and Escape stop, and do what they always do as well.
function keeps(node) {
  return writes(node) || inside(node, 'dialog, .stop');
}

function inside(node, selector) {
  return node instanceof Element && node.closest(selector) !== null;
}
