import type { Asker } from './asker.js';
import { checkGrafana } from './checkGrafana.js';
import { checkLinks } from './checkLinks.js';
import { checkLines, checkLogPanels } from './checkLoki.js';
import { checkCounts, checkPanels, checkRules } from './checkPrometheus.js';
import { checkSearches, checkTraces } from './checkTempo.js';
import type { Run } from './run.js';
import type { Targets } from './targets.js';

export interface Everything {
  readonly run: Run;
  readonly targets: Targets;
  readonly grafana: Asker | undefined;
}

/** All checks for which there is a back end. What one of them throws ends only that one. */
export async function checkAll({ run, targets, grafana }: Everything): Promise<void> {
  const { report, workload, prometheus, loki, tempo } = run;
  const part = (name: string, work: () => Promise<void>): Promise<boolean> => guarded(run, name, work);
  // First what has to be equal, while nothing else is called.
  if (prometheus !== undefined) await part('Prometheus', () => checkCounts(run, prometheus));
  if (loki !== undefined) await part('Loki', () => checkLines(run, loki));
  const stopCalling = workload.keepCalling();
  if (prometheus !== undefined) {
    await part('Prometheus', () => checkPanels(run, prometheus));
    await part('rules', () => checkRules(run, prometheus));
  }
  if (loki !== undefined) await part('Loki', () => checkLogPanels(run, loki));
  if (tempo !== undefined) {
    await part('Tempo', () => checkTraces(run, tempo));
    await part('Tempo', () => checkSearches(run, tempo));
  }
  await part('links', () => checkLinks(run));
  if (grafana !== undefined) await part('Grafana', () => checkGrafana(run, targets, grafana));
  await report.check('workload', 'was answered throughout', stopCalling);
}

/** Makes what ends a part too early a failed check of its own. */
async function guarded({ report }: Run, part: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    return report.check(part, 'runs to its end', () => Promise.reject(error instanceof Error ? error : new Error(String(error))));
  }
}
