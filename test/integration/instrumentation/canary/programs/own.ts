import { createRequire } from 'node:module';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { instrument } from '../../../../../src/instrumentation/instrument.js';
import type { CursorClass } from '../host/host.js';
import { putEverywhere } from '../host/putEverywhere.js';

// Ours as the only SDK; also run with `--import register`, and with stdio and other settings from the environment.
await putEverywhere({
  pg,
  Cursor: createRequire(import.meta.url)('pg-cursor') as CursorClass,
  Redis,
  pino,
  handle: instrument({ stdio: process.env['CANARY_STDIO'] === 'true', prometheus: { enabled: true, listen: false } }),
});
process.disconnect?.();
