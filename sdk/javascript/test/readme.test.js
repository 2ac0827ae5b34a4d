// The rule that the README shows, and its test.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

test('the rule and its test work', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block);
  assert.equal(blocks.length, 2);
  const place = await mkdtemp(join(tmpdir(), 'readme-'));
  try {
    await writeFile(join(place, 'package.json'), '{ "type": "module" }');
    const sdk = new URL('../src/', import.meta.url).href;
    const [rule, itsTest] = blocks.map((block) => block.replaceAll('./sdk/src/', sdk));
    await writeFile(join(place, 'new_buckets.js'), rule);
    // Its own `test` runs at once, so that a failure is one of this test.
    const source = itsTest.replace("import { test } from 'node:test';", 'const test = (name, run) => run();');
    await writeFile(join(place, 'test.js'), source);
    await import(pathToFileURL(join(place, 'test.js')));
  } finally {
    await rm(place, { recursive: true });
  }
});
