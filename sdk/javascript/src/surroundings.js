// What JavaScript finds around it in a component: a clock that stands still and a console that leads nowhere, both without an error.

import { Level } from './host.js';

/** Makes now the end of the window, and lets the console write to the log. To be called when the component runs, not when it is built. */
export function arrange(host) {
  const now = () => host.window.until;
  globalThis.Date = class extends Date {
    constructor(...parts) {
      super(...(parts.length === 0 ? [now()] : parts));
    }

    static now() {
      return now();
    }
  };
  const levels = { debug: Level.debug, log: Level.info, info: Level.info, warn: Level.warn, error: Level.error };
  for (const [name, level] of Object.entries(levels)) {
    globalThis.console[name] = (...parts) => host.log(parts.map(shown).join(' '), level);
  }
}

function shown(value) {
  if (typeof value === 'string' || value instanceof Error) {
    return String(value);
  }
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? String(value);
}
