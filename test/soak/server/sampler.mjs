// Loaded into the server by NODE_OPTIONS: answers over IPC with what its process holds after a forced collection. With `leak` in
// SOAK_LEAK it also keeps something of every request, which the soak must notice.
import diagnostics from 'node:diagnostics_channel';
import { setTimeout as wait } from 'node:timers/promises';

const COLLECTIONS = 4;
const kept = [];

if (process.send !== undefined && process.env['SOAK_LEAK'] === '1')
  diagnostics.channel('http.server.request.start').subscribe(() => kept.push({ at: performance.now(), bytes: new Array(128).fill(0) }));

process.on('message', async (message) => {
  if (message !== 'sample') return;
  // What finalizers and timers let go of is collected by the next.
  for (let round = 0; round < COLLECTIONS; round += 1) {
    globalThis.gc();
    await wait(50);
  }
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const handles = {};
  for (const type of process.getActiveResourcesInfo()) handles[type] = (handles[type] ?? 0) + 1;
  const listeners = Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
  process.send({ heapBytes: heapUsed, externalBytes: external, rssBytes: rss, handles, listeners });
});
process.channel?.unref();
