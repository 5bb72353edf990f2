import { expect, it } from 'vitest';
import { boundedDbAttributes } from '../../../../src/telemetry/guard/metricAttributes.js';

it('keeps the labels of the catalogue and bounds their values', () => {
  expect(
    boundedDbAttributes({
      'db.system.name': 'postgresql',
      'db.namespace': 'handoff',
      'server.address': '10.0.0.1',
      'server.port': 5432,
      'db.operation.name': "INSERT\nINTO T VALUES('SECRET')",
      'error.type': 'duplicate key (email)=(secret)',
    }),
  ).toEqual({ 'db.system.name': 'postgresql', 'db.namespace': 'handoff', 'db.operation.name': 'INSERT', 'error.type': '_OTHER' });
});

it.each([
  ['23505', '23505'],
  ['ECONNREFUSED', 'ECONNREFUSED'],
  ['secret', '_OTHER'],
])('error.type %s is %s', (given, expected) => {
  expect(boundedDbAttributes({ 'error.type': given })).toEqual({ 'error.type': expected });
});

it('knows a connection string from the name of a database', () => {
  expect(boundedDbAttributes({ 'db.namespace': 'postgres://user:secret@host/db' })).toEqual({ 'db.namespace': '_OTHER' });
});
