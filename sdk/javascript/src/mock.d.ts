import type { Alert, CallError, Host, Level, Request, Response, Rule, Target, Times, Window } from './index.js';

/** Makes the rule and runs it. What it throws is thrown. (The real host forgets what a failed run remembered; this one does not.) */
export declare function runRule<State>(rule: Rule<State>, settings: object, host: MockHost): Alert[];

/** A host whose inventory holds nothing: every question is answered `not-found`, every request `denied`. */
export declare class MockHost implements Host {
  /** `status` is what the rule remembers from earlier runs. */
  constructor(options?: { since?: number; until?: number; pageSize?: number; status?: Record<string, unknown> });

  /** Answers a path (without selector) with these documents, or with an error. An answer for certain times goes before one for all. */
  answer(path: string, documents: Iterable<unknown> | CallError, times?: Times): this;
  /** Answers a path that is asked as text. */
  answerText(path: string, text: string | CallError): this;
  /** Answers a request of this address. A body is cut to what the request allows. */
  answerRequest(
    url: string,
    response: { url?: string; status?: number; headers?: Record<string, string>; body?: string | Uint8Array } | CallError,
  ): this;
  /** Whether this port (`192.0.2.1:22`) takes a connection. */
  answerProbe(target: string, isOpen: boolean | CallError): this;

  /** Whether the rule is being made: then the inventory is closed. */
  inInit: boolean;
  /** What was asked for as documents, with selectors, in order. */
  readonly asked: [string, Times][];
  /** What was logged. */
  readonly logLines: [Level, string][];
  /** What was reported as skipped: what, and why. */
  readonly skippedThings: [string, string][];
  /** What was reported as incomplete. */
  readonly incompleteParts: string[];
  /** The web requests that were sent, in order, with all their parts. */
  readonly sentRequests: { url: string; method: string; headers: [string, string][]; body: Uint8Array }[];
  /** The ports that were probed, as `host:port`, in order. */
  readonly probedPorts: string[];
  /** What the rule remembers now. */
  readonly status: Record<string, unknown>;

  readonly window: Window;
  documents<Document = Record<string, unknown>>(path: string, times: Times, options?: { id?: string }): Generator<Document, void, undefined>;
  texts(paths: readonly string[], times: Times): (string | CallError)[];
  recall<Value>(key: string, otherwise: Value): Value;
  recall<Value>(key: string): Value | undefined;
  remember(key: string, value: unknown): void;
  forget(key: string): void;
  rememberedKeys(): string[];
  log(message: string, level?: Level): void;
  warn(message: string): void;
  skipped(what: string, reason: string): void;
  incomplete(reason: string): void;
  send(requests: readonly Request[]): (Response | CallError)[];
  probe(targets: readonly Target[], timeoutMs?: number): (boolean | CallError)[];
}
