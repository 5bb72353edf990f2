/** What the generated rules depend on besides the catalogue. */
export interface RuleOptions {
  /**
   * Every time in the rules (windows, `for`, intervals) becomes this many times shorter, so that a test need not wait for hours. The
   * names of recorded series stay. At least 1; 1 by default, for true times.
   */
  readonly divideTimesBy?: number;
  /** Where Grafana is, without a slash at the end: the links of alerts begin with it. `http://localhost:3000` by default. */
  readonly grafanaUrl?: string;
  /** Folder of the pages about alerts, without a slash at the end. By default that of our repository. */
  readonly runbooksUrl?: string;
}

export const GRAFANA_URL = 'http://localhost:3000';
export const RUNBOOKS_URL = 'https://github.com/handoff-otel/handoff-otel/blob/main/dashboards/runbooks';
