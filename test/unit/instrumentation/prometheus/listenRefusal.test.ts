import { afterEach, expect, it, vi } from 'vitest';
import { listenRefusal } from '../../../../src/instrumentation/prometheus/listenRefusal.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('refuses nothing where nothing is restricted', () => {
  expect(listenRefusal('127.0.0.1', 9464)).toBeUndefined();
});

it.each([
  ['has the network', true, ['--allow-net'], undefined],
  ['has it not', false, ['--allow-net'], 'Node does not allow it without --allow-net'],
  ['is of a Node that does not restrict it', false, [], undefined],
])('asks the permission of Node, which %s', (_, has, flags, refusal) => {
  const node = { permission: { has: () => has }, allowedNodeEnvironmentFlags: new Set(flags) };
  expect(listenRefusal('127.0.0.1', 9464, node)).toBe(refusal);
});

it.each([
  ['granted', '127.0.0.1', '127.0.0.1:9464', undefined],
  ['prompt', '::1', '[::1]:9464', 'Deno does not allow it without --allow-net'],
  ['denied', 'localhost', 'localhost:9464', 'Deno does not allow it without --allow-net'],
])('asks Deno, which says %s for %s', (state, host, asked, refusal) => {
  const querySync = vi.fn(() => ({ state }));
  vi.stubGlobal('Deno', { permissions: { querySync } });
  expect(listenRefusal(host, 9464)).toBe(refusal);
  expect(querySync).toHaveBeenCalledWith({ name: 'net', host: asked });
});
