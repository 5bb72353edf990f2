/** A query, a command and a log line in a span, and once more by clients that were made before; then alive until it is ended. */
export const BASIC = `
const pool = new pg.Pool({ connectionString: process.env.DB, max: 1 });
const redis = new Redis(process.env.REDIS);
const log = newLog();
await pool.query('SELECT 1');
await redis.ping();
await inSpan('parent', async () => {
  await pool.query('SELECT 2');
  await redis.set('handoff-boot', 'value', 'EX', 20);
  log.info('a line');
});
await flush();
report('done', '');
setInterval(() => {}, 1000);`;

/** Marks of what a host would not want to be told. */
export const SECRETS = {
  literal: 'qzliteralqz',
  layout: 'qzlayoutqz',
  message: 'qzmessageqz',
  key: 'qzkeyqz',
  value: 'qzvalueqz',
  member: 'qzmemberqz',
  script: 'qzscriptqz',
  argument: 'qzargumentqz',
  thrown: 'qzthrownqz',
} as const;

/** Two pools with connections in use and waiting, a cursor, content in statements and commands, failures. */
export const RICH = `
const first = new pg.Pool({ connectionString: process.env.DB, max: 2 });
const second = new pg.Pool({ connectionString: process.env.DB, max: 3 });
const redis = new Redis(process.env.REDIS);
const log = newLog();
await redis.ping();
await inSpan('parent', async () => {
  await first.query("SELECT '${SECRETS.literal}' AS a, 42 AS b");
  await first.query("SELECT\\n'${SECRETS.layout}' AS a");
  await first.query("SELECT '${SECRETS.message}'::int").catch(() => {});
  await redis.set('${SECRETS.key}', '${SECRETS.value}', 'EX', 20);
  await redis.sadd('handoff-boot-set', '${SECRETS.member}');
  await redis.srem('handoff-boot-set', '${SECRETS.member}');
  await redis.eval("return '${SECRETS.script}'", 0, '${SECRETS.argument}');
  log.info('a line');
});
await inSpan('cursor parent', async () => {
  const client = await first.connect();
  const cursor = client.query(new Cursor('SELECT generate_series(1, 10)'));
  await cursor.read(3);
  await cursor.close();
  client.release();
});
await inSpan('failed', async () => { throw new Error('${SECRETS.thrown}'); }).catch(() => {});
// 2 + 1 in use, 1 waits for the first pool.
const held = [await first.connect(), await first.connect(), await second.connect()];
const waiting = first.query('SELECT 3');
await pause(1200);
report('held', '');
await pause(700);
for (const client of held) client.release();
await waiting;
await pause(600);
await flush();
report('done', '');
setInterval(() => {}, 1000);`;

/** Makes its last span and log record right before it ends, in one of several ways. */
export const lastWords = (ending: string): string => `
const log = newLog();
const parent = () => inSpan('last', async () => { log.info('last line'); });
await parent();
report('ready', '');
${ending}`;

export const ENDINGS = {
  'its natural end': 'process.disconnect();',
  SIGTERM: 'setInterval(() => {}, 1000);',
  SIGINT: 'setInterval(() => {}, 1000);',
  'an uncaught exception': `process.disconnect(); setImmediate(() => { throw new Error('deliberate'); });`,
  'process.exit()': 'process.exit(3);',
} as const;
