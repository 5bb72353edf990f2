import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { lazyS3Store } from '../../../../../src/handoff/archive/objects/lazyS3Store.js';
import { limitedStore } from '../../../../../src/handoff/archive/objects/limitedStore.js';

it('loads the SDK when the store is first used, and not before: a client waits for the first answer of the server', () => {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve: (name, context, next) => { if (name === '@aws-sdk/client-s3') loaded.push(name); return next(name, context); } });
    const { lazyS3Store } = await import('./src/handoff/archive/objects/lazyS3Store.ts');
    const store = lazyS3Store({ bucket: 'b', prefix: 'p', endpoint: 'http://127.0.0.1:9', maxAttempts: 1, forcePathStyle: true });
    const before = loaded.length;
    const failure = await store.head('key').catch(({ code, name }) => code ?? name);
    const after = loaded.length;
    await store.head('key').catch(() => undefined);
    store.close();
    process.stdout.write([store.location, before, after, loaded.length, failure].join(' '));`;
  const said = execFileSync(process.execPath, ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
  });
  expect(said).toBe('s3://b/p 0 1 1 ECONNREFUSED');
});

it('says its time limit, which no guard cuts short, and refuses one that the archive would not wait for', async () => {
  expect(lazyS3Store({ bucket: 'b' }).timeoutMs).toBe(60_000);
  expect(() => lazyS3Store({ bucket: 'b', timeoutMs: 600_001 })).toThrow('timeoutMs must be from 1 to 600000, and is 600001.');
  expect(() => lazyS3Store({ bucket: 'b', timeoutMs: NaN })).toThrow(RangeError);
});

it.each([
  [10, 'in time', 'stored'],
  [-29_995, 'late', 'TimedOut'],
] as const)('the limit around it waits a while longer than the store itself (%i ms, %s)', async (timeoutMs, _when, expected) => {
  const put = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
  const store = { ...lazyS3Store({ bucket: 'b' }), timeoutMs, put };
  const said = await limitedStore(store)
    .put('key', new Uint8Array())
    .then(
      () => 'stored',
      ({ name }: Error) => name,
    );
  expect(said).toBe(expected);
});
