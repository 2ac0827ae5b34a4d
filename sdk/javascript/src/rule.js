// The shape of a rule.

import { checkedAlerts } from './alert.js';

const PARTS = ['init', 'run'];

export function defineRule(rule) {
  for (const [name, part] of Object.entries(rule)) {
    if (!PARTS.includes(name) || typeof part !== 'function') {
      throw new TypeError(`a rule has the functions ${PARTS.join(' and ')}, not \`${name}\``);
    }
  }
  if (rule.run === undefined) {
    throw new TypeError('a rule needs the function `run`');
  }
  return Object.freeze({ init: () => undefined, ...rule });
}

/** What `init` returned: what `run` gets. */
export function initialise(rule, settings, host) {
  return refusePromise('init', rule.init(settings, host));
}

/** The alerts of a rule, checked. */
export function findings(rule, host, state) {
  return checkedAlerts(refusePromise('run', rule.run(host, state)));
}

function refusePromise(name, value) {
  if (typeof value?.then === 'function') {
    throw new TypeError(`\`${name}\` is not to be async: nothing in a rule can wait, and the host's calls answer at once`);
  }
  return value;
}
