import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startBackEnds } from './backEnds.js';
import { checkCounts } from './checks/counts.js';
import { onlyPushed } from './checks/emptyWhileHealthy.js';
import { checkExemplars } from './checks/exemplars.js';
import { compareEmpty } from './checks/emptyQueries.js';
import { writeDividedRules } from './dividedRules.js';
import { faults } from './faults/allFaults.js';
import { gaps, runFaults } from './faults/campaign.js';
import type { World } from './faults/fault.js';
import { keepLoading, loadFor } from './healthy.js';
import { Calls } from './load/calls.js';
import { boardQueries } from './queries/boardQueries.js';
import { QueryWatch } from './queries/queryWatch.js';
import { recordedQueries } from './queries/ruleQueries.js';
import { alertTable, queryTable } from './report.js';
import { services, startServers } from './servers.js';
import { DIVIDE_TIMES_BY } from './timing.js';

// Runs the whole stack on this machine, from real servers under load to the receivers of alerts, and holds every query and every alert
// against it. With words as arguments, only faults whose names hold one of them are caused.

const root = join(import.meta.dirname, '../../..');
/** Logs of every program; kept when something failed. */
const logFolder = join(root, '.cache/stack-live');
const LOAD_MS = 20_000;
const ASK_AGAIN_MS = 1_000;
const words = process.argv.slice(2);
const chosen = faults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

const print = (text: string): void => {
  const now = `${(performance.now() / 1000).toFixed(1)} s`.padStart(8);
  process.stdout.write(text.replace(/^/gm, `${now}  `).concat('\n'));
};

async function run(cleanUp: AsyncDisposableStack): Promise<string[]> {
  const failures = gaps(faults);
  const backEnds = await startBackEnds({ logFolder, ...writeDividedRules(cleanUp) }, cleanUp);
  const servers = await startServers(logFolder, backEnds.collector.url('http'), cleanUp);
  const apis = [backEnds.pushed.api, backEnds.scraped.api];
  print(`The stack is up. All times of rules are divided by ${DIVIDE_TIMES_BY}.`);
  const attempt = async (check: () => Promise<readonly string[]>): Promise<void> => {
    try {
      for (const line of await check()) print(line);
    } catch (error) {
      failures.push(String(error));
      print(`FAILED ${String(error)}`);
    }
  };

  const ledger = await loadFor(LOAD_MS, `${servers.handoff.url('mcp')}/mcp`);
  const metricsUrl = `${servers.handoff.url('admin')}/metrics`;
  await attempt(() => checkCounts({ service: services.handoff, metricsUrl, ledger, apis }));
  await attempt(() => checkExemplars(apis, backEnds.receiver));

  cleanUp.use(await keepLoading(`${servers.handoff.url('mcp')}/mcp`));
  await wait(ASK_AGAIN_MS * 5);
  const boards = boardQueries(join(root, 'dashboards/generated')).filter(({ language }) => language === 'prometheus');
  const watch = new QueryWatch([...boards, ...recordedQueries()], apis);
  await attempt(async () => {
    await watch.ask();
    return compareEmpty(watch);
  });

  const world: World = { ...backEnds, ...servers, calls: callsTo(servers, cleanUp) };
  const stopAsking = new AbortController();
  const asking = askUntil(watch, stopAsking.signal);
  const campaign = await runFaults(chosen, world, print);
  stopAsking.abort();
  await attempt(() => asking);
  failures.push(...campaign.failures);
  if (words.length === 0) failures.push(...watch.unanswered(onlyPushed));
  await attempt(async () => (await Promise.all(apis.map((api) => api.failedRules()))).flat());
  print(queryTable(watch));
  print(alertTable(campaign.runs));
  return failures;
}

function callsTo(servers: Awaited<ReturnType<typeof startServers>>, cleanUp: AsyncDisposableStack): World['calls'] {
  const to = ({ url }: { url(port: 'mcp'): string }): Calls => cleanUp.use(new Calls(`${url('mcp')}/mcp`));
  const bound = (server: { url(port: 'mcp'): string }): { url(port: 'mcp'): string } => ({ url: (port) => server.url(port) });
  return {
    tools: to(bound(servers.unluckyTools)),
    slowTools: to(bound(servers.slowTools)),
    misled: to(bound(servers.misled)),
    handoff: to(bound(servers.unluckyHandoff)),
  };
}

/** What only a fault fills has to be asked for while the fault lasts. */
async function askUntil(watch: QueryWatch, signal: AbortSignal): Promise<string[]> {
  while (!signal.aborted) {
    await watch.ask();
    await wait(ASK_AGAIN_MS);
  }
  return [];
}

rmSync(logFolder, { recursive: true, force: true });
mkdirSync(logFolder, { recursive: true });
await using cleanUp = new AsyncDisposableStack();
const failures = await run(cleanUp);
if (failures.length === 0) rmSync(logFolder, { recursive: true, force: true });
else print(`FAILED:\n${failures.join('\n')}\nThe logs of all programs are in ${logFolder}.`);
process.exitCode = failures.length === 0 ? 0 : 1;
