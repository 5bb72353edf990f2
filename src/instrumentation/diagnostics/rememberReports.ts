import type { ReportLine } from './diagnostics.js';

export interface RememberedReports {
  readonly report: ReportLine;
  /** Each line once, for `status().notices`. */
  readonly lines: () => readonly string[];
}

/** More than can be wrong with one part of us. */
const MAX_LINES = 20;

/** Passes lines on and keeps the first of them. */
export function rememberReports(report: ReportLine): RememberedReports {
  const lines = new Set<string>();
  return {
    report: (line) => {
      if (lines.size < MAX_LINES) lines.add(line);
      report(line);
    },
    lines: () => [...lines],
  };
}
