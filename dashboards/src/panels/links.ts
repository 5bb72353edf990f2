import { boards } from '../boardList.js';
import type { BoardIdentity } from '../boardList.js';
import { labelName } from '../names/series.js';
import type { Link } from './spec.js';

/** Tag of all boards, by which they find each other, whichever are installed. */
export const TAG = 'handoff-otel';

/** Variables that every board has, so that choices go along. */
export const CARRIED = ['prometheus', 'environment', 'service', 'service_name', 'instance'] as const;

export function linkTo(to: BoardIdentity, title = `${to.title}: ${to.question}`): Link {
  return { title, to };
}

/** Returns a link that narrows the other board to what was clicked, for instance to one tool. */
export function linkWith(to: BoardIdentity, title: string, variable: string, attributeKey: string): Link {
  return { title, to, pick: { variable, label: labelName(attributeKey) } };
}

/** Returns the address of a link. Grafana puts in the time range, the choices and the labels. */
export function linkUrl({ to, pick }: Link): string {
  const carried = CARRIED.filter((name) => name !== pick?.variable).map((name) => `\${${name}:queryparam}`);
  const picked = pick === undefined ? [] : [`var-${pick.variable}=\${__field.labels.${pick.label}}`];
  return `/d/${to.uid}?${['${__url_time_range}', ...carried, ...picked].join('&')}`;
}

export const toLogs = linkTo(boards.logs);
export const toMcp = linkTo(boards.mcp);
export const toDatabases = linkTo(boards.databases);
export const toRuntime = linkTo(boards.runtime);
export const toServiceLevels = linkTo(boards.slo);
export const toTelemetry = linkTo(boards.telemetry);
