import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { oldSpaceLimitBytes } from '../../../../../src/handoff/monitoring/health/checks/heapUse.js';

const MIB = 1_048_576;

it.each([
  [['--max-old-space-size=512'], 512],
  [['--max_old_space_size=256'], 256],
  [['--max-old-space-size=256 --enable-source-maps', '--max-old-space-size=300'], 300],
  [['--enable-source-maps'], 704],
  [['--max-old-space-size-percentage=50'], 704],
  [[''], 704],
  // V8 takes zero for its own choice, and has taken less than was asked for.
  [['--max-old-space-size=0'], 704],
  [['--max-old-space-size=9000'], 704],
])('%j allows %d MiB of 704', (flags, mib) => {
  expect(oldSpaceLimitBytes(704 * MIB, flags)).toBe(mib * MIB);
});

const FILL = `
import { memoryCheck } from './src/handoff/monitoring/health/checks/memory.ts';
const kept = [];
for (let mib = 0; mib < 112; mib += 1) kept.push(new Array(131072).fill(0.5));
// Until then they are young.
globalThis.gc();
const found = await memoryCheck().run(new AbortController().signal);
process.stdout.write(JSON.stringify([found.status, found.reason, kept.length]));
`;

it.each([
  ['of the command line', ['--max-old-space-size=128'], ''],
  ['of NODE_OPTIONS', [], '--max-old-space-size=128'],
])('a heap that is nearly at its end is seen to be, by the limit %s', (_name, flags, options) => {
  const args = [...flags, '--expose-gc', '--import', './tools/resolveSource.mjs', '--input-type=module', '--eval', FILL];
  const said = execFileSync(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: options }, encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual([expect.stringMatching(/degraded|unhealthy/), 'heap_nearly_full', 112]);
});
