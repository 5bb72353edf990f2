import { setTimeout as delay } from 'node:timers/promises';
import type { Pair } from '../../../../unit/instrumentation/mcp/pair.js';

/** How one step of a conversation ended, in a form that two conversations can be compared by. */
export type Outcome = { readonly step: string; readonly result: unknown } | { readonly step: string; readonly error: string };

/** What both sides of a connection say to each other when everything is tried once: answers, errors, notifications, cancelling, closing. */
export async function exercise(pair: Pair): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const step = async (name: string, work: () => unknown): Promise<void> => {
    try {
      outcomes.push({ step: name, result: await work() });
    } catch (thrown) {
      outcomes.push({ step: name, error: String(thrown) });
    }
  };
  let toldServer = 0;
  let toldClient = 0;
  pair.onTold(() => (toldServer += 1));
  pair.onClientTold(() => {
    toldClient += 1;
    throw new RangeError('a handler of notifications that fails');
  });
  await step('connect', () => pair.connect());
  await step('list', () => pair.listTools());
  for (const tool of ['echo', 'refuse', 'explode', 'nothing']) await step(tool, () => pair.call(tool));
  const progress: unknown[] = [];
  // Its `_meta` carries the trace context where there is one; that is what it is for.
  await step('progress', () => pair.call('progress', { onprogress: (each) => progress.push({ ...(each as object), _meta: undefined }) }));
  await step('ping', () => pair.ping());
  await step('unknown', () => pair.askUnknown());
  await step('sample', () => pair.sample());
  await step('elicit', () => pair.elicit());
  await step('roots', () => pair.roots());
  await step('ping the client', () => pair.pingClient());
  await step('tell the server', () => pair.tellServer());
  await step('tell the client', () => pair.tellClient());
  await step('log', () => pair.log());
  const abort = new AbortController();
  const cancelled = step('cancel', () => pair.call('hang', { signal: abort.signal }));
  await pair.hanging;
  abort.abort('enough');
  await cancelled;
  await step('time out', () => pair.call('hang', { timeout: 15 }));
  const cut = step('cut off', () => pair.call('hang'));
  await delay(1);
  await step('close', () => pair.close());
  await cut;
  outcomes.push({ step: 'notifications and progress seen', result: [toldServer, toldClient, progress] });
  return outcomes;
}
