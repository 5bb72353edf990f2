import type { Order, Start } from './axes.js';

/** What every program does; `us` is our package, `pg`, `Redis` and `pino` are in scope once the libraries are loaded. */
const MAKE = `
  const pool = new pg.Pool({ connectionString: process.env.DB, max: 2 });
  const client = new pg.Client({ connectionString: process.env.DB });
  const redis = new Redis(process.env.REDIS);
  const log = pino({ base: null }, pino.destination({ dest: 2, sync: true }));
  const child = log.child({ part: 'child' });`;

/** Two queries, one of each kind of client, three commands, the first before the connection is up, and two lines. */
const WORK = `
  (async () => {
    await client.connect();
    await h.tracer.startActiveSpan('parent', async (span) => {
      await redis.set('matrix-' + process.pid, 'value');
      await redis.get('matrix-' + process.pid);
      await redis.del('matrix-' + process.pid);
      await pool.query('SELECT 1');
      await client.query('SELECT 2');
      log.info('a line');
      child.warn('a line of a child');
      span.end();
    });
    await h.flush(); // pools are measured as long as they are open
    await redis.quit();
    await client.end();
    await pool.end();
    process.stderr.write('STATUS' + JSON.stringify(h.status()) + '\\n');
  })();`;

/** Text of a program that loads the libraries by `import` or `require`; `us` is a specifier of our package. */
export function program(format: 'esm' | 'cjs', us: string, start: Start, order: Order, isBundle: boolean): string {
  const hands = isBundle ? 'h = instrument({ modules: { pg, ioredis, pino } });' : '';
  const call =
    start === 'register' || order === 'after'
      ? 'let h = instrument();'
      : `let h = instrument(${isBundle ? '{ modules: { pg, ioredis, pino } }' : ''});`;
  const late = start === 'register' || order === 'after';
  if (format === 'cjs') {
    const ours = `const { instrument } = require(${JSON.stringify(us)});`;
    const theirs = `const pg = require('pg'); const ioredis = require('ioredis'); const { pino } = require('pino'); const Redis = ioredis.Redis ?? ioredis;`;
    return late ? `${ours} ${call} ${theirs} ${hands} ${MAKE} ${WORK}` : `${theirs} ${MAKE} ${ours} ${call} ${WORK}`;
  }
  const ours = `import { instrument } from ${JSON.stringify(us)};`;
  const redis = 'const Redis = ioredis.Redis ?? ioredis;';
  const later = `const { default: pg } = await import('pg'); const { default: ioredis } = await import('ioredis'); const { pino } = await import('pino'); ${redis}`;
  return late
    ? `${ours} ${call} ${later} ${hands} ${MAKE} ${WORK}`
    : `import pg from 'pg'; import ioredis from 'ioredis'; import { pino } from 'pino'; ${ours} ${redis} ${MAKE} ${call} ${WORK}`;
}
