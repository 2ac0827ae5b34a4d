// A rule as a component: the host behind the contract's imports, and the exports. Not for use by rules.

import { documents, more, texts, window } from 'reddalert:rule/edda@1.0.0';
import { incomplete, log, skipped } from 'reddalert:rule/report@1.0.0';
import { get, keys, remove, set } from 'reddalert:rule/status@1.0.0';

import { CallError, describe, ErrorKind } from './errors.js';
import { Host } from './host.js';
import { findings, initialise } from './rule.js';

/**
 * The exports of a rule. Every exception becomes an error in words: one that leaves the component ends it, and its message is lost.
 * `network`: the calls `send` and `probe`, for a rule that was built for them.
 */
export function lifecycle(rule, network = withoutNetwork) {
  const host = new Host({ ...calls, ...network });
  let state;
  return {
    init(settings) {
      told(() => {
        if (typeof rule?.run !== 'function') {
          throw new TypeError('the file of a rule is to have `export default defineRule({ ... })`');
        }
        state = initialise(rule, JSON.parse(settings), host);
      });
    },
    run: () => told(() => findings(rule, host, state).map(toWit)),
  };
}

/** What a call of the host returns; its failure as a CallError. */
export function called(call) {
  try {
    return call();
  } catch (error) {
    throw error?.payload === undefined ? error : callError(error.payload);
  }
}

/** Answers of a call that asks for many things at once: values and CallErrors. */
export function answers(list, value = (answer) => answer) {
  return list.map((answer) => (answer.tag === 'ok' ? value(answer.val) : callError(answer.val)));
}

function told(call) {
  let message;
  try {
    return call();
  } catch (error) {
    message = describe(error);
  }
  throw message;
}

function callError({ kind, message, status }) {
  return new CallError(kind, message, status);
}

const calls = {
  window() {
    // BigInts end here: milliseconds are exact as numbers for 285,000 years.
    const { since, until } = window();
    return { since: Number(since), until: Number(until) };
  },
  firstPage: (path, times) => called(() => documents(path, toTimes(times))),
  nextPage: (name) => called(() => more(name)),
  texts: (paths, times) => answers(texts(paths, toTimes(times))),
  statusGet: (key) => get(key),
  statusSet: (key, text) => called(() => set(key, text)),
  forget: (key) => called(() => remove(key)),
  rememberedKeys: () => keys(),
  log: (message, level) => log(level, message),
  skipped: (what, reason) => skipped(what, reason),
  incomplete: (reason) => incomplete(reason),
};

function refuse() {
  throw new CallError(ErrorKind.denied, 'this rule was built without the network; build it with `--network`');
}

const withoutNetwork = { send: refuse, probe: refuse };

function toTimes(times) {
  return typeof times === 'string' ? { tag: times } : { tag: 'at', val: BigInt(times.at) };
}

function toWit({ id, title, details, severity, url, labels }) {
  return { id, title, details: details.map(toDetail), severity, url, labels: Object.entries(labels) };
}

function toDetail(detail) {
  return typeof detail === 'string' ? { tag: 'text', val: detail } : { tag: 'fields', val: JSON.stringify(detail) };
}
