import { alerts } from '../../../../dashboards/src/rules/alerts.js';
import { queriesFilledBy } from '../checks/emptyQueries.js';
import { filledBy, onlyPushed } from '../checks/emptyWhileHealthy.js';
import type { QueryWatch } from '../queries/queryWatch.js';
import type { Fault, World } from './fault.js';
import { notProvoked } from './notProvoked.js';
import { outlasting } from './outlasting.js';
import { runFault, type AlertRun } from './runFault.js';

export interface Campaign {
  readonly runs: readonly AlertRun[];
  /** What went wrong, fault by fault. */
  readonly failures: readonly string[];
}

/** Causes the faults of each list one after the other, several lists at a time; while their alerts clear, the next are under way. */
export async function runFaults(
  lanes: readonly (readonly Fault[])[],
  world: World,
  watch: QueryWatch,
  print: (line: string) => void,
): Promise<Campaign> {
  const runs: AlertRun[] = [];
  const failures: string[] = [];
  const note = (error: unknown): void => {
    failures.push(error instanceof Error ? error.message : String(error));
    print(`FAILED ${failures.at(-1) ?? ''}`);
  };
  /** Resolves when the fault is mended, with what resolves when its alerts have cleared. */
  const cause = async (fault: Fault): Promise<{ cleared: Promise<unknown> }> => {
    const filled = queriesFilledBy(fault.name);
    watch.reopen(filled);
    try {
      const { cleared } = await runFault(fault, world, () => watch.open(onlyPushed, (key) => filled.includes(key)));
      print(`noticed: ${fault.name}`);
      return { cleared: cleared.then((cleared) => runs.push(...cleared), note) };
    } catch (error) {
      note(error);
      await fault.end?.(world).catch(note);
      return { cleared: Promise.resolve() };
    }
  };
  const inTurn = async (lane: readonly Fault[]): Promise<void> => {
    const clearing: Promise<unknown>[] = [];
    for (const fault of lane) clearing.push((await cause(fault)).cleared);
    await Promise.all(clearing);
  };

  await Promise.all(lanes.map((lane) => inTurn(lane.filter(({ isAlone }) => isAlone !== true))));
  print('all alerts have cleared');
  for (const fault of lanes.flat().filter(({ isAlone }) => isAlone)) await (await cause(fault)).cleared;
  return { runs, failures };
}

/** Every alert has a fault that raises it, or a reason why there is none; no reason is given in vain, and no fault named that is none. */
export function gaps(faults: readonly Fault[]): string[] {
  const raised = new Set(['Watchdog', ...faults.flatMap((fault) => fault.alerts.map(({ name }) => name))]);
  const known = new Set(alerts.map(({ name }) => name));
  return [
    ...[...known]
      .filter((name) => !raised.has(name) && !(name in notProvoked))
      .map((name) => `No fault raises ${name}: add one in test/stack/live/faults.`),
    ...Object.keys(notProvoked)
      .filter((name) => raised.has(name) || !known.has(name))
      .map((name) => `${name} needs no reason in notProvoked: take it out.`),
    ...Object.keys(outlasting)
      .filter((name) => !raised.has(name))
      .map((name) => `No fault raises ${name}, which is in outlasting.`),
    ...Object.values(filledBy)
      .filter((fault) => !faults.some(({ name }) => name === fault))
      .map((fault) => `There is no fault "${fault}", which is to fill a query in emptyWhileHealthy.ts.`),
    ...[...raised].filter((name) => !known.has(name)).map((name) => `There is no alert ${name}, which a fault is to raise.`),
  ];
}
