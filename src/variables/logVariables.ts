import { choice, text, wholeNumber, wordsByName } from './kinds.js';
import { Unset, reloadable, variable } from './variable.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Which records a server writes, and where. */
export const logVariables = {
  HANDOFF_LOG_LEVEL: reloadable(
    variable(
      choice(...LOG_LEVELS),
      'info',
      'Least severe level that is written. Logs go to stderr, or to HANDOFF_LOG_FILE, as JSON lines, never to stdout.',
    ),
  ),
  HANDOFF_LOG_COMPONENT_LEVELS: reloadable(
    variable(
      wordsByName(LOG_LEVELS),
      new Unset('none'),
      'A different level for single components: `session=warn,storage=error`. The component of a record is the second part of its `event.name` ([metrics.md](metrics.md)).',
    ),
  ),
  HANDOFF_LOG_FILE: variable(
    text(1024),
    new Unset('none: stderr'),
    'File to which the log is written instead of stderr, with mode 0600. `%p` stands for the process id: each process needs its own file. Needs the package `rotating-file-stream`.',
  ),
  HANDOFF_LOG_FILE_MAX_BYTES: variable(
    wholeNumber(4096, 1_099_511_627_776, 'bytes'),
    104_857_600,
    'A larger log file is renamed, with `.1` at the end, and a new one is started.',
  ),
  HANDOFF_LOG_FILE_INTERVAL: variable(
    choice('hourly', 'daily', 'none'),
    'daily',
    'When a new log file is also started: on the hour, or at midnight, in local time.',
  ),
  HANDOFF_LOG_FILE_KEEP: variable(wholeNumber(1, 1000, 'files'), 7, 'Renamed log files that are kept, as `.1` (the newest) to `.7`.'),
};
