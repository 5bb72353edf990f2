import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ruleFiles } from '../../../dashboards/src/rules/files.js';
import { startBackEnds } from './backEnds.js';
import { checkCounts } from './checks/counts.js';
import { checkExemplars } from './checks/exemplars.js';
import { Caller, Ledger, Loop } from './load/callers.js';
import { handoffTurn } from './load/handoffLoad.js';
import { services, startServers } from './servers.js';
import { DIVIDE_TIMES_BY } from './timing.js';

/** With the seconds since the start. */
const print = (line: string): boolean => process.stdout.write(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
const root = join(import.meta.dirname, '../../..');
const logFolder = join(root, '.cache/stack-live');
const HEALTHY_MS = 20_000;

async function run(): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  rmSync(logFolder, { recursive: true, force: true });
  mkdirSync(logFolder, { recursive: true });
  const rules = mkdtempSync(join(tmpdir(), 'handoff-stack-rules-'));
  cleanUp.defer(() => rmSync(rules, { recursive: true, force: true }));
  const files = ruleFiles({ divideTimesBy: DIVIDE_TIMES_BY }).map(({ path, text }) => {
    const file = join(rules, basename(path));
    writeFileSync(file, text);
    return file;
  });
  const backEnds = await startBackEnds({ logFolder, ruleFiles: files }, cleanUp);
  print('the back ends are up');
  const servers = await startServers(logFolder, backEnds.collector.url('http'), cleanUp);
  print('the stack is up');
  const ledger = new Ledger();
  const callers = Array.from({ length: 2 }, () => new Caller(servers.handoffUrl, ledger));
  for (const caller of callers) await caller.connect();
  {
    await using loops = new AsyncDisposableStack();
    callers.forEach((caller, index) => loops.use(new Loop((count) => handoffTurn(caller, `caller-${index}`, count), 20)));
    await wait(HEALTHY_MS);
  }
  await servers.agent.stop('SIGKILL');
  for (const line of await checkCounts({ service: services.handoff, metricsUrl: `${servers.handoff.url('admin')}/metrics`, ledger, apis: backEnds.apis })) print(line);
  for (const line of await checkExemplars(backEnds.apis, backEnds.receiver)) print(line);
}

await run();
