import type { Coverage } from '../../../analytics/reports/coverage.js';
import type { TimeRange } from '../../../analytics/ranges/timeRange.js';
import type { TableColumn } from '../../render/table.js';
import type { Unit } from './values.js';

/** One number with its name. */
export interface Figure {
  readonly label: string;
  /** `null` for what was not measured. */
  readonly value: number | null;
  readonly unit: Unit;
  /** What it is compared with, or where it is going. */
  readonly note?: string;
}

/** Values of one name, one for each time of the chart. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Series over time. Bars stand on each other, so that together they are a sum; lines do not. */
export interface Chart {
  readonly title: string;
  readonly unit: Unit;
  readonly kind: 'bars' | 'lines';
  readonly times: readonly Date[];
  readonly series: readonly Series[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** A report as it is shown, in the terminal and on a page. */
export interface ReportView {
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  /** Both are absent where it tells of now; then there are no charts. */
  readonly timeRange?: Required<TimeRange>;
  readonly coverage?: Coverage;
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
  readonly tables: readonly Table[];
}
