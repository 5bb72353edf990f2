import { alerts } from '../../../../dashboards/src/rules/alerts.js';
import { notProvoked } from './allFaults.js';
import type { Fault, World } from './fault.js';
import { runFault, type AlertRun } from './runFault.js';

export interface Campaign {
  readonly runs: readonly AlertRun[];
  /** What went wrong, fault by fault. */
  readonly failures: readonly string[];
}

/** Causes one fault after the other; while their alerts clear, the next are under way. */
export async function runFaults(faults: readonly Fault[], world: World, print: (line: string) => void): Promise<Campaign> {
  const runs: AlertRun[] = [];
  const failures: string[] = [];
  const note = (error: unknown): void => {
    failures.push(error instanceof Error ? error.message : String(error));
    print(`FAILED ${failures.at(-1) ?? ''}`);
  };
  const clearing: Promise<unknown>[] = [];
  for (const fault of faults) {
    try {
      const { cleared } = await runFault(fault, world);
      print(`noticed: ${fault.name}`);
      clearing.push(cleared.then((cleared) => runs.push(...cleared), note));
    } catch (error) {
      note(error);
      await fault.end?.(world);
    }
  }
  print('waiting for the last alerts to clear');
  await Promise.all(clearing);
  return { runs, failures };
}

/** Every alert has a fault that raises it, or a reason why there is none; and no reason is given for one that is raised. */
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
    ...[...raised].filter((name) => !known.has(name)).map((name) => `There is no alert ${name}, which a fault is to raise.`),
  ];
}
