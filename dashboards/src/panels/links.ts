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

/** Where Grafana finds the value that was clicked: in a label of the series, or in a column of the row, by its heading. */
export type PickedFrom = (label: string) => string;
export const fromSeries: PickedFrom = (label) => `\${__field.labels.${label}}`;
export const fromRow =
  (headings: Readonly<Record<string, string>>): PickedFrom =>
  (label) =>
    `\${__data.fields["${headings[label] ?? label}"]}`;

/** Returns the address of a link. Grafana puts in the time range, the choices and what was clicked. */
export function linkUrl({ to, pick }: Link, picked: PickedFrom = fromSeries): string {
  const carried = CARRIED.filter((name) => name !== pick?.variable).map((name) => `\${${name}:queryparam}`);
  const choice = pick === undefined ? [] : [`var-${pick.variable}=${picked(pick.label)}`];
  return `/d/${to.uid}?${['${__url_time_range}', ...carried, ...choice].join('&')}`;
}

export const toLogs = linkTo(boards.logs);
export const toMcp = linkTo(boards.mcp);
export const toDatabases = linkTo(boards.databases);
export const toRuntime = linkTo(boards.runtime);
export const toLifecycle = linkTo(boards.lifecycle);
export const toServiceLevels = linkTo(boards.slo);
export const toTelemetry = linkTo(boards.telemetry);
