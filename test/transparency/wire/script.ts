import { CALLERS_TRACEPARENT } from './canonical.js';
import { misuseHttp, misusePipe } from './misuse.js';
import type { Recording } from './recording.js';
import { until } from './rig.js';
import type { Rig } from './rig.js';

type Params = Record<string, unknown>;

/** When a client gives a call up. All cells talk at once, and over HTTP, a call given up before it arrived is never heard of. */
const LATE_MS = 1000;

/** One conversation over `rig`: every method of its era, the ways each fails, and what happens between and after requests. */
export async function converse(rig: Rig, recording: Recording): Promise<void> {
  const { client } = rig;
  await recording.step('connect', () => client.connect());
  await rig.ready();
  await recording.step('facts', () => Promise.resolve(client.facts()));
  await askEverything(rig, recording);
  await callTools(rig, recording);
  await stopCalls(rig, recording);
  await beTold(rig, recording);
  if (rig.url !== undefined) await misuseHttp(rig.url, rig.era, recording);
  if (rig.inject !== undefined) await misusePipe(rig.inject, rig, recording);
  await end(rig, recording);
}

function asker({ client }: Rig, recording: Recording) {
  return (method: string, params?: Params): Promise<void> =>
    recording.step(
      `${method} ${JSON.stringify(params)}`,
      () => client.ask(method, params === undefined ? undefined : Object.freeze(params)),
      params,
    );
}

async function askEverything(rig: Rig, recording: Recording): Promise<void> {
  const ask = asker(rig, recording);
  const greet = { type: 'ref/prompt', name: 'greet' };
  if (rig.era === 'modern') await ask('server/discover');
  await ask('ping');
  await ask('logging/setLevel', { level: 'debug' });
  await ask('tools/list');
  await ask('prompts/list');
  await ask('prompts/get', { name: 'greet', arguments: { name: 'Ada' } });
  await ask('prompts/get', { name: 'greet', arguments: {} });
  await ask('prompts/get', { name: 'explode' });
  await ask('prompts/get', { name: 'missing' });
  await ask('resources/list');
  await ask('resources/templates/list');
  await ask('resources/read', { uri: 'note://one' });
  await ask('resources/read', { uri: 'notes://7' });
  await ask('resources/read', { uri: 'note://missing' });
  await ask('resources/subscribe', { uri: 'note://one' });
  await ask('resources/unsubscribe', { uri: 'note://one' });
  await ask('completion/complete', { ref: greet, argument: { name: 'name', value: 'Al' } });
  await ask('completion/complete', { ref: { ...greet, name: 'missing' }, argument: { name: 'name', value: '' } });
  await ask('custom/echo', { value: [1, { two: 2 }], _meta: { own: true } });
  await ask('custom/fail');
  await ask('no/such', { value: 1 });
}

async function callTools(rig: Rig, recording: Recording): Promise<void> {
  const ask = asker(rig, recording);
  const call = (name: string, args?: Params, meta?: Params): Promise<void> =>
    ask('tools/call', { name, ...(args === undefined ? {} : { arguments: args }), ...(meta === undefined ? {} : { _meta: meta }) });
  await call('echo', { text: 'a' });
  await call('echo', { text: 'b', times: 2, unknown: null });
  await call('echo', { text: 7 });
  await call('echo');
  await call('echo', { text: 'mine' }, { traceparent: CALLERS_TRACEPARENT, own: { deep: [1] } });
  await call('sum', { a: 1, b: 2 });
  await call('badOutput');
  for (const name of ['refuse', 'explode', 'throwText', 'missing', 'confirm']) await call(name, {});
  if (rig.lasting || rig.era === 'modern') await call('interview', {});
  const onprogress = (...given: unknown[]): void => {
    recording.handler('onprogress', undefined, given);
  };
  await recording.step('slowly', () => rig.client.ask('tools/call', { name: 'slowly', arguments: {} }, { onprogress }));
  await recording.step('three at once', () =>
    Promise.all(['x', 'y', 'z'].map((text) => rig.client.ask('tools/call', { name: 'echo', arguments: { text } }))),
  );
}

async function stopCalls({ client, stage, lasting, era }: Rig, recording: Recording): Promise<void> {
  const reaches = lasting || era === 'modern';
  const abort = new AbortController();
  const hang = { name: 'hang', arguments: {} };
  await recording.step('cancelled', async () => {
    const call = client.ask('tools/call', hang, { signal: abort.signal });
    await until('the call to hang', () => stage.hanging === 1);
    abort.abort('no longer wanted');
    return call;
  });
  if (reaches) await until('the call to be stopped', () => stage.aborted === 1);
  await recording.step('timed out', () => client.ask('tools/call', hang, { timeout: LATE_MS }));
  if (reaches) await until('the late call to be stopped', () => stage.aborted === 2);
}

async function beTold(rig: Rig, recording: Recording): Promise<void> {
  const { client, era } = rig;
  await recording.step('tell custom', () => client.tell('notifications/custom', { value: 1 }));
  if (era === 'legacy') await recording.step('tell roots', () => client.tell('notifications/roots/list_changed'));
  await recording.step('tell nonsense', () => client.tell('notifications/nonsense', { value: 1 }));
  if (era === 'modern') await subscribe(rig, recording);
  else if (rig.lasting) {
    const before = recording.handlers.length;
    await rig.push?.();
    await until(
      'the notifications',
      () => recording.handlers.filter(({ where }) => where.startsWith('client')).length > 0 && recording.handlers.length >= before + 4,
    );
  }
}

async function subscribe({ client, push }: Rig, recording: Recording): Promise<void> {
  await recording.step('listen', async () => {
    const subscription = await client.listen?.({ toolsListChanged: true, resourceSubscriptions: ['note://one'] });
    const before = recording.handlers.length;
    await push?.();
    await until('the change events', () => recording.handlers.length >= before + 2);
    await subscription?.close();
    return [subscription?.honoredFilter, await subscription?.closed];
  });
  await recording.step('listen to nothing', async () => (await client.listen?.({}))?.close());
}

async function end({ client, stage, stop, lasting }: Rig, recording: Recording): Promise<void> {
  if (lasting) {
    await recording.step('the server goes in the middle', async () => {
      const before = stage.hanging;
      const call = client.ask('tools/call', { name: 'hang', arguments: {} }, { timeout: LATE_MS });
      await until('the last call to hang', () => stage.hanging === before + 1);
      await stop();
      return call;
    });
  } else await stop();
  await recording.step('close', () => client.close());
  await recording.step('too late', () => client.ask('tools/call', { name: 'refuse', arguments: {} }));
}
