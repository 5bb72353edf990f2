import type { Row, Section } from '../row.js';
import { versionNamed } from '../versions.js';
import { coverageRows } from './coverage.js';
import { guardRows } from './guards.js';
import { hostRows } from './host.js';
import { lifecycleRows } from './lifecycle.js';
import { metricRows } from './metrics.js';
import { signalRows } from './signals.js';

export const sections: readonly Section[] = [
  { title: 'Any place, any order', rows: coverageRows },
  { title: 'Signals', rows: signalRows },
  { title: 'Metrics', rows: metricRows },
  { title: 'Content stays in', rows: guardRows },
  { title: 'Beginning and end', rows: lifecycleRows },
  { title: 'The host', rows: hostRows(versionNamed) },
];

export const rows: readonly Row[] = sections.flatMap((section) => section.rows);
