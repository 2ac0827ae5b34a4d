// Reports machines that were launched with a public address and without a tag that says whose they are. A machine that was reported is
// remembered, and told again only when it was launched anew.

import { defineRule, isWithin, readSettings, Severity, Times } from '../src/index.js';

// Where it is remembered which machines were reported, and when these were launched.
const REPORTED = 'reported';

// How long a machine is remembered after its launch, in milliseconds.
const KEPT_FOR = 90 * 24 * 60 * 60 * 1000;

// Only these fields are fetched.
const MACHINES = 'view/instances;_expand:(instanceId,launchTime,publicIpAddress,placement:(availabilityZone),tags:(key,value))';

export default defineRule({
  // What an operator writes under `plugin.public_without_owner`: the tag that names the owner, in whatever case, and ids of machines that
  // are left out.
  init: (settings) => readSettings(settings, { tag: 'owner', ignore: [] }),

  run(host, settings) {
    const { until } = host.window;
    const launches = Object.entries(host.recall(REPORTED, {}));
    const reported = new Map(launches.filter(([, launched]) => launched >= until - KEPT_FOR));
    const alerts = [];
    for (const machine of newestRevisions(host)) {
      const { instanceId, launchTime } = machine;
      const isKnown = reported.get(instanceId) === launchTime;
      if (isWithin(host.window, launchTime) && !isKnown && deservesAlert(machine, settings)) {
        reported.set(instanceId, launchTime);
        alerts.push(alertOf(machine, settings));
      }
    }
    host.remember(REPORTED, Object.fromEntries(reported));
    return alerts;
  },
});

/** Of each machine the newest revision, which comes first. */
function* newestRevisions(host) {
  const seen = new Set();
  for (const machine of host.documents(MACHINES, Times.updated, { id: 'instanceId' })) {
    if (!seen.has(machine.instanceId)) {
      seen.add(machine.instanceId);
      yield machine;
    }
  }
}

function deservesAlert(machine, { tag, ignore }) {
  const hasOwner = tagTexts(machine).some(([key, value]) => key.toLowerCase() === tag.toLowerCase() && value.trim() !== '');
  return Boolean(machine.publicIpAddress) && !ignore.includes(machine.instanceId) && !hasOwner;
}

function alertOf(machine, { tag }) {
  const { instanceId, publicIpAddress, launchTime } = machine;
  const tags = tagTexts(machine);
  const isTest = tags.some(([key, value]) => key.toLowerCase() === 'environment' && value.toLowerCase() === 'test');
  return {
    id: instanceId,
    title: `Machine ${instanceId} is public and has no ${tag}`,
    details: [{ instanceId, publicIpAddress, launchTime, tags: Object.fromEntries(tags.sort(byKey)) }],
    severity: isTest ? Severity.low : Severity.high,
    labels: { region: regionOf(machine), 'resource-type': 'instance' },
  };
}

/** The zone without its last letter; empty if it is not known. */
function regionOf({ placement }) {
  const zone = placement?.availabilityZone;
  return typeof zone === 'string' ? zone.slice(0, -1) : '';
}

/** Keys and values of the tags; what is no text is left out. */
function tagTexts({ tags }) {
  const pairs = Array.isArray(tags) ? tags.map((tag) => [tag?.key, tag?.value]) : [];
  return pairs.filter((pair) => pair.every((part) => typeof part === 'string'));
}

function byKey([one], [other]) {
  return one < other ? -1 : Number(one > other);
}
