// What a rule finds, checked before it is handed over: what is wrong is told in words, where the boundary would end the rule without one.

export const Severity = Object.freeze({ info: 'info', low: 'low', medium: 'medium', high: 'high', critical: 'critical' });

const KEYS = ['id', 'title', 'details', 'severity', 'url', 'labels'];

/** The alerts that a rule returned, each with all its parts. Throws a TypeError for what is no alert. */
export function checkedAlerts(found) {
  if (found === undefined || found === null) {
    return [];
  }
  if (typeof found === 'string' || typeof found[Symbol.iterator] !== 'function') {
    throw new TypeError(`run is to return a list of alerts, but returned ${kindOf(found)}`);
  }
  return Array.from(found, checkedAlert);
}

function checkedAlert(alert) {
  if (!isObject(alert)) {
    throw new TypeError(`an alert is to be an object, but is ${kindOf(alert)}`);
  }
  for (const key of Object.keys(alert)) {
    if (!KEYS.includes(key)) {
      throw new TypeError(`an alert has no \`${key}\`; it has: ${KEYS.join(', ')}`);
    }
  }
  const { id, title, details = [], severity, url, labels = {} } = alert;
  if (severity !== undefined && !Object.hasOwn(Severity, severity)) {
    throw new TypeError(`the severity of an alert is to be one of ${Object.keys(Severity).join(', ')}, but is ${JSON.stringify(severity)}`);
  }
  if (!Array.isArray(details)) {
    throw new TypeError(`details of an alert are to be a list, but are ${kindOf(details)}`);
  }
  if (!isObject(labels)) {
    throw new TypeError(`labels of an alert are to be an object, but are ${kindOf(labels)}`);
  }
  return {
    id: text(id, 'id'),
    // Names in the inventory may hold line breaks.
    title: title === undefined ? undefined : text(title, 'title').replace(/[\u0000-\u001f\u007f-\u009f]/g, ' '),
    details: details.map(checkedDetail),
    severity,
    url: url === undefined ? undefined : text(url, 'url'),
    labels: Object.fromEntries(Object.entries(labels).filter(([name, value]) => text(value, `label ${name}`) !== '')),
  };
}

function checkedDetail(detail) {
  if (typeof detail !== 'string' && !isObject(detail)) {
    throw new TypeError(`a detail of an alert is to be a text or an object, but is ${kindOf(detail)}`);
  }
  return detail;
}

function text(value, what) {
  if (typeof value !== 'string') {
    throw new TypeError(`${what} of an alert is to be a text, but is ${kindOf(value)}`);
  }
  return value;
}

/** Whether a value is what JSON calls an object. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, in words. */
export function kindOf(value) {
  if (value === null || value === undefined) {
    return String(value);
  }
  const names = { string: 'a text', number: 'a number', boolean: 'a truth value', function: 'a function', bigint: 'a BigInt' };
  return names[typeof value] ?? (Array.isArray(value) ? 'a list' : 'an object');
}
