import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltCollector } from '../workload/collector.js';
import { startWorkload } from '../workload/startWorkload.js';
import { Asker } from './asker.js';
import { collectorConfig, collectorEnv, tempoReceiver } from './collectorConfig.js';
import { checkAll } from './checkAll.js';
import { engineTargets, hasEngine } from './engine.js';
import { LokiApi } from './lokiApi.js';
import { PrometheusApi } from './prometheusApi.js';
import { Report } from './report.js';
import { isEmpty, readTargets, usage } from './targets.js';
import type { Targets } from './targets.js';
import { TempoApi } from './tempoApi.js';

// Runs a workload of our own through the collector into real back ends, and then asks these everything that the dashboards, the rules
// and the links between signals ask: `npm run prove stack`. Exit code 0: all is answered; 1: something is not; 2: nothing to ask.

const DEFAULT_WORKLOAD_S = 45;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function check(targets: Targets, rulesAreExpected: boolean): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'handoff-stack-'));
  const logFile = process.env['STACK_LOG'] ?? join(dir, 'asked-and-answered.log');
  print(`everything asked and answered goes to ${logFile}`);
  const report = new Report(print);
  await using stack = new AsyncDisposableStack();
  let endpoint = targets.otlpEndpoint;
  if (endpoint === undefined) {
    const tempo = await tempoReceiver(targets);
    const config = join(dir, 'collector.yaml');
    writeFileSync(config, collectorConfig(targets, tempo));
    const collector = await startBuiltCollector({ configs: [config], dir, env: collectorEnv(targets, tempo), progress: print });
    stack.defer(async () => void (await collector.stop('SIGTERM').catch(() => collector.stop('SIGKILL'))));
    endpoint = collector.httpEndpoint;
  }
  const durationMs = Number(process.env['STACK_SECONDS'] ?? DEFAULT_WORKLOAD_S) * 1000;
  const workload = stack.use(await startWorkload({ otlpEndpoint: endpoint, durationMs, progress: print }));
  print(`the server calls itself ${workload.serverName}, the agent ${workload.agentName}`);
  const ask = (url: string): Asker => new Asker(url, logFile);
  await checkAll({
    run: {
      report,
      workload,
      rulesAreExpected,
      calls: [...workload.calls],
      prometheus: targets.prometheus === undefined ? undefined : new PrometheusApi(ask(targets.prometheus)),
      tempo: targets.tempo === undefined ? undefined : new TempoApi(ask(targets.tempo)),
      loki: targets.loki === undefined ? undefined : new LokiApi(ask(targets.loki)),
    },
    targets,
    grafana: targets.grafana === undefined ? undefined : ask(targets.grafana),
  });
  await report.check('workload', 'ends in an orderly way', async () => void (await workload.finish()));
  for (const line of report.summary()) print(line);
  if (report.failed === 0) rmSync(dir, { recursive: true, force: true });
  else print(`asked and answered: ${logFile}`);
  return report.failed === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const targets = readTargets(process.env);
  if (!isEmpty(targets)) return check(targets, false);
  if (!hasEngine()) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  await using engine = await engineTargets(print);
  return await check(engine.targets, true);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
