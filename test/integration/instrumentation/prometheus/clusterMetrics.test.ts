import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { freePort } from '../../../setup/freePort.js';
import { runProcess } from '../instrumentedProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'handoff-cluster-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Four processes, one after the other or at once, on a loaded machine. */
const SLOW_MS = 120_000;

/** A program as people write it: each process of the cluster runs all of it. */
const PROGRAM = `
  import cluster from 'node:cluster';
  import { instrument } from '${pathToFileURL(join(process.cwd(), 'src/instrumentation/instrument.ts')).href}';
  const inPrimary = process.env.IN_PRIMARY === 'true';
  const h = cluster.isPrimary && !inPrimary ? undefined : instrument({ exitHooks: false });
  const address = async () => {
    for (;;) {
      const { address, problem } = h.status().signals.prometheus;
      if ((address ?? problem) !== undefined) return address ?? problem;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const scrape = async (url) => Number(/^calls_total\\{.*\\} (\\d+)$/m.exec(await (await fetch(url)).text())?.[1]);
  if (cluster.isPrimary) {
    h?.meter.createCounter('calls').add(7);
    const started = () => new Promise((resolve) => {
      const worker = cluster.fork();
      worker.once('message', (url) => resolve({ worker, url }));
    });
    const workers = await Promise.all([started(), started()]);
    const urls = workers.map(({ url }) => url).concat(h === undefined ? [] : [await address()]);
    const counts = [];
    for (const url of urls) counts.push([await scrape(url), await scrape(url), await scrape(url)]);
    const [first] = workers;
    first.worker.kill('SIGKILL');
    await new Promise((resolve) => first.worker.once('exit', resolve));
    const again = await started();
    process.stdout.write(JSON.stringify({ urls, counts, replaced: first.url, again: again.url }));
    process.exit();
  } else {
    h.meter.createCounter('calls').add(cluster.worker.id * 100);
    process.send(await address());
    setInterval(() => {}, 1000);
  }`;

interface Outcome {
  readonly urls: readonly string[];
  readonly counts: readonly (readonly number[])[];
  readonly replaced: string;
  readonly again: string;
}

async function run(port: number, inPrimary: boolean): Promise<Outcome & { readonly stderr: string }> {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, PROGRAM);
  const env = {
    IN_PRIMARY: String(inPrimary),
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'prometheus',
  };
  // With -e there is no file that workers could be started from.
  const code = `import cluster from 'node:cluster'; cluster.setupPrimary({ exec: ${JSON.stringify(file)}, execArgv: ['--no-warnings', '--import', './tools/resolveSource.mjs'] }); await import(${JSON.stringify(pathToFileURL(file).href)});`;
  const { stdout, stderr } = await runProcess({ code, env });
  return { ...(JSON.parse(stdout === '' ? '{}' : stdout) as Outcome), stderr };
}

const portOf = (url: string): number => Number(new URL(url).port);

it.each([
  ['without', false],
  ['with', true],
])(
  'each worker of a cluster answers for itself, %s telemetry in the primary, and a new one takes the place of one that died',
  async (_what, inPrimary) => {
    const base = await freePort();
    const { urls, counts, replaced, again, stderr } = await run(base, inPrimary);
    expect(urls, stderr).toHaveLength(inPrimary ? 3 : 2);
    expect(new Set(urls).size).toBe(urls.length);
    for (const url of urls) expect(portOf(url)).toBeLessThan(base + 128);
    const expected = [100, 200, ...(inPrimary ? [7] : [])].map((count) => [count, count, count]);
    expect(counts.toSorted(([a = 0], [b = 0]) => a - b)).toEqual(expected.toSorted(([a = 0], [b = 0]) => a - b));
    expect(portOf(again)).toBeGreaterThanOrEqual(base);
    expect(portOf(again)).toBeLessThanOrEqual(portOf(replaced));
    expect(stderr).toMatch(
      /Prometheus endpoint of this cluster worker is on port \d+: each worker takes the first free port from \d+ on\. Scrape them all\./,
    );
  },
  SLOW_MS,
);

it(
  'port 0 gives each worker a port of its own',
  async () => {
    const { urls, counts } = await run(0, false);
    expect(new Set(urls).size).toBe(2);
    expect(counts.map(([count]) => count).toSorted((a = 0, b = 0) => a - b)).toEqual([100, 200]);
  },
  SLOW_MS,
);

it(
  'processes that are no cluster do not look for another port: a clash is reported',
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const code = `
    import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument();
    while (h.status().signals.prometheus.problem === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    process.stdout.write(h.status().signals.prometheus.problem);`;
    // As PM2 starts them in fork mode.
    const { stdout } = await runProcess({
      code,
      env: {
        NODE_APP_INSTANCE: '1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
      },
    });
    taken.close();
    expect(stdout).toBe(`127.0.0.1:${port}: the port is taken`);
  },
  SLOW_MS,
);
