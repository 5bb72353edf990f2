import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import type { HttpOptions } from '../../../../src/handoff/server/http.js';
import { LOOPBACK_NAMES } from '../../../../src/handoff/server/loopback.js';
import { LIMITS } from './fakeSessions.js';
import type { FakeSessions } from './fakeSessions.js';

/** A server of these sessions on a free port of this machine, with small bodies, which logs nothing. */
export function httpOptions({ sessions }: FakeSessions, overrides: Partial<HttpOptions> = {}): HttpOptions {
  return {
    makeServer: handoffServerFactory({ sessions, limits: LIMITS, version: '9.9.9' }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    host: '127.0.0.1',
    port: 0,
    allowedHosts: LOOPBACK_NAMES,
    allowedOrigins: LOOPBACK_NAMES,
    maxBodyBytes: 4096,
    ...overrides,
  };
}
