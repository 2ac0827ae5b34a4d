// What a rule may ask of the program that runs it, on top of the plain calls that the component and the mock make each in its way.

import { isObject, kindOf } from './alert.js';
import { RuleError } from './errors.js';

export const Times = Object.freeze({ now: 'now', context: 'context', window: 'window', updated: 'updated' });

export const Level = Object.freeze({ debug: 'debug', info: 'info', warn: 'warn', error: 'error' });

export function at(moment) {
  if (!Number.isSafeInteger(moment) || moment < 0) {
    throw new TypeError(`a moment is a number of milliseconds since 1970, not ${String(moment)}`);
  }
  return Object.freeze({ at: moment });
}

export function isWithin({ since, until }, moment) {
  return typeof moment === 'number' && since <= moment && moment < until;
}

/**
 * The host of a rule, made of its plain calls: `window`, `firstPage`, `nextPage`, `texts`, `statusGet`, `statusSet`, `forget`,
 * `rememberedKeys`, `log`, `skipped`, `incomplete`, `send`, `probe`.
 */
export class Host {
  #calls;
  #window;

  constructor(calls) {
    this.#calls = calls;
  }

  get window() {
    // The same at every call, and calls are counted.
    this.#window ??= Object.freeze(this.#calls.window());
    return this.#window;
  }

  *documents(path, times, { id } = {}) {
    const collection = path.split(/[;:]/, 1)[0];
    let page = this.#calls.firstPage(path, times);
    for (;;) {
      for (const text of page.documents) {
        const document = JSON.parse(text);
        const reason = id === undefined ? undefined : oddity(document, id);
        if (reason === undefined) {
          yield document;
        } else {
          this.skipped(nameOf(document, id) ?? `a document of ${collection}`, reason);
        }
      }
      if (page.next === undefined) {
        return;
      }
      page = this.#calls.nextPage(page.next);
    }
  }

  texts(paths, times) {
    return this.#calls.texts(paths, times);
  }

  recall(key, otherwise) {
    const text = this.#calls.statusGet(key);
    if (text === undefined) {
      return otherwise;
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new RuleError(`what the status file holds under \`${key}\` is no JSON: ${error.message}`);
    }
  }

  remember(key, value) {
    const text = JSON.stringify(value);
    if (text === undefined) {
      throw new TypeError(`what is remembered under \`${key}\` is to be a JSON value, but is ${kindOf(value)}`);
    }
    this.#calls.statusSet(key, text);
  }

  forget(key) {
    this.#calls.forget(key);
  }

  rememberedKeys() {
    return this.#calls.rememberedKeys();
  }

  log(message, level = Level.info) {
    this.#calls.log(String(message), level);
  }

  warn(message) {
    this.log(message, Level.warn);
  }

  skipped(what, reason) {
    this.#calls.skipped(String(what), String(reason));
  }

  incomplete(reason) {
    this.#calls.incomplete(String(reason));
  }

  send(requests) {
    return this.#calls.send(requests);
  }

  probe(targets, timeoutMs = 30_000) {
    return this.#calls.probe(targets, timeoutMs);
  }
}

/** Why a document is none that has a text as its id; undefined if it is. */
function oddity(document, id) {
  if (!isObject(document)) {
    return `it is ${kindOf(document)}, expected an object`;
  }
  if (!Object.hasOwn(document, id)) {
    return `missing field \`${id}\``;
  }
  return typeof document[id] === 'string' ? undefined : `\`${id}\` is ${kindOf(document[id])}, expected a text`;
}

function nameOf(document, id) {
  const name = isObject(document) ? document[id] : undefined;
  return typeof name === 'number' ? String(name) : undefined;
}
