import type { RowSpec, StatPanel } from '../../panels/spec.js';
import { count, figureOf, figureOfQuotient, total } from '../../rollups/sql.js';
import { accepted, common, decided } from './common.js';

/** The whole range in numbers. */
export function figuresRow(): RowSpec {
  const stat = (panel: Pick<StatPanel, 'title' | 'description' | 'unit' | 'queries'>): StatPanel => ({
    kind: 'stat',
    width: 4,
    ...common,
    ...panel,
  });
  return {
    title: 'In the chosen range',
    panels: [
      stat({
        title: 'Sessions opened',
        description:
          'Includes archived and purged sessions, but not erased ones. Counted by whole days, or by hours for ranges of up to 14 days.',
        unit: 'short',
        queries: [figureOf(count('sessions', 'opened'))],
      }),
      stat({
        title: 'Handoffs requested',
        description: 'Counted when they are requested, whatever their outcome.',
        unit: 'short',
        queries: [figureOf(count('handoffs', 'requested'))],
      }),
      stat({
        title: 'Handoffs accepted, of those decided',
        description: 'The others were rejected or not answered in time: look at the routes below.',
        unit: 'percentunit',
        queries: [figureOfQuotient([accepted], decided)],
      }),
      stat({
        title: 'Mean time to respond',
        description: 'From the request of a handoff to its acceptance or rejection.',
        unit: 's',
        queries: [figureOfQuotient([total('handoffs', 'answer_us')], [count('handoffs', 'answer_us')], 1e-6)],
      }),
      stat({
        title: 'Entries written',
        description: 'Entries of all types that agents and the server added to sessions.',
        unit: 'short',
        queries: [figureOf(count('context', 'content_bytes'))],
      }),
      stat({
        title: 'Bytes written',
        description: 'Content of these entries. It is a guide for storage and retention.',
        unit: 'bytes',
        queries: [figureOf(total('context', 'content_bytes'))],
      }),
    ],
  };
}
