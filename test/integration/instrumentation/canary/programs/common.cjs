const { Redis } = require('ioredis');
const pg = require('pg');
const Cursor = require('pg-cursor');
const { pino } = require('pino');
const { instrument } = require('../../../../../src/instrumentation/instrument.ts');
const { putEverywhere } = require('../host/putEverywhere.ts');

putEverywhere({ pg, Cursor, Redis, pino, handle: instrument({ prometheus: { enabled: true, listen: false } }) }).then(() =>
  process.disconnect?.(),
);
