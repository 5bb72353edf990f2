import type { Row } from '../row.js';
import { contentRows } from './content.js';
import { conventionRows } from './conventions.js';
import { coverageRows } from './coverage.js';
import { entryRows } from './entry.js';
import { hostRows } from './host.js';
import { outcomeRows } from './outcomes.js';
import { processRows } from './processes.js';
import { propagationRows } from './propagation.js';

/** Sections of the document, in its order. */
export const sections: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  { title: 'What is seen', rows: [...coverageRows, ...entryRows] },
  { title: 'Conventions', rows: conventionRows },
  { title: 'Trace context', rows: propagationRows },
  { title: 'Outcomes', rows: outcomeRows },
  { title: 'Content', rows: contentRows },
  { title: 'Harm to the host, and set-up', rows: [...hostRows, ...processRows] },
];

export const rows: readonly Row[] = sections.flatMap((section) => section.rows);
