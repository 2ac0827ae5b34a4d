#!/usr/bin/env node
// Makes a component of a rule: `node build.js rule.js -o rule.wasm`. It needs `npm ci` in this directory once.

import { access, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `Makes a component of a rule.

Usage: node build.js RULE.js -o OUTPUT.wasm [--network] [--wit DIRECTORY]

  -o, --output FILE   where the component goes
      --network       the rule asks the web or probes ports (world \`network-rule\`)
      --wit DIRECTORY the contract [default: \`wit\` beside the SDK]`;

const SDK = dirname(fileURLToPath(import.meta.url));

class BuildError extends Error {}

/** Writes the component of a rule. Files that the rule imports are taken along, if their paths are relative. */
async function build(rule, output, network, contract) {
  const componentize = await loadTool();
  // Imports are found below the working directory only, so it has to hold both the rule and the SDK.
  process.chdir(commonDirectory(dirname(rule), SDK));
  const entry = join(dirname(rule), `.${basename(rule)}.entry.js`);
  await writeFile(entry, entrySource(dirname(entry), rule, network));
  try {
    const { component } = await componentize({
      sourcePath: entry,
      witPath: contract,
      worldName: network ? 'network-rule' : 'rule',
      // Without these the component imports nothing but the contract. The clock and random numbers would be frozen in any case.
      disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
    });
    await mkdir(dirname(output), { recursive: true });
    await writeFile(output, component);
  } finally {
    await rm(entry, { force: true });
  }
}

function entrySource(place, rule, network) {
  const from = (file) => JSON.stringify(`./${relative(place, file).split(sep).join('/')}`);
  return [
    `import rule from ${from(rule)};`,
    `import { lifecycle as exportsOf } from ${from(join(SDK, 'src/component.js'))};`,
    network ? `import { network } from ${from(join(SDK, 'src/component_network.js'))};` : 'const network = undefined;',
    'export const lifecycle = exportsOf(rule, network);',
    '',
  ].join('\n');
}

function commonDirectory(one, other) {
  const [ours, theirs] = [one.split(sep), other.split(sep)];
  const length = ours.findIndex((part, index) => part !== theirs[index]);
  return ours.slice(0, length < 0 ? ours.length : length).join(sep) || sep;
}

async function loadTool() {
  try {
    return (await import('@bytecodealliance/componentize-js')).componentize;
  } catch (error) {
    throw new BuildError(`componentize-js cannot be loaded (${error.message}); install it with: npm ci --prefix ${SDK}`);
  }
}

/** The nearest `wit` above the SDK that holds the contract. */
async function findContract() {
  for (let place = SDK; ; place = dirname(place)) {
    const found = await stat(join(place, 'wit', 'world.wit')).catch(() => undefined);
    if (found !== undefined) {
      return join(place, 'wit');
    }
    if (place === dirname(place)) {
      throw new BuildError('there is no `wit` directory beside the SDK: name the directory of the contract with --wit');
    }
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o' }, network: { type: 'boolean', default: false }, wit: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (positionals.length !== 1 || values.output === undefined) {
    throw new BuildError(`one rule and --output are expected\n\n${USAGE}`);
  }
  const rule = resolve(positionals[0]);
  await access(rule).catch(() => {
    throw new BuildError(`${rule} does not exist`);
  });
  await build(rule, resolve(values.output), values.network, values.wit === undefined ? await findContract() : resolve(values.wit));
}

main().catch((error) => {
  console.error(`build: ${error instanceof BuildError ? error.message : (error.stack ?? error)}`);
  process.exitCode = 1;
});
