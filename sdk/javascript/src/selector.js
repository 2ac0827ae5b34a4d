// Selectors that only name fields, applied as the real host does: `:(instanceId,tags:(key,value))`.

import { isObject } from './alert.js';

/** What the host hands out of a document. What has no fields (a null, a text) is kept. Throws an Error for any other selector. */
export function project(document, selector) {
  const tokens = selector.match(/:\(|[),]|[^:(),]+|./g) ?? [];
  const fields = tokens[0] === ':(' ? read(tokens) : undefined;
  if (fields === undefined || tokens.length > 0) {
    throw new Error(`the mock host knows only selectors such as \`:(a,b:(c))\`, not \`${selector}\``);
  }
  return of(document, fields);
}

/** Takes the tokens of one pair of parentheses: a map from names to the map inside, or null for all of it. Undefined: they do not fit. */
function read(tokens) {
  tokens.shift();
  const fields = new Map();
  while (/^[A-Za-z0-9_.-]+$/.test(tokens[0] ?? '')) {
    const name = tokens.shift();
    const inside = tokens[0] === ':(' ? read(tokens) : null;
    if (inside === undefined) {
      return undefined;
    }
    fields.set(name, inside);
    const end = tokens.shift();
    if (end !== ',') {
      return end === ')' ? fields : undefined;
    }
  }
  return undefined;
}

function of(value, fields) {
  if (Array.isArray(value)) {
    return value.map((element) => of(element, fields));
  }
  if (!isObject(value)) {
    return value;
  }
  const present = [...fields].filter(([name]) => Object.hasOwn(value, name));
  return Object.fromEntries(present.map(([name, inside]) => [name, inside === null ? value[name] : of(value[name], inside)]));
}
