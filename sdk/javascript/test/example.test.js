// The example rule on the mock host: what a test of a rule looks like.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import rule from '../example/public_without_owner.js';
import { MockHost, runRule } from '../src/mock.js';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 200 * DAY;
const SINCE = NOW - 1000;

function machine(parts = {}) {
  const usual = { instanceId: 'i-1', launchTime: SINCE, publicIpAddress: '192.0.2.1', placement: { availabilityZone: 'eu-west-1b' }, tags: [] };
  return { ...usual, ...parts };
}

function run(machines, { settings = {}, status = {} } = {}) {
  const host = new MockHost({ since: SINCE, until: NOW, status }).answer('view/instances;_expand', machines);
  return { alerts: runRule(rule, settings, host), host };
}

function ids(machines, options) {
  return run(machines, options).alerts.map(({ id }) => id);
}

test('a public machine without an owner is reported', () => {
  const tags = [{ key: 'Name', value: 'web' }, { key: 'App', value: 'x' }, { key: 'OWNER', value: '  ' }];
  const { alerts, host } = run([machine({ tags })]);
  const fields = { instanceId: 'i-1', publicIpAddress: '192.0.2.1', launchTime: SINCE, tags: { App: 'x', Name: 'web', OWNER: '  ' } };
  assert.deepEqual(alerts, [
    {
      id: 'i-1',
      title: 'Machine i-1 is public and has no owner',
      details: [fields],
      severity: 'high',
      url: undefined,
      labels: { region: 'eu-west-1', 'resource-type': 'instance' },
    },
  ]);
  assert.deepEqual(Object.keys(alerts[0].details[0].tags), ['App', 'Name', 'OWNER']);
  assert.deepEqual(host.status, { reported: { 'i-1': SINCE } });
  const selector = ':(instanceId,launchTime,publicIpAddress,placement:(availabilityZone),tags:(key,value))';
  assert.deepEqual(host.asked, [[`view/instances;_expand${selector}`, 'updated']]);
});

test('near misses are not reported', () => {
  const misses = [
    { launchTime: SINCE - 1 },
    { launchTime: NOW },
    { launchTime: null },
    { publicIpAddress: '' },
    { publicIpAddress: null },
    { tags: [{ key: 'Owner', value: 'bob' }] },
  ];
  for (const parts of misses) {
    assert.deepEqual(ids([machine(parts)]), [], JSON.stringify(parts));
  }
});

test('the newest revision alone counts', () => {
  assert.deepEqual(ids([machine({ publicIpAddress: null }), machine()]), []);
  assert.deepEqual(ids([machine(), machine({ tags: [{ key: 'owner', value: 'bob' }] })]), ['i-1']);
});

test('settings say which tag counts and what is ignored', () => {
  const owned = machine({ tags: [{ key: 'owner', value: 'bob' }] });
  assert.deepEqual(ids([owned, machine({ instanceId: 'i-2' })], { settings: { tag: 'Team', ignore: ['i-2'] } }), ['i-1']);
  assert.throws(() => run([], { settings: { tga: 'x' } }), /`tga`/);
});

test('a test machine matters less', () => {
  const [alert] = run([machine({ tags: [{ key: 'Environment', value: 'TEST' }], placement: null })]).alerts;
  assert.deepEqual([alert.severity, alert.labels], ['low', { 'resource-type': 'instance' }]);
});

test('what was reported is not reported again unless launched anew', () => {
  assert.deepEqual(ids([machine()], { status: { reported: { 'i-1': SINCE } } }), []);
  assert.deepEqual(ids([machine()], { status: { reported: { 'i-1': SINCE - 1 } } }), ['i-1']);
});

test('old launches are forgotten', () => {
  const { host } = run([], { status: { reported: { old: NOW - 90 * DAY - 1, recent: NOW - 90 * DAY } } });
  assert.deepEqual(host.status, { reported: { recent: NOW - 90 * DAY } });
});

test('odd documents are skipped', () => {
  const { host } = run([7, { launchTime: 1 }, { instanceId: 5 }]);
  assert.deepEqual(host.skippedThings.map(([what]) => what), ['a document of view/instances', 'a document of view/instances', '5']);
});
