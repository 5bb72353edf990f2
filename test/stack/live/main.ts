import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startBackEnds } from './backEnds.js';
import { checkAlerting } from './checks/alerting.js';
import { arrived } from './checks/arrived.js';
import { checkCounts } from './checks/counts.js';
import { checkExemplars } from './checks/exemplars.js';
import { compareEmpty, unansweredAfter } from './checks/emptyQueries.js';
import { writeDividedRules } from './dividedRules.js';
import { lanes } from './faults/allFaults.js';
import { gaps, runFaults } from './faults/campaign.js';
import type { Fault, World } from './faults/fault.js';
import { keepLoading, loadFor } from './healthy.js';
import { Loop } from './load/callers.js';
import { Calls } from './load/calls.js';
import { hurryJobs, passTime } from './load/passingTime.js';
import { boardQueries } from './queries/boardQueries.js';
import { QueryWatch } from './queries/queryWatch.js';
import { recordedQueries } from './queries/ruleQueries.js';
import { alertTable, queryTable } from './report.js';
import { services, startServers } from './servers.js';
import { DIVIDE_TIMES_BY, PACE } from './timing.js';

// Runs the whole stack on this machine, from real servers under load to the receivers of alerts, and holds every query and many alerts
// against it. Without arguments it causes the core set of faults, whose alerts fire and clear quickly and surely: that is what CI runs.
// `--all` causes the rest as well, those with `notInCore`. With words as arguments, only faults whose names hold one of them are caused.

const root = join(import.meta.dirname, '../../..');
/** Logs of every program; kept when something failed. */
const logFolder = join(root, '.cache/stack-live');
const LOAD_MS = 20_000;
const ASK_AGAIN_MS = 1_000 * PACE;
/** To ask everything once may take half of it. */
const ASKING_MS = 60_000 * PACE;
/** Short enough for a window to hold a turn. */
const PASSING_PAUSE_MS = 500;
const words = process.argv.slice(2).filter((word) => word !== '--all');
const isAll = process.argv.includes('--all');
const isChosen = ({ name, notInCore }: Fault): boolean =>
  words.length > 0 ? words.some((word) => name.includes(word)) : isAll || notInCore === undefined;
const chosen = lanes.map((lane) => lane.filter(isChosen));

const print = (text: string): void => {
  const now = `${(performance.now() / 1000).toFixed(1)} s`.padStart(8);
  process.stdout.write(text.replace(/^/gm, `${now}  `).concat('\n'));
};

async function run(cleanUp: AsyncDisposableStack): Promise<string[]> {
  const failures = gaps(lanes.flat());
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
  const watch = new QueryWatch([...boardQueries(), ...recordedQueries()], apis);
  const askAndCompare = async (): Promise<string[]> => {
    await watch.ask();
    return compareEmpty(watch);
  };
  const world: World = { ...backEnds, ...servers, calls: callsTo(servers, cleanUp) };
  await hurryJobs(world.calls.handoff);
  {
    await using _time = new Loop(() => passTime(servers.postgres, world.calls.handoff), PASSING_PAUSE_MS);
    // A short window may hold nothing at one moment and something at the next.
    await attempt(() => arrived(askAndCompare, ASKING_MS));
  }

  const stopAsking = new AbortController();
  const asking = askUntil(watch, stopAsking.signal);
  const campaign = await runFaults(chosen, world, watch, print);
  stopAsking.abort();
  failures.push(...(await asking), ...campaign.failures);
  const unanswered = unansweredAfter(
    watch,
    chosen.flat().map(({ name }) => name),
  );
  if (words.length === 0) failures.push(...unanswered);
  await attempt(() => checkAlerting([backEnds.pushed, backEnds.scraped]));
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
    frail: to(bound(servers.frail.server)),
  };
}

/** What only a fault fills has to be asked for while the fault lasts. Returns what Prometheus refused. */
async function askUntil(watch: QueryWatch, signal: AbortSignal): Promise<string[]> {
  const refused = new Set<string>();
  while (!signal.aborted) {
    await watch.ask().catch((error: unknown) => refused.add(String(error)));
    await wait(ASK_AGAIN_MS);
  }
  return [...refused];
}

rmSync(logFolder, { recursive: true, force: true });
mkdirSync(logFolder, { recursive: true });
// Whatever happens before it is known that all is well is a failure.
process.exitCode = 1;
await using cleanUp = new AsyncDisposableStack();
const failures = await run(cleanUp);
if (failures.length === 0) {
  rmSync(logFolder, { recursive: true, force: true });
  process.exitCode = 0;
} else print(`FAILED:\n${failures.join('\n')}\nThe logs of all programs are in ${logFolder}.`);
