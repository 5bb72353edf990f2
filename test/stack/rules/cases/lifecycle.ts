import { countedSituations } from '../harness/counted.js';
import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Firing, Proof } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const FIRST = `${SHOP},instance="shop-1"`;
const SECOND = `${SHOP},instance="shop-2"`;
const labels = { job: 'shop', deployment_environment_name: 'production' };
const ofLifecycle = { severity: 'ticket', area: 'service', board: 'handoff-lifecycle' } as const;

const lag = (sweep: string, process = FIRST): string => `handoff_sweep_lag_seconds{${process},handoff_sweep_name="${sweep}"}`;

/** The lag of one sweep; the other's is as long as it may be. */
const lags = (sweep: string, limitS: number, inWords: string, other: Readonly<Record<string, string>>): Proof => ({
  ...ofLifecycle,
  alert: 'SessionSweepLags',
  situations: levelSituations({
    samples: (values) => ({ [lag(sweep)]: values, [lag(sweep, SECOND)]: '0x200', ...other }),
    quiet: 0,
    above: limitS + 1,
    below: limitS,
    forMinutes: 5,
    firing: {
      labels: { ...labels, handoff_sweep_name: sweep },
      summary: `shop: a session has been overdue for ${inWords} (sweep ${sweep})`,
      description: 'Three intervals of the job that runs the sweep have passed, and no sweep has taken the session.',
    },
  }),
});

const sweeps = (more: string): string => `handoff_sweep_duration_seconds_count{${FIRST},${more}}`;
const size = (part: string, process = FIRST): string => `handoff_storage_size_bytes{${process},handoff_storage_part="${part}"}`;
const limit = `handoff_storage_limit_bytes{${FIRST}}`;

const store = (call: string, error: string): string =>
  `handoff_archive_failures_total{${FIRST},handoff_archive_store="files",handoff_archive_operation="${call}",error_type="${error}"}`;
const archiveFails = (call: string, times: number): Firing => ({
  labels: { ...labels, handoff_archive_store: 'files', handoff_archive_operation: call },
  summary: `shop: the archive (files) failed ${String(times)} times in an hour (${call})`,
  description:
    'Calls to the object store failed or took too long; `compare` means that it returned something other than what was stored, which must never happen.',
});

export const lifecycleProofs: readonly Proof[] = [
  lags('expire', 10_800, '3h 0m 1s', { [lag('dormant')]: '5400x200' }),
  lags('dormant', 5_400, '1h 30m 1s', { [lag('expire')]: '10800x200' }),
  {
    ...ofLifecycle,
    alert: 'SweepsFail',
    situations: [
      ...countedSituations({
        series: sweeps('handoff_sweep_name="purge",error_type="42P01"'),
        least: 3,
        windowMinutes: 60,
        firing: {
          labels: { ...labels, handoff_sweep_name: 'purge' },
          summary: 'shop: the sweep purge failed 3 times in an hour',
          description: 'It ended with an error each time. What it had done until then is kept, and the next run continues from there.',
        },
      }),
      { name: 'sweeps succeed', samples: { [sweeps('handoff_sweep_name="purge"')]: '_x9 90+9x50' }, at: [silent(12), silent(40)] },
      {
        name: 'two kinds of errors add up, two sweeps do not',
        samples: {
          [sweeps('handoff_sweep_name="purge",error_type="42P01"')]: '_x9 2x50',
          [sweeps('handoff_sweep_name="purge",error_type="53100"')]: '_x19 1x40',
          [sweeps('handoff_sweep_name="expire",error_type="53100"')]: '_x9 2x50',
        },
        at: [silent(15), firesSomehow(25)],
      },
    ],
  },
  {
    ...ofLifecycle,
    alert: 'CorruptSessions',
    situations: countedSituations({
      series: `handoff_session_problems_total{${FIRST},handoff_session_problem="sequence_gap"}`,
      least: 1,
      windowMinutes: 60,
      firing: {
        labels: { ...labels, handoff_session_problem: 'sequence_gap' },
        summary: 'shop: sessions in an impossible state (sequence_gap): 1',
        description: 'The integrity sweep found them in the last hour. It reports each problem of a session once, and deletes nothing.',
      },
    }),
  },
  {
    ...ofLifecycle,
    alert: 'ArchiveFails',
    situations: [
      ...countedSituations({ series: store('put', 'ENOSPC'), least: 3, windowMinutes: 60, firing: archiveFails('put', 3) }),
      ...countedSituations({
        series: store('compare', 'HANDOFF_ARCHIVE_CORRUPT'),
        least: 1,
        windowMinutes: 60,
        firing: archiveFails('compare', 1),
      }),
      {
        name: 'another object is not what was stored, of a process that has met one before',
        samples: { [store('compare', 'HANDOFF_ARCHIVE_CORRUPT')]: '1x69 2x200' },
        at: [silent(69), firesSomehow(75), firesSomehow(125), silent(132)],
      },
      {
        name: 'a process that has met a wrong object is missing for two hours, and counts as new',
        samples: { [store('compare', 'HANDOFF_ARCHIVE_CORRUPT')]: '1x2 _x120 1x100' },
        at: [firesSomehow(125)],
      },
      {
        name: 'two kinds of errors of a call add up, two calls do not',
        samples: { [store('get', 'ENOENT')]: '_x9 2x50', [store('get', 'EIO')]: '_x19 1x40', [store('head', 'EIO')]: '_x9 2x50' },
        at: [silent(15), fires(25, archiveFails('get', 3))],
      },
    ],
  },
  {
    ...ofLifecycle,
    alert: 'StorageNearLimit',
    situations: [
      ...levelSituations({
        samples: (values) => ({
          [size('context')]: values,
          [size('archive')]: '100x200',
          [size('context', SECOND)]: '300x200',
          [limit]: '1000x200',
        }),
        quiet: 100,
        above: 751,
        below: 750,
        forMinutes: 5,
        firing: {
          labels,
          summary: 'shop: database and archive use 85.1% of their limit',
          description: 'As last measured: once a day by the job retention-enforcement, and whenever somebody asks for the storage report.',
        },
      }),
      {
        name: 'the process that has a limit ends',
        samples: { [size('context')]: '900x200', [limit]: '1000x49' },
        at: [firesSomehow(53), silent(56)],
      },
      { name: 'there is no limit', samples: { [size('context')]: '9000x200' }, at: [silent(30), silent(90)] },
      { name: 'nothing was measured', samples: { [limit]: '1000x200' }, at: [silent(30), silent(90)] },
    ],
  },
];
