// How a rule is made and run, and how its mistakes are told.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CallError, ErrorKind, RuleError, Times, defineRule, readSettings } from '../src/index.js';
import { describe } from '../src/errors.js';
import { MockHost, runRule } from '../src/mock.js';

function returning(alerts) {
  return runRule(defineRule({ run: () => alerts }), {}, new MockHost());
}

test('what init returns, run gets', () => {
  const rule = defineRule({ init: ({ names }) => names, run: (host, names) => names.map((id) => ({ id })) });
  assert.deepEqual(runRule(rule, { names: ['a'] }, new MockHost()).map(({ id }) => id), ['a']);
});

test('a rule is a function that runs, and nothing that it cannot be', () => {
  assert.throws(() => defineRule({}), /needs the function `run`/);
  assert.throws(() => defineRule({ run() {}, rnu() {} }), /not `rnu`/);
  assert.throws(() => defineRule({ run: 5 }), /not `run`/);
});

test('async is refused in words', () => {
  assert.throws(() => runRule(defineRule({ run: async () => [] }), {}, new MockHost()), /`run` is not to be async/);
  assert.throws(() => runRule(defineRule({ init: async () => 1, run: () => [] }), {}, new MockHost()), /`init` is not to be async/);
});

test('the inventory is closed in init', () => {
  const rule = defineRule({ init: (settings, host) => [...host.documents('x', Times.now)], run: () => [] });
  assert.throws(() => runRule(rule, {}, new MockHost().answer('x', [])), /not before `run`/);
});

test('settings that do not fit are refused', () => {
  const defaults = { tag: 'owner', ignore: [], port: null };
  assert.deepEqual(readSettings({ ignore: ['x'], port: 5 }, defaults), { tag: 'owner', ignore: ['x'], port: 5 });
  const cases = [
    [{ tga: 'x' }, 'settings: unknown key `tga`, expected one of: tag, ignore, port'],
    [{ toString: 'x' }, 'settings: unknown key `toString`, expected one of: tag, ignore, port'],
    [{ tag: 5 }, 'settings: `tag` is a number, expected a text'],
    [{ ignore: {} }, 'settings: `ignore` is an object, expected a list'],
  ];
  for (const [settings, message] of cases) {
    assert.throws(() => readSettings(settings, defaults), { name: 'RuleError', message });
  }
});

test('alerts are made whole', () => {
  const [alert] = returning([{ id: 'x', title: 'a\nb\u001b[0m\u0085', labels: { region: '', account: '1' } }]);
  assert.equal(alert.title, 'a b [0m ');
  assert.deepEqual([alert.labels, alert.details, alert.severity], [{ account: '1' }, [], undefined]);
  assert.deepEqual([returning(undefined), returning(new Set([{ id: 'x' }])).length], [[], 1]);
});

test('what is no alert is told in words', () => {
  const cases = [
    [5, /returned a number/],
    ['x', /returned a text/],
    [['x'], /an alert is to be an object, but is a text/],
    [[{}], /id of an alert is to be a text, but is undefined/],
    [[{ id: 'x', titel: 'y' }], /an alert has no `titel`/],
    [[{ id: 'x', title: 5 }], /title of an alert is to be a text/],
    [[{ id: 'x', severity: 'hgih' }], /one of info, low, medium, high, critical, but is "hgih"/],
    [[{ id: 'x', details: 'y' }], /details of an alert are to be a list/],
    [[{ id: 'x', details: [['y']] }], /a detail of an alert is to be a text or an object, but is a list/],
    [[{ id: 'x', labels: [] }], /labels of an alert are to be an object/],
    [[{ id: 'x', labels: { a: 1 } }], /label a of an alert is to be a text/],
    [[{ id: 'x', url: 1 }], /url of an alert is to be a text/],
  ];
  for (const [alerts, message] of cases) {
    assert.throws(() => returning(alerts), message);
  }
});

test('what is no mistake is told in its own words', () => {
  assert.equal(describe(new RuleError('no')), 'no');
  assert.equal(describe(new CallError(ErrorKind.denied, 'not granted')), 'not granted');
  assert.equal(describe('text'), 'what was thrown is no Error: text');
  assert.equal(describe({ a: 1 }), 'what was thrown is no Error: {"a":1}');
  assert.equal(describe(undefined), 'what was thrown is no Error: undefined');
});

test('a mistake is told with its place as the engine of components writes it', () => {
  const error = new TypeError('no such thing');
  const frames = ['look@rule.js:7:15', '@rule.js:9:1', 'run@src/component.js:50:3', 'export_run@/tmp/x/initializer.js:1304:9', ''];
  error.stack = frames.join('\n');
  assert.equal(describe(error), 'TypeError: no such thing\n    at rule.js:7 in look\n    at rule.js:9');
  error.stack = 'f@rule.js:1:1\n'.repeat(100);
  assert.equal(describe(error).split('\n').length, 11);
});
