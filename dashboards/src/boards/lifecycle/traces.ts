import { spanAttributes } from '../../names/spanAttributes.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { spans } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';

const { service, sweep, sweepTaken, sweepChanged, job } = spanAttributes;

/** A sweep is the root of a trace of its own, linked to traces of the sessions that it changed. */
export function tracesRow(): RowSpec {
  const common = { kind: 'table', width: 12, unit: 'none', links: [toLogs, toDatabases] } as const;
  return {
    title: 'Traces',
    panels: [
      {
        ...common,
        title: 'Sweeps',
        description:
          'A click on a trace id shows the statements of the sweep; its links lead to the calls in which some of the sessions were last used, and to the job that started it.',
        queries: [spans(`{ ${service} =~ "$service_name" && ${sweep} != nil } | select(${sweep}, ${sweepTaken}, ${sweepChanged})`)],
        empty: 'No trace of a sweep in this time range',
      },
      {
        ...common,
        title: 'Runs of jobs',
        description:
          'A click on a trace id shows what a run did, and where it failed. An error of a statement is also on the board of the databases.',
        queries: [spans(`{ ${service} =~ "$service_name" && ${job} != nil } | select(${job}, status)`)],
        empty: 'No trace of a job in this time range',
      },
    ],
  };
}
