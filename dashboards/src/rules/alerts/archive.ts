import { archiveMetrics } from '../../../../src/telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_OPERATION, ATTR_HANDOFF_ARCHIVE_STORE } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { equals, selector } from '../../names/selectors.js';
import type { Matcher } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { HOUR_S } from '../times.js';

const STORE = labelName(ATTR_HANDOFF_ARCHIVE_STORE);
const CALL = labelName(ATTR_HANDOFF_ARCHIVE_OPERATION);
/** A run of the job that archives: what it cannot archive is tried again in each, so that there are soon enough failures in one. */
const WINDOW_S = HOUR_S;
const FAILURES = 3;
/** The one call whose single failure is too many. */
const COMPARE = 'compare';

export const archiveAlerts: readonly AlertDefinition[] = [
  {
    name: 'ArchiveFails',
    severity: 'ticket',
    area: 'service',
    board: boards.lifecycle,
    conditions: (times) => {
      const failed = (...matchers: readonly Matcher[]): string =>
        increasedBy([...SERVICE, STORE, CALL], selector(seriesName(archiveMetrics.failures), matchers), WINDOW_S, times);
      return [{ expr: `(${failed()} >= ${String(FAILURES)})\nor (${failed(equals(ATTR_HANDOFF_ARCHIVE_OPERATION, COMPARE))} > 0)` }];
    },
    summary: `{{ $labels.job }}: the archive ({{ $labels.${STORE} }}) failed {{ $value | printf "%.0f" }} times in an hour ({{ $labels.${CALL} }})`,
    description:
      'Calls to the object store failed or took too long; `compare` means that it gave back something else than was stored, of which one is too many.',
    runbook: {
      means: 'Sessions cannot be moved into the archive, or not be read from it.',
      users:
        'With `put` and `head` nothing: the sessions stay in the database, whole, and are tried again. With `get` and `compare` an archived session cannot be read.',
      confirm: 'The log records `handoff.archive.write` and `handoff.archive.read` have the code (`error_type`) and where the store is.',
      mend: [
        'A folder (`files`): is it mounted, is there space, may the user of the server write there? `ENOENT`, `ENOSPC`, `EACCES` and `ENOTDIR` say which.',
        'A bucket (`s3`): is the endpoint reachable, and are the credentials valid and allowed to put, get, head and delete?',
        '`compare`: `handoff-otel archive verify` says which sessions. What was to be archived is still in the database; what had been archived needs a backup of the store.',
        'When it is mended, run_job_now with session-cleanup archives what waits.',
      ],
      lies: 'A store that is away for maintenance fires it, and it ends an hour later.',
    },
  },
];
