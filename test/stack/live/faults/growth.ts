import { setTimeout as wait } from 'node:timers/promises';
import { DAY_S, HOUR_S } from '../../../../dashboards/src/rules/times.js';
import { MORE_TOOLS, services } from '../servers.js';
import { DIVIDE_TIMES_BY } from '../timing.js';
import type { Fault, World } from './fault.js';

const job = { job: services.slowTools };
const POLL_MS = 1_000;
/** At a time: a server answers no faster with more. */
const CALLERS = 20;

/** Resolves when both Prometheus have samples of the selector from so long ago, in true time. */
async function known(selector: string, agoS: number, { pushed, scraped }: World): Promise<void> {
  const then = `${selector} offset ${Math.ceil((agoS * 1000) / DIVIDE_TIMES_BY)}ms`;
  for (const { api } of [pushed, scraped]) while ((await api.query(then)).length === 0) await wait(POLL_MS);
}

async function inside({ slowTools }: World, fault: string): Promise<void> {
  const response = await fetch(`${slowTools.url('mcp')}/fault/${fault}`, { method: 'POST' });
  await response.arrayBuffer();
}

async function callEachTool({ calls }: World): Promise<void> {
  const names = Array.from({ length: MORE_TOOLS }, (_, index) => `one_of_many_${index}`).values();
  const callInTurn = async (): Promise<void> => {
    for (const name of names) await calls.slowTools.call(name);
  };
  await Promise.all(Array.from({ length: CALLERS }, callInTurn));
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
    end: async ({ slowTools }) => {
      await slowTools.stop();
      await slowTools.start();
    },
  },
  {
    name: 'a thousand tools are called for the first time',
    notInCore: 'a day, divided, is 18 minutes',
    isAlone: true,
    alerts: [{ name: 'SeriesGrowFast' }],
    ready: (world) => known('prometheus_tsdb_head_series', DAY_S, world),
    begin: callEachTool,
  },
];
