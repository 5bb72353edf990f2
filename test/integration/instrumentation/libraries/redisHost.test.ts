import { expect, it } from 'vitest';
import { redisUrl } from '../../../setup/services.js';
import { runProcess } from '../instrumentedProcess.js';

/** Fails commands in every way a program may forget to look at, and says what becomes of them, and in which order. */
const WORK = `
  const said = [];
  process.on('unhandledRejection', (error) => said.push('unhandled ' + error.message.split(' ')[0]));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  // Until so much was said, and a little longer, in which nothing more should come.
  const settled = async (many) => {
    for (const endMs = Date.now() + 20_000; said.length < many && Date.now() < endMs; ) await pause(5);
    await pause(100);
  };
  const redis = new Redis(process.env.REDIS);
  const key = 'host-' + process.pid;
  redis.lpush('early', 1).then(() => redis.del('early'));
  await redis.set(key, 'text');
  // In one packet, so that the replies come in one as well: otherwise a busy machine changes the order.
  redis.stream.cork();
  redis.lpush(key, 1);
  redis.call('NOPE');
  redis.set(key, 'text', 'NONSENSE').catch(() => said.push('caught'));
  redis.stream.uncork();
  await settled(3);
  redis.stream.cork();
  redis.get(key).then(() => said.push('first'));
  redis.get(key).then(() => said.push('second'));
  redis.get(key, () => said.push('callback'));
  redis.stream.uncork();
  await settled(6);
  said.push(...(await redis.pipeline().lpush(key, 1).get(key).exec()).map(([error, value]) => (error === null ? value : 'failed ' + error.message.split(' ')[0])));
  await redis.del(key);
  await redis.quit();
  process.stdout.write(JSON.stringify([said, Redis.prototype.sendCommand.length]));`;

it('leaves rejections that nobody handles unhandled, and callbacks in their order', async () => {
  const env = { REDIS: redisUrl(), OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const bare = await runProcess({ code: `import { Redis } from 'ioredis'; ${WORK}`, env });
  const ours = await runProcess({
    code: `import { Redis } from 'ioredis'; import { instrument } from './src/instrumentation/instrument.ts'; instrument(); ${WORK}`,
    env,
  });
  expect(ours).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ours.stdout)).toEqual(JSON.parse(bare.stdout));
  expect(bare.stdout).toContain('["caught","unhandled WRONGTYPE","unhandled ERR","first","second","callback"');
});
