import { expect, it } from 'vitest';
import { safeAddress, safeNamespace } from '../../../../src/telemetry/guard/databasePlace.js';

it.each([
  ['handoff', 'handoff'],
  ['Größe-1', 'Größe-1'],
  ['postgres://user:secret@host/db', '_OTHER'],
  ['db?password=secret', '_OTHER'],
  ['secret words', '_OTHER'],
  ['x'.repeat(64), '_OTHER'],
  ['', undefined],
  [null, undefined],
  [7, undefined],
])('a database %j is %j', (given, expected) => {
  expect(safeNamespace(given)).toBe(expected);
});

it.each([
  ['localhost', 'localhost'],
  ['db-1.example_internal.net', 'db-1.example_internal.net'],
  ['10.0.0.1', '10.0.0.1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['/var/run/postgresql', '/var/run/postgresql'],
  ['@abstract', '@abstract'],
  ['user:secret@host', '_OTHER'],
  ['postgres://user:secret@host:5432/db', '_OTHER'],
  ['host?password=secret', '_OTHER'],
  ['', undefined],
  [undefined, undefined],
])('a host %j is %j', (given, expected) => {
  expect(safeAddress(given)).toBe(expected);
});
