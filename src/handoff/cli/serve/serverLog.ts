import type { Meter } from '@opentelemetry/api';
import { ConfigError } from '../../../errors/configError.js';
import type { HandoffConfig } from '../../config/resolve.js';
import { reportOnStderr } from '../../../instrumentation/diagnostics/diagnostics.js';
import { logComponents } from '../../../logging/components.js';
import { stderrDestination } from '../../../logging/stderrDestination.js';
import type { DroppedListener } from '../../../logging/destination.js';
import { leveledLog } from '../../../logging/levels.js';
import type { LeveledLog } from '../../../logging/levels.js';
import { FIT_FOR_LOG, isFitForLog } from '../../../logging/fitForLog.js';
import { LogFile } from '../../../logging/logFile.js';
import { createLogger } from '../../../logging/logger.js';
import { serverEvents, serverMetrics } from '../../../telemetry/catalogue/server.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';

type Settings = HandoffConfig['settings'];

/**
 * The log of a server: on stderr, or in a file. Its levels can be changed while it runs, so that pino itself lets everything through.
 *
 * @throws ConfigError when the file is none that can be rotated; MissingPeerError without the package that rotates files
 */
export function serverLog(settings: Settings, meter: Meter): LeveledLog {
  const { HANDOFF_LOG_LEVEL: level, HANDOFF_LOG_COMPONENT_LEVELS: components = {} } = settings;
  const countDropped = createInstrument(meter, serverMetrics.logDropped);
  const onDropped: DroppedListener = (records, reason) => countDropped(records, { [ATTR_ERROR_TYPE]: reason });
  stderrDestination().onDropped = onDropped;
  const destination = logFile(settings, onDropped, (droppedRecords) =>
    log.warn({ [ATTR_EVENT_NAME]: serverEvents.logRecovered.name, droppedRecords }, 'the log file can be written again'),
  );
  const log = leveledLog(createLogger({ level: 'trace', ...(destination === undefined ? {} : { destination }) }), { level, components });
  const known = logComponents();
  const unknown = Object.keys(components).filter((component) => !known.includes(component));
  if (unknown.length > 0)
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.configOverruled.name, components: unknown },
      `HANDOFF_LOG_COMPONENT_LEVELS: no record has these components. Known are ${known.join(', ')}.`,
    );
  return log;
}

function logFile(settings: Settings, onDropped: DroppedListener, onRecovered: (droppedRecords: number) => void): LogFile | undefined {
  const given = settings.HANDOFF_LOG_FILE;
  if (given === undefined) return undefined;
  const path = given.replaceAll('%p', String(process.pid));
  if (!isFitForLog(path)) throw new ConfigError([{ key: 'HANDOFF_LOG_FILE', given: JSON.stringify(given), allowed: FIT_FOR_LOG }]);
  return new LogFile({
    path,
    maxBytes: settings.HANDOFF_LOG_FILE_MAX_BYTES,
    interval: settings.HANDOFF_LOG_FILE_INTERVAL,
    keep: settings.HANDOFF_LOG_FILE_KEEP,
    onDropped,
    onTrouble: (reason) =>
      reportOnStderr(
        `the log file ${path} cannot be written (${reason}): records are missing in it until it can. Free space, or correct HANDOFF_LOG_FILE.`,
      ),
    onRecovered,
    onUnrotated: (reason) =>
      reportOnStderr(
        `the log file ${path} cannot be rotated (${reason}): it grows until it can. Make its folder writable for this process; it is tried again every hour.`,
      ),
  });
}
