import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

// Started by probe.ts: asks an admin port again and again, in a process that does nothing else, and keeps how long each answer took. How
// late its own timers were is kept besides: that much of a figure is the machine and not the server.

/** One answer, or none. */
export interface Probe {
  readonly path: string;
  readonly tookMs: number;
  /** 0 when the connection failed. */
  readonly status: number;
}

export interface ProbeReport {
  readonly probes: readonly Probe[];
  readonly latenessMs: readonly number[];
}

const PATHS = ['/livez', '/health'] as const;
const PAUSE_MS = 10;
const agent = new Agent({ keepAlive: true });
let isOver = false;
process.once('message', (url: string) => void ask(url));
process.on('message', (message) => {
  if (message === 'over') isOver = true;
});

async function ask(url: string): Promise<void> {
  const probes: Probe[] = [];
  const latenessMs: number[] = [];
  while (!isOver) {
    for (const path of PATHS) {
      // Before each, as probes come: a process that has just run waits longer for a core than one that has slept.
      const dueMs = performance.now() + PAUSE_MS;
      await wait(PAUSE_MS);
      latenessMs.push(Math.max(0, performance.now() - dueMs));
      probes.push(await probe(url, path));
    }
  }
  agent.destroy();
  process.send?.({ probes, latenessMs } satisfies ProbeReport, () => process.disconnect());
}

function probe(url: string, path: string): Promise<Probe> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const done = (status: number): void => resolve({ path, tookMs: performance.now() - startMs, status });
    get(`${url}${path}`, { agent }, (response) => response.resume().on('end', () => done(response.statusCode ?? 0))).on('error', () =>
      done(0),
    );
  });
}
