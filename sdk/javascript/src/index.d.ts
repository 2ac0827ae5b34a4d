/** How much an alert matters, in ascending order: worth knowing; a look some day; a look soon; a look today; getting up for. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';
export declare const Severity: { readonly [Name in Severity]: Name };

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * What a rule finds. The host adds the rule's name, the alert's id, the time and the window. The id, the details and the labels are its
 * identity: keep what changes from run to run (a count, a time) out of them.
 */
export interface Alert {
  /** The thing the alert is about, such as an instance id. */
  id: string;
  /** One line that reads well alone. Absent: the host makes one from the manifest's title and the id. Control characters become spaces. */
  title?: string;
  /** What was found: a text is a paragraph for people, an object becomes named values. */
  details?: readonly (string | { readonly [name: string]: Json | undefined })[];
  /** Absent: the manifest's, else medium. */
  severity?: Severity;
  /** An `https:` page about the thing. */
  url?: string;
  /** Named texts; empty ones are left out. Known names: `account`, `region`, `resource-type`, `resource-arn`, `owner`. */
  labels?: { readonly [name: string]: string };
}

/**
 * Why a call was refused or failed. `denied`: not granted, or not allowed at this moment. `bad-request`: the rule asked for something
 * malformed. `not-found`: no such collection, document or host name. `unavailable`: the other side is down, or answered nonsense.
 * `timed-out`: no answer came in time. `over-limit`: one of the rule's limits. `other`: something that this version has no word for.
 */
export type ErrorKind = 'denied' | 'bad-request' | 'not-found' | 'unavailable' | 'timed-out' | 'over-limit' | 'other';
export declare const ErrorKind: {
  readonly denied: 'denied';
  readonly badRequest: 'bad-request';
  readonly notFound: 'not-found';
  readonly unavailable: 'unavailable';
  readonly timedOut: 'timed-out';
  readonly overLimit: 'over-limit';
  readonly other: 'other';
};

/** A call of the host that was refused or failed. One that nobody catches fails the rule, with its message. */
export declare class CallError extends Error {
  constructor(kind: ErrorKind, message: string, status?: number);
  /** Why. */
  readonly kind: ErrorKind;
  /** The status of an HTTP answer, if one came. */
  readonly status: number | undefined;
}

/**
 * Why a rule cannot go on, in words for the operator: a fragment in small letters without a full stop. Anything else that is thrown fails
 * the rule too, but is told as a mistake in the rule, with its place.
 */
export declare class RuleError extends Error {
  constructor(message: string);
}

/** The window of a run, in milliseconds since 1970 (UTC). The same for the whole run. */
export interface Window {
  /** The first moment of the window; 0 for a rule that looks for the first time. */
  readonly since: number;
  /** The end of the window, not part of it, and the moment that counts as now. */
  readonly until: number;
}

/** Whether a moment is a number that lies in the window. */
export declare function isWithin(window: Window, moment: unknown): boolean;

/**
 * Which revisions of the documents are asked for. The moments themselves are the host's business.
 * `now`: the state at the end of the window (where the inventory keeps no history: the current state). `context`: as `now`, for what only
 * decorates a finding; how far this collection is known does not hold the rule's progress back. `window`: every revision that was valid at
 * some moment of the window, newest first. `updated`: every revision that began in the window, newest first. `at(moment)`: the state then.
 */
export type Times = 'now' | 'context' | 'window' | 'updated' | At;
export declare const Times: { readonly now: 'now'; readonly context: 'context'; readonly window: 'window'; readonly updated: 'updated' };

/** The state at a moment; made by `at`. */
export interface At {
  readonly at: number;
}
/** The state at a moment, in milliseconds since 1970, not after the end of the window. */
export declare function at(moment: number): At;

/** How loud a log line is: for the author of the rule; for a curious operator; something the operator may want to mend; has to mend. */
export type Level = 'debug' | 'info' | 'warn' | 'error';
export declare const Level: { readonly [Name in Level]: Name };

/** A web request. As it is by default, it is a `GET` that takes at most 30 s, follows no redirect and reads at most 1 MiB. */
export interface Request {
  /** `http:` or `https:`, without user and password. */
  url: string;
  method?: string;
  /** The host sets `host`, `content-length` and `authorization` itself. */
  headers?: { readonly [name: string]: string };
  body?: string | Uint8Array;
  /** How many milliseconds the whole answer may take. */
  timeoutMs?: number;
  /** How many redirects are followed, at most 255. Each needs a grant as well. */
  redirects?: number;
  /** How many bytes of the answer's body are read; the rest is cut off. */
  maxBody?: number;
  /** What the host needs to know to sign the request: `aws-region`, `aws-service`. */
  options?: { readonly [name: string]: string };
}

/** What a server answered. Any status is an answer. */
export interface Response {
  /** Where the last redirect that was followed led. */
  url: string;
  status: number;
  /** Names and values, as they came. `header` finds one. */
  headers: [string, string][];
  /** Up to `maxBody` bytes. `bodyText` reads them. */
  body: Uint8Array;
  /** Whether the body had more bytes. */
  cut: boolean;
}

/** The value of the first header of this name, in whatever case it was written. */
export declare function header(response: Response, name: string): string | undefined;

/** The body as text; what is no UTF-8 becomes U+FFFD. */
export declare function bodyText(response: Response): string;

/** A TCP port of a machine, by host name or address. */
export interface Target {
  host: string;
  port: number;
}

/** What a rule may ask of the program that runs it. */
export interface Host {
  /** The window of this run. */
  readonly window: Window;

  /**
   * All documents of an answer, read one by one; pages are turned as needed. A selector behind the path names the fields that are wanted:
   * `view/instances;_expand:(instanceId,tags:(key,value))`. With `id`, a document that is no object with a text under this name is reported
   * as skipped, and the reading goes on. Throws a CallError when the inventory fails.
   */
  documents<Document = Record<string, unknown>>(path: string, times: Times, options?: { id?: string }): Generator<Document, void, undefined>;

  /** Whole answers as text (`_diff` is no JSON), asked side by side, answered in the order of the paths. */
  texts(paths: readonly string[], times: Times): (string | CallError)[];

  /** What was remembered under a key, as a JSON value; `otherwise` if nothing was. Throws a RuleError when it cannot be read. */
  recall<Value = Json>(key: string, otherwise: Value): Value;
  recall<Value = Json>(key: string): Value | undefined;
  /** Remembers a JSON value for the next run. Kept only if `run` returns. Throws a CallError (in `init`, or over a limit). */
  remember(key: string, value: unknown): void;
  /** Forgets what was remembered under a key. */
  forget(key: string): void;
  /** The keys under which something is remembered. */
  rememberedKeys(): string[];

  /** A line for the log, under the rule's name; `info` if nothing else is said. */
  log(message: string, level?: Level): void;
  /** A warning in the log: something that the operator may want to mend. */
  warn(message: string): void;
  /** One thing was odd and left out; the run counts as complete. Shown and counted in the summary. */
  skipped(what: string, reason: string): void;
  /** A part could not be looked at. The alerts returned go out, and the same window is looked at again by the next run. */
  incomplete(reason: string): void;

  /** Sends web requests side by side. The answers are in the order of the requests. Only in `run`, and only if built with `--network`. */
  send(requests: readonly Request[]): (Response | CallError)[];
  /** Whether ports take a connection, tried side by side, within 30 s if nothing else is said. Nothing is sent. As `send` otherwise. */
  probe(targets: readonly Target[], timeoutMs?: number): (boolean | CallError)[];
}

/** A rule; the default export of its file. The host makes a fresh one for each run: first `init`, then `run`, once. Neither can be async. */
export interface Rule<State = void> {
  /**
   * Checks the settings (what an operator writes under `plugin.<name>`, `{}` without that) and returns what `run` needs. Here the inventory
   * answers `denied` and nothing can be remembered yet; what is remembered can be read. Throw a RuleError for settings that mean nothing:
   * the run does not take place.
   */
  init?(settings: Record<string, unknown>, host: Host): State;
  /**
   * Looks at the window of this run and returns (or, as a generator, yields) what is worth an alert. With an exception nothing of this run
   * counts: no alert goes out, nothing is remembered, and the next run looks at the same window again. Where only a part could not be
   * looked at, return what was found and call `host.incomplete`.
   */
  run(host: Host, state: State): Iterable<Alert>;
}

/** Makes a rule of its functions. */
export declare function defineRule<State = void>(rule: Rule<State>): Required<Rule<State>>;

/**
 * The settings, with a default for each that is absent. A key without a default, and a value of another type than its default, is a
 * RuleError; a default of null allows any type.
 */
export declare function readSettings<Settings extends object>(settings: object, defaults: Settings): Settings;
