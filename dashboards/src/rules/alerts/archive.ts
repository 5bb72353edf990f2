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
      'Calls to the object store failed or took too long; `compare` means that it returned something other than what was stored, which must never happen.',
    runbook: {
      means: 'Sessions cannot be moved into the archive, or archived sessions cannot be read.',
      users:
        'With `put` and `head`, nothing: the sessions stay in the database and are retried. With `get` and `compare`, an archived session cannot be read.',
      confirm: 'The log records `handoff.archive.write` and `handoff.archive.read` have the code (`error_type`) and where the store is.',
      mend: [
        'A folder (`files`): is it mounted, is there space, may the user of the server write there? `ENOENT`, `ENOSPC`, `EACCES` and `ENOTDIR` say which.',
        'A bucket (`s3`): is the endpoint reachable, and are the credentials valid and allowed to put, get, head and delete?',
        '`compare`: `handoff-otel archive verify` names the sessions. Sessions that were about to be archived are still in the database; for those already archived, restore a backup of the archive.',
        'After fixing the cause, archive what is waiting: call run_job_now with session-cleanup.',
      ],
      lies: 'Maintenance of the store causes it; it then resolves an hour later.',
    },
  },
];
