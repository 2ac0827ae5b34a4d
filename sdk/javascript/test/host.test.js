// What the host of rules does on top of its plain calls, and that the mock behaves as the real one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CallError, ErrorKind, Times, at, bodyText, header, isWithin } from '../src/index.js';
import { Host } from '../src/host.js';
import { MockHost } from '../src/mock.js';
import { project } from '../src/selector.js';

const PATH = 'view/instances;_expand';

test('all pages are read and only the fields are asked for', () => {
  const machines = Array.from({ length: 7 }, (_, n) => ({ instanceId: `i-${n}`, user: 'x' }));
  const host = new MockHost({ pageSize: 3 }).answer(PATH, machines);
  const documents = [...host.documents(`${PATH}:(instanceId)`, Times.now)];
  assert.deepEqual(documents, machines.map(({ instanceId }) => ({ instanceId })));
  assert.deepEqual(host.asked, [[`${PATH}:(instanceId)`, 'now']]);
});

test('an odd document is reported and the reading goes on', () => {
  const host = new MockHost().answer(PATH, [7, null, {}, { instanceId: 5 }, { instanceId: 'i-2' }]);
  assert.deepEqual([...host.documents(PATH, Times.now, { id: 'instanceId' })], [{ instanceId: 'i-2' }]);
  assert.deepEqual(host.skippedThings, [
    ['a document of view/instances', 'it is a number, expected an object'],
    ['a document of view/instances', 'it is null, expected an object'],
    ['a document of view/instances', 'missing field `instanceId`'],
    ['5', '`instanceId` is a number, expected a text'],
  ]);
});

test('ids are documents too', () => {
  const host = new MockHost().answer('aws/iamUsers', ['alice', 'code']);
  assert.deepEqual([...host.documents('aws/iamUsers', Times.now)], ['alice', 'code']);
});

test('an error of the inventory is thrown', () => {
  const host = new MockHost().answer(PATH, new CallError(ErrorKind.unavailable, 'down', 503));
  assert.throws(() => [...host.documents(PATH, Times.now)], { kind: 'unavailable', status: 503, message: 'down' });
  assert.throws(() => [...new MockHost().documents(PATH, Times.now)], { kind: 'not-found' });
});

test('an answer for certain times goes first', () => {
  const host = new MockHost().answer('x', ['all']).answer('x', ['then'], at(5));
  assert.deepEqual([...host.documents('x', at(5))], ['then']);
  assert.deepEqual([...host.documents('x', at(6))], ['all']);
});

test('a moment is a number that can be handed over', () => {
  for (const moment of [-1, 1.5, '1', 2 ** 60, 1n]) {
    assert.throws(() => at(moment), TypeError);
  }
});

test('a window holds its start and not its end', () => {
  const moments = [9, 10, 19, 20, '10', null, undefined, true];
  const held = moments.map((moment) => isWithin({ since: 10, until: 20 }, moment));
  assert.deepEqual(held, [false, true, true, false, false, false, false, false]);
});

test('a value is remembered and forgotten', () => {
  const host = new MockHost({ status: { a: 1 } });
  host.remember('b', [1, 'ü']);
  assert.deepEqual([host.recall('a'), host.recall('b'), host.recall('c'), host.recall('c', {})], [1, [1, 'ü'], undefined, {}]);
  host.forget('a');
  assert.deepEqual([host.rememberedKeys(), host.status], [['b'], { b: [1, 'ü'] }]);
  assert.throws(() => host.remember('c', undefined), /`c` is to be a JSON value, but is undefined/);
});

test('requests are answered by address and cut', () => {
  const host = new MockHost().answerRequest('http://a/', { status: 404, headers: { 'X-Y': 'z' }, body: 'no such page' });
  const [cut, denied] = host.send([{ url: 'http://a/', maxBody: 7 }, { url: 'http://b/' }]);
  assert.deepEqual([cut.status, bodyText(cut), cut.cut, header(cut, 'x-y'), header(cut, 'y')], [404, 'no such', true, 'z', undefined]);
  assert.equal(denied.kind, ErrorKind.denied);
  assert.equal(host.sentRequests[1].method, 'GET');
});

test('ports are answered by host and port', () => {
  const host = new MockHost().answerProbe('192.0.2.1:22', true);
  const [open, denied] = host.probe([{ host: '192.0.2.1', port: 22 }, { host: '192.0.2.1', port: 23 }]);
  assert.equal(open, true);
  assert.ok(denied instanceof CallError);
  assert.deepEqual(host.probedPorts, ['192.0.2.1:22', '192.0.2.1:23']);
});

test('what a rule says is kept', () => {
  const host = new MockHost().answerText('x;_diff', 'diff');
  host.log('a');
  host.warn('b');
  host.incomplete('c');
  assert.deepEqual([host.logLines, host.incompleteParts], [[['info', 'a'], ['warn', 'b']], ['c']]);
  const [text, missing] = host.texts(['x;_diff', 'y'], Times.now);
  assert.deepEqual([text, missing.kind], ['diff', 'not-found']);
});

test('documents have the fields that were asked for and are never left out', () => {
  const document = { a: { b: 1, c: 2 }, d: 3, e: [{ f: 1, g: 2 }, null] };
  assert.deepEqual(project(document, ':(a:(b),e:(f),h)'), { a: { b: 1 }, e: [{ f: 1 }, null] });
  assert.deepEqual([project({ a: null }, ':(a:(b))'), project('text', ':(a)')], [{ a: null }, 'text']);
});

test('a selector that the mock does not know is refused', () => {
  for (const selector of [':(a=1)', ':(a', ':(a))', ':()', ':(a,)', '(a)']) {
    assert.throws(() => project({}, selector), /the mock host knows only/);
  }
});

test('the program is asked for the window once', () => {
  let calls = 0;
  const host = new Host({ window: () => ({ since: 0, until: (calls += 1) }) });
  assert.deepEqual([host.window.until, host.window.until, calls], [1, 1, 1]);
});
