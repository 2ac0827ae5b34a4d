// A host for native tests: it answers from what the test gives it, and keeps what the rule said. As the real one, it is closed in `init`,
// turns pages, and hands out only the fields of a document that were asked for. `mock.d.ts` says what everything means.

import { CallError, ErrorKind } from './errors.js';
import { Host } from './host.js';
import { completeRequest } from './network.js';
import { findings, initialise } from './rule.js';
import { project } from './selector.js';

export function runRule(rule, settings, host) {
  host.inInit = true;
  const state = initialise(rule, structuredClone(settings), host);
  host.inInit = false;
  return findings(rule, host, state);
}

export class MockHost extends Host {
  #answers = new Map();
  #texts = new Map();
  #responses = new Map();
  #ports = new Map();
  #status;
  inInit = false;
  asked = [];
  logLines = [];
  skippedThings = [];
  incompleteParts = [];
  sentRequests = [];
  probedPorts = [];

  constructor({ since = 0, until = 1, pageSize = 64, status = {} } = {}) {
    let host;
    const pages = new Map();
    super({
      window: () => ({ since, until }),
      firstPage: (path, times) => bind(host.#documents(path, times), pageSize, pages),
      nextPage: (name) => pages.get(name) ?? raise(ErrorKind.badRequest, `no such page: ${name}`),
      texts: (paths) => host.#open() && paths.map((path) => host.#texts.get(path) ?? missing(`text for ${path}`)),
      statusGet: (key) => host.#status.get(key),
      statusSet: (key, text) => host.#open() && host.#status.set(key, text),
      forget: (key) => host.#open() && host.#status.delete(key),
      rememberedKeys: () => [...host.#status.keys()].sort(),
      log: (message, level) => host.logLines.push([level, message]),
      skipped: (what, reason) => host.skippedThings.push([what, reason]),
      incomplete: (reason) => host.incompleteParts.push(reason),
      send: (requests) => host.#open() && requests.map(completeRequest).map((request) => host.#send(request)),
      probe: (targets) => host.#open() && targets.map((target) => host.#probe(`${target.host}:${target.port}`)),
    });
    host = this;
    this.#status = new Map(Object.entries(status).map(([key, value]) => [key, JSON.stringify(value)]));
  }

  answer(path, documents, times) {
    this.#answers.set(question(path, times), documents instanceof CallError ? documents : [...documents]);
    return this;
  }

  answerText(path, text) {
    this.#texts.set(path, text);
    return this;
  }

  answerRequest(url, response) {
    this.#responses.set(url, response);
    return this;
  }

  answerProbe(target, isOpen) {
    this.#ports.set(target, isOpen);
    return this;
  }

  get status() {
    return Object.fromEntries([...this.#status].map(([key, text]) => [key, JSON.parse(text)]));
  }

  #open() {
    return this.inInit ? raise(ErrorKind.denied, 'not before `run`') : true;
  }

  /** The documents that answer a path, as JSON texts. */
  #documents(fullPath, times) {
    this.#open();
    this.asked.push([fullPath, times]);
    const start = fullPath.indexOf(':(');
    const [path, selector] = start < 0 ? [fullPath, ''] : [fullPath.slice(0, start), fullPath.slice(start)];
    const documents = this.#answers.get(question(path, times)) ?? this.#answers.get(question(path)) ?? missing(`answer for ${path}`);
    if (documents instanceof CallError) {
      throw documents;
    }
    return documents.map((document) => JSON.stringify(selector === '' ? document : project(document, selector)));
  }

  #send(request) {
    this.sentRequests.push(request);
    const response = this.#responses.get(request.url) ?? denied(request.url);
    if (response instanceof CallError) {
      return response;
    }
    const { url = request.url, status = 200, headers = {}, body = '' } = response;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return { url, status, headers: Object.entries(headers), body: bytes.slice(0, request.maxBody), cut: bytes.length > request.maxBody };
  }

  #probe(target) {
    this.probedPorts.push(target);
    return this.#ports.get(target) ?? denied(target);
  }
}

/** Makes pages of the documents, and returns the first. */
function bind(documents, pageSize, pages) {
  if (documents.length <= pageSize) {
    return { documents, next: undefined };
  }
  const rest = bind(documents.slice(pageSize), pageSize, pages);
  const next = `page ${pages.size}`;
  pages.set(next, rest);
  return { documents: documents.slice(0, pageSize), next };
}

function question(path, times) {
  return JSON.stringify([path, times ?? null]);
}

function raise(kind, message) {
  throw new CallError(kind, message);
}

function missing(what) {
  return new CallError(ErrorKind.notFound, `the test has no ${what}`);
}

function denied(what) {
  return new CallError(ErrorKind.denied, `\`${what}\` is not granted`);
}
