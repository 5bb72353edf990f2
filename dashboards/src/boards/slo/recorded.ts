import type { Objective } from '../../../../src/telemetry/catalogue/objectives.js';
import { labelName } from '../../names/series.js';
import { badRatioRecord, budget } from '../../rules/serviceLevels.js';
import type { WindowName } from '../../rules/serviceLevels.js';

const CHOSEN = `{job=~"$service",${labelName('deployment.environment.name')}=~"$environment"}`;

/** Returns a recorded series of the chosen services. */
export function recorded(record: string): string {
  return `${record}${CHOSEN}`;
}

/** How many times faster than planned the error budget was used up within a window. */
export function burnRate(objective: Objective, window: WindowName): string {
  return `${recorded(badRatioRecord(objective, window))} / ${budget(objective)}`;
}

/** The lower one of two burn rates, which is what alerts compare: the longer window proves that it matters, the shorter that it goes on. */
export function lowerBurnRate(objective: Objective, short: WindowName, long: WindowName): string {
  const [a, b] = [recorded(badRatioRecord(objective, short)), recorded(badRatioRecord(objective, long))];
  return `((${a} < ${b}) or ${b}) / ${budget(objective)}`;
}
