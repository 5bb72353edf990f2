import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ruleFiles } from '../../../dashboards/src/rules/files.js';
import { startBackEnds } from './backEnds.js';
import { checkCounts } from './checks/counts.js';
import { checkExemplars } from './checks/exemplars.js';
import { faults } from './faults/allFaults.js';
import type { World } from './faults/fault.js';
import { runFault, type AlertRun } from './faults/runFault.js';
import { Caller, Ledger, Loop } from './load/callers.js';
import { Calls } from './load/calls.js';
import { handoffTurn } from './load/handoffLoad.js';
import { services, startServers } from './servers.js';
import { DIVIDE_TIMES_BY } from './timing.js';

/** With the seconds since the start. */
const print = (line: string): boolean => process.stdout.write(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
const root = join(import.meta.dirname, '../../..');
const logFolder = join(root, '.cache/stack-live');
const HEALTHY_MS = 15_000;
const only = process.argv.slice(2);

async function run(): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  rmSync(logFolder, { recursive: true, force: true });
  mkdirSync(logFolder, { recursive: true });
  const rules = mkdtempSync(join(tmpdir(), 'handoff-stack-rules-'));
  cleanUp.defer(() => rmSync(rules, { recursive: true, force: true }));
  const files = ruleFiles({ divideTimesBy: DIVIDE_TIMES_BY })
    .filter(({ path }) => path.startsWith('alerts/rules/'))
    .map(({ path, text }) => {
      const file = join(rules, basename(path));
      writeFileSync(file, text);
      return file;
    });
  const backEnds = await startBackEnds({ logFolder, ruleFiles: files, brokenRuleFile: join(rules, 'broken.yaml') }, cleanUp);
  const apis = [backEnds.pushed.api, backEnds.scraped.api];
  print('the back ends are up');
  const servers = await startServers(logFolder, backEnds.collector.url('http'), cleanUp);
  print('the stack is up');
  const ledger = new Ledger();
  const callers = Array.from({ length: 2 }, () => new Caller(`${servers.handoff.url('mcp')}/mcp`, ledger));
  for (const caller of callers) await caller.connect();
  {
    await using loops = new AsyncDisposableStack();
    callers.forEach((caller, index) => loops.use(new Loop((count) => handoffTurn(caller, `caller-${index}`, count), 20)));
    await wait(HEALTHY_MS);
  }
  for (const line of await checkCounts({ service: services.handoff, metricsUrl: `${servers.handoff.url('admin')}/metrics`, ledger, apis }))
    print(line);
  for (const line of await checkExemplars(apis, backEnds.receiver)) print(line);
  const world: World = {
    ...backEnds,
    ...servers,
    calls: {
      tools: new Calls(`${servers.unluckyTools.url('mcp')}/mcp`),
      misled: new Calls(`${servers.misled.url('mcp')}/mcp`),
      handoff: new Calls(`${servers.unluckyHandoff.url('mcp')}/mcp`),
    },
  };
  for (const api of apis) {
    print(`${api.name}: failed rules ${JSON.stringify(await api.failedRules())}`);
    print(
      `${api.name}: alerts ${JSON.stringify((await api.alerts()).map(({ labels, state }) => `${labels['alertname']} ${labels['job']} ${state}`))}`,
    );
  }
  const clearing: Promise<AlertRun[]>[] = [];
  for (const fault of faults) {
    if (only.length > 0 && !only.includes(fault.name)) continue;
    try {
      const { cleared } = await runFault(fault, world);
      print(`${fault.name}: fired`);
      clearing.push(
        cleared
          .then((runs) => {
            for (const r of runs) print(`${r.fault}: ${r.alert} ${r.told} ${r.secondsToFire.toFixed(1)} ${r.secondsToClear.toFixed(1)}`);
            return runs;
          })
          .catch((error: unknown) => {
            print(`CLEAR ${String(error)}`);
            return [];
          }),
      );
    } catch (error) {
      print(`FIRE ${String(error)}`);
      await fault.end?.(world);
    }
  }
  await Promise.all(clearing);
}

await run();
