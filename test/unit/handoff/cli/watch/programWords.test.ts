import { expect, it } from 'vitest';
import { programWords } from '../../../../../src/handoff/cli/watch/programWords.js';

const register = 'file:///app/register.js';
const preload = `--preload=${register}`;

it.each([
  [
    ['deno', 'run', '-A', 'server.ts'],
    ['deno', 'run', preload, '-A', 'server.ts'],
  ],
  [
    ['/usr/bin/deno', 'serve', 'server.ts'],
    ['/usr/bin/deno', 'serve', preload, 'server.ts'],
  ],
  [
    ['deno', '-A', 'npm:some-server'],
    ['deno', preload, '-A', 'npm:some-server'],
  ],
  [
    ['deno.exe', './server'],
    ['deno.exe', preload, './server'],
  ],
  [
    ['deno', 'task', 'start'],
    ['deno', 'task', 'start'],
  ],
  [['deno'], ['deno']],
  [
    ['node', 'run', 'server.js'],
    ['node', 'run', 'server.js'],
  ],
] as const)('makes %j %j', (words, expected) => {
  expect(programWords(words, register)).toEqual(expected);
});
