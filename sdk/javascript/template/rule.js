// Reports machines that were launched in the window and have no name.

import { Severity, Times, defineRule, isWithin, readSettings } from './sdk/src/index.js';

// Only these fields are fetched.
const MACHINES = 'view/instances;_expand:(instanceId,launchTime,tags:(key,value))';

export default defineRule({
  // What an operator writes under the key of this rule in the config. `manifest.json` describes it too.
  init: (settings) => readSettings(settings, { ignore: [] }),

  *run(host, { ignore }) {
    const seen = new Set(ignore);
    // A document without a text as its id is reported as skipped. The newest revision of a machine comes first, and older ones behind it.
    for (const { instanceId, launchTime, tags } of host.documents(MACHINES, Times.updated, { id: 'instanceId' })) {
      if (seen.has(instanceId)) {
        continue;
      }
      seen.add(instanceId);
      const hasName = tags?.some(({ key, value }) => key === 'Name' && value);
      if (isWithin(host.window, launchTime) && !hasName) {
        yield { id: instanceId, title: `Machine ${instanceId} has no name`, severity: Severity.low };
      }
    }
  },
});
