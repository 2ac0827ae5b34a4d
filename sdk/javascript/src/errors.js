// What can go wrong: a call that the host refused or that failed, and a rule that cannot go on.

export const ErrorKind = Object.freeze({
  denied: 'denied',
  badRequest: 'bad-request',
  notFound: 'not-found',
  unavailable: 'unavailable',
  timedOut: 'timed-out',
  overLimit: 'over-limit',
  other: 'other',
});

export class CallError extends Error {
  constructor(kind, message, status) {
    super(message);
    this.name = 'CallError';
    this.kind = kind;
    this.status = status;
  }
}

export class RuleError extends Error {
  constructor(message) {
    super(message);
    this.name = 'RuleError';
  }
}

// How many frames of a stack are told.
const INNERMOST = 10;

// Frames that say nothing about the rule.
const MACHINERY = /src\/component\.js:|\/initializer\.js:/;

/** The message of an exception; for a mistake in the rule its type and its place too, the innermost first. */
export function describe(error) {
  if (error instanceof CallError || error instanceof RuleError) {
    return error.message || error.name;
  }
  if (!(error instanceof Error)) {
    return `what was thrown is no Error: ${typeof error === 'string' ? error : JSON.stringify(error)}`;
  }
  const frames = String(error.stack ?? '')
    .split('\n')
    .map(frame)
    .filter((line) => line !== '' && !MACHINERY.test(line));
  return [`${error.name}: ${error.message}`, ...frames.slice(0, INNERMOST).map((line) => `    at ${line}`)].join('\n');
}

/** `run@rule.js:7:15`, as the engine of components writes it, as `rule.js:7 in run`; empty for what is no frame. */
function frame(line) {
  const parts = /^(.*?)@(.+):(\d+):\d+$/.exec(line);
  if (parts === null) {
    return '';
  }
  const [, name, file, number] = parts;
  return name === '' ? `${file}:${number}` : `${file}:${number} in ${name}`;
}
