// What a reddalert rule in JavaScript is made of. A rule is what `defineRule` returns: `init` takes the settings, `run` asks the host for
// documents of the inventory and returns alerts. `build.js` makes a component of it; natively the same rule runs on the host of `mock.js`,
// so its tests need neither a component nor an inventory. `index.d.ts` says what everything means.

export { Severity } from './alert.js';
export { CallError, ErrorKind, RuleError } from './errors.js';
export { Level, Times, at, isWithin } from './host.js';
export { bodyText, header } from './network.js';
export { defineRule } from './rule.js';
export { readSettings } from './settings.js';
