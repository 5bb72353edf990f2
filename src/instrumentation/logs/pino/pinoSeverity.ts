import { SeverityNumber } from '@opentelemetry/api';
import type { PinoFormat } from './pinoInternals.js';

const SEVERITIES: readonly (readonly [number, SeverityNumber])[] = [
  [10, SeverityNumber.TRACE],
  [20, SeverityNumber.DEBUG],
  [30, SeverityNumber.INFO],
  [40, SeverityNumber.WARN],
  [50, SeverityNumber.ERROR],
];

/** The names of pino, syslog and npm. */
const SEVERITY_NAMES: ReadonlyMap<string, SeverityNumber> = new Map(
  Object.entries({
    [SeverityNumber.TRACE]: ['trace', 'silly'],
    [SeverityNumber.DEBUG]: ['debug', 'verbose'],
    [SeverityNumber.INFO]: ['info', 'information', 'informational', 'http', 'log'],
    [SeverityNumber.INFO2]: ['notice'],
    [SeverityNumber.WARN]: ['warn', 'warning'],
    [SeverityNumber.ERROR]: ['error', 'err'],
    [SeverityNumber.ERROR2]: ['crit', 'critical'],
    [SeverityNumber.ERROR3]: ['alert'],
    [SeverityNumber.FATAL]: ['fatal', 'emerg', 'emergency', 'panic'],
  }).flatMap(([severity, names]) => names.map((name) => [name, Number(severity)] as const)),
);

/**
 * Levels in between (custom ones) count as the more severe one above, so that none is exported as unspecified. On a scale of the host's
 * own, such as that of syslog, on which 3 is an error, a level counts by its name.
 */
export function severityOf(level: number, { labels, isOwnScale }: PinoFormat): SeverityNumber {
  const named = isOwnScale ? SEVERITY_NAMES.get(labels[level]?.toLowerCase() ?? '') : undefined;
  if (named !== undefined) return named;
  for (const [upTo, severity] of SEVERITIES) if (level <= upTo) return severity;
  return SeverityNumber.FATAL;
}
