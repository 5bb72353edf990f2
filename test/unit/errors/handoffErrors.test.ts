import { expect, it } from 'vitest';
import { AddressUnavailableError } from '../../../src/errors/addressUnavailableError.js';
import { ConcurrentChangeError } from '../../../src/errors/concurrentChangeError.js';
import { ConfigError } from '../../../src/errors/configError.js';
import { HandoffError } from '../../../src/errors/handoffError.js';
import { InvalidCursorError } from '../../../src/errors/invalidCursorError.js';
import { MissingPeerError } from '../../../src/errors/missingPeerError.js';

const cause = new Error('underneath');

it.each([
  [
    new AddressUnavailableError('127.0.0.1', 80, 'EACCES', cause),
    'AddressUnavailableError',
    'HANDOFF_ADDRESS_UNAVAILABLE',
    { host: '127.0.0.1', port: 80, reasonCode: 'EACCES' },
    'set HANDOFF_HTTP_PORT to one above 1023',
  ],
  [
    new AddressUnavailableError('192.0.2.1', 3000, 'EADDRNOTAVAIL', cause),
    'AddressUnavailableError',
    'HANDOFF_ADDRESS_UNAVAILABLE',
    { host: '192.0.2.1', port: 3000, reasonCode: 'EADDRNOTAVAIL' },
    'Set HANDOFF_HTTP_HOST to an address of this machine',
  ],
  [
    new ConcurrentChangeError('request_handoff', 5),
    'ConcurrentChangeError',
    'HANDOFF_CONCURRENT_CHANGE',
    { operation: 'request_handoff', tries: 5 },
    'Try again.',
  ],
  [new InvalidCursorError(), 'InvalidCursorError', 'HANDOFF_INVALID_CURSOR', {}, 'Leave it out to start from the first page.'],
  [
    new MissingPeerError('pg', 'npm install pg', 'PostgreSQL', cause),
    'MissingPeerError',
    'HANDOFF_MISSING_PEER',
    { packageName: 'pg', install: 'npm install pg' },
    'Run: npm install pg',
  ],
  [
    new ConfigError([{ key: 'A', given: 'x', allowed: '1 to 9' }]),
    'ConfigError',
    'HANDOFF_CONFIG',
    { problems: [{ key: 'A', given: 'x', allowed: '1 to 9' }] },
    'A: x was given, but it must be 1 to 9',
  ],
])('%s has its name, its code, its data, and says what to do', (error, name, code, data, advice) => {
  expect(error).toBeInstanceOf(HandoffError);
  expect(error).toMatchObject({ name, code, data });
  expect(error.message).toContain(advice);
});

it('keeps what caused it', () => {
  expect(new MissingPeerError('pg', 'npm install pg', 'PostgreSQL', cause).cause).toBe(cause);
});
