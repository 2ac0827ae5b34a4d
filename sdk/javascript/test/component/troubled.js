// A rule that does what its setting `mode` says, for the tests of what arrives outside of the component.

import { CallError, Level, RuleError, Severity, Times, at, bodyText, defineRule, header, readSettings } from '../../src/index.js';

const MACHINES = 'view/instances;_expand:(instanceId,launchTime)';

const modes = {
  mistake: () => undefined.absent,
  recursion: () => modes.recursion(),
  'wrong alert': () => [{ id: 'x', title: 5 }],
  'no alert': () => ['x'],
  promise: async () => [],
  'no error': () => {
    throw { odd: 1 };
  },
  'not caught': (host) => [...host.documents('aws/nonsense;_expand', Times.now)],
  'half a character': () => [{ id: 'x', details: ['\ud800'], labels: { '\ud800': '\ud800' } }],
  network(host, url) {
    const target = { host: '127.0.0.1', port: Number(new URL(url).port) };
    const [[answer], [isOpen]] = [host.send([{ url, headers: { a: 'b' }, maxBody: 5 }]), host.probe([target], 5000)];
    if (answer instanceof CallError || isOpen instanceof CallError) {
      return [{ id: 'network', details: [answer.message, isOpen.message] }];
    }
    const hasLength = header(answer, 'CONTENT-LENGTH') === '5';
    const told = `${answer.status} ${bodyText(answer)} ${hasLength}, ${answer.body.length} at ${answer.url}`;
    return [{ id: 'network', details: [told, `open: ${isOpen}`] }];
  },
  *all(host) {
    host.log('quiet', Level.debug);
    host.warn('loud');
    host.skipped('a thing', 'odd');
    host.incomplete('a part');
    host.remember('text', 'grüße 🚨');
    host.remember('gone', 1);
    host.forget('gone');
    const machines = [...host.documents(MACHINES, Times.now, { id: 'instanceId' })];
    const earlier = [...host.documents(MACHINES, at(host.window.until - 24 * 60 * 60 * 1000))];
    const kinds = host.texts(['view/instances', 'aws/nonsense'], Times.now).map((text) => (text instanceof CallError ? text.kind : 'text'));
    const counts = { now: machines.length, earlier: earlier.length, texts: kinds, keys: host.rememberedKeys(), text: host.recall('text') };
    yield { id: 'counts', details: [counts, 'words'], severity: Severity.critical, url: 'https://a.example/', labels: { account: '1', region: '' } };
    yield { id: 'bare' };
  },
};

export default defineRule({
  init(settings, host) {
    const { mode, url } = readSettings(settings, { mode: 'all', url: '' });
    if (mode === 'refused settings') {
      throw new RuleError('the mode makes no sense');
    }
    if (mode === 'closed in init') {
      host.documents(MACHINES, Times.now).next();
    }
    return { mode, url };
  },
  run: (host, { mode, url }) => modes[mode](host, url),
});
