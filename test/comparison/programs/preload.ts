import { HOST_SPANS } from '../subject.js';
import { openPreloaded } from '../subjects/preloaded.js';

// Given to `--import` before a program: the documented set-up of the package named in the environment, and nothing for the program itself.

const subject = await openPreloaded(process.env['COMPARISON_PACKAGE'] ?? '');
const hosts: ReadonlySet<string> = new Set(Object.values(HOST_SPANS));

// Stands for an instrumented database client.
Object.assign(globalThis, { databaseDriver: { query: () => subject.inSpan(HOST_SPANS.query, () => undefined) } });

process.on('message', () => {
  void report();
});

async function report(): Promise<void> {
  const all = await subject.spans();
  const calls = all.filter(
    ({ name, attributes }) => !hosts.has(name) && (attributes['mcp.method.name'] === 'tools/call' || /^tools\/call|\.tool$/u.test(name)),
  );
  const sent = calls.filter(({ kind }) => kind === 'CLIENT').length;
  process.send?.({ sent, received: calls.length - sent, traceId: all.find(({ name }) => name === HOST_SPANS.query)?.traceId ?? '' }, () =>
    process.exit(),
  );
}
