import { setTimeout as wait } from 'node:timers/promises';
import { DAY_S, HOUR_S } from '../../../../dashboards/src/rules/times.js';
import { services } from '../servers.js';
import { DIVIDE_TIMES_BY, INTERVAL_MS } from '../timing.js';
import type { Fault, World } from './fault.js';

const job = { job: services.slowTools };
const POLL_MS = 1_000;
/** Until both Prometheus surely have what a process counted. */
const EXPORTS = 3;

/** Resolves when both Prometheus have samples of the selector from so long ago, in true time. */
async function known(selector: string, agoS: number, { pushed, scraped }: World): Promise<void> {
  const then = `${selector} offset ${Math.ceil((agoS * 1000) / DIVIDE_TIMES_BY)}ms`;
  for (const { api } of [pushed, scraped]) while ((await api.query(then)).length === 0) await wait(POLL_MS);
}

async function inside({ slowTools }: World, fault: string): Promise<void> {
  const response = await fetch(`${slowTools.url('mcp')}/fault/${fault}`, { method: 'POST' });
  await response.arrayBuffer();
}

async function replace({ slowTools }: World): Promise<void> {
  await slowTools.stop();
  await slowTools.start();
}

/** A new process, whose series are new because of its `instance`, and that lives until it has exported them. */
async function liveShortly(world: World): Promise<void> {
  await replace(world);
  await inside(world, 'widen');
  await wait(EXPORTS * INTERVAL_MS);
}

/** What grows from hour to hour, or from day to day: the stack has to have run for as long, divided. */
export const growthFaults: readonly Fault[] = [
  {
    name: 'a process leaks memory',
    notInCore: 'six hours, divided, are 4.5 minutes, and the heap has to stay large for another 1.5 hours',
    alerts: [{ name: 'HeapGrows', labels: job }],
    ready: (world) => known(`v8js_memory_heap_used_bytes{job="${services.slowTools}"}`, 7 * HOUR_S, world),
    begin: (world) => inside(world, 'leak'),
    // What a page about the alert says: only a new process is without it at once.
    end: replace,
  },
  {
    name: 'processes with many series are replaced in quick succession',
    notInCore: 'a day, divided, is 18 minutes',
    isAlone: true,
    alerts: [{ name: 'SeriesGrowFast' }],
    ready: (world) => known('prometheus_tsdb_head_series', DAY_S, world),
    // All at once would be more than the collector's page can tell within the time of a scrape.
    go: liveShortly,
    firesWithinMs: 300_000,
  },
];
