// What an operator writes under `plugin.<name>`, read strictly: a typo is not ignored.

import { isObject, kindOf } from './alert.js';
import { RuleError } from './errors.js';

export function readSettings(settings, defaults) {
  const known = Object.keys(defaults);
  for (const [key, value] of Object.entries(settings)) {
    if (!Object.hasOwn(defaults, key)) {
      throw new RuleError(`settings: unknown key \`${key}\`, expected one of: ${known.join(', ') || 'none'}`);
    }
    fit(key, value, defaults[key]);
  }
  return { ...defaults, ...settings };
}

/** A setting has the type of its default; a default of null allows any. */
function fit(key, value, example) {
  if (example === null) {
    return;
  }
  if (kindOf(value) !== kindOf(example)) {
    throw new RuleError(`settings: \`${key}\` is ${kindOf(value)}, expected ${kindOf(example)}`);
  }
}
