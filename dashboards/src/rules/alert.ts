import type { BoardIdentity } from '../boardList.js';
import type { Times } from './times.js';

/** `page` wakes somebody up, `ticket` waits for working hours, `info` is only shown; `none` is the dead-man's switch. */
export type Severity = 'page' | 'ticket' | 'info' | 'none';

/** One rule of an alert. Several of them differ in `labels`. */
export interface AlertCondition {
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One alert: its rules, what it says, and its page for whoever is woken up by it. */
export interface AlertDefinition {
  /** Also the name of its page: `runbooks/<name>.md`. */
  readonly name: string;
  readonly severity: Severity;
  /** Whose problem it is; a label, for routes of your own. */
  readonly area: 'service' | 'database' | 'runtime' | 'telemetry' | 'alerting';
  /** Where to look first. */
  readonly board: BoardIdentity;
  readonly conditions: (times: Times) => readonly AlertCondition[];
  /** How long the condition must hold before the alert fires; 0 when left out. */
  readonly forS?: number;
  /** How long it goes on firing after the condition ended, so that it does not come and go; 0 when left out. */
  readonly keepFiringForS?: number;
  /** Annotations: templates of Prometheus, with the value in units for people. */
  readonly summary: string;
  readonly description: string;
  readonly runbook: Runbook;
}

/** What the page says besides the queries and the board, in Markdown. */
export interface Runbook {
  readonly means: string;
  readonly users: string;
  /** What else to look at, beside the expression and the board. */
  readonly confirm?: string;
  readonly mend: readonly string[];
  readonly lies: string;
}
