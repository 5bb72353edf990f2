import { createRequire } from 'node:module';
import type { Level, Logger, pino } from 'pino';
import { errorCode, errorMessage } from '../errors/classify.js';
import { exceptionType, isError } from '../errors/exceptionFields.js';
import { MissingPeerError } from '../errors/missingPeerError.js';
import type { Clock } from '../time/clock.js';
import { stderrDestination } from './stderrDestination.js';
import type { LogDestination } from './destination.js';
import { escapedControls } from '../values/controlCharacters.js';
import { createErrorSerializer } from './serializeError.js';

export interface LoggerOptions {
  /** The least severe level that is written. Default `info`. */
  readonly level?: Level | 'silent';
  /** Default: the process's stderr, flushed at exit. Never pass anything that writes stdout on a stdio MCP server. */
  readonly destination?: LogDestination;
  /** Fields on every line (component, transport). */
  readonly bindings?: Readonly<Record<string, unknown>>;
  /** Further exact paths to redact (`user.email`, `headers["x-key"]`), besides the known secrets. Invalid paths throw at once. */
  readonly redact?: readonly string[];
  /** Keeps the messages of errors other than our own, which may quote callers' content. Default false; see serializeError.ts. */
  readonly errorMessages?: boolean;
  /** Source of the `time` field. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'nowMs'>;
}

type PinoFactory = typeof pino;

/** Fields that hold secrets wherever they are used. The paths are exact: matching substrings would hide `tokenCount` and miss `pwd`. */
const SECRET_PATHS = [
  'password',
  'secret',
  'token',
  'apiKey',
  'authorization',
  'cookie',
  'connectionString',
  'databaseUrl',
  'redisUrl',
  'headers.authorization',
  'headers.cookie',
  'req.headers.authorization',
  'req.headers.cookie',
  'config.databaseUrl',
  'config.redisUrl',
] as const;

/**
 * A pino logger that writes one JSON line per record to stderr.
 *
 * Nothing is lost on normal exit, `process.exit`, uncaught exceptions, or on SIGTERM, SIGINT and SIGHUP under
 * `instrument()`. Any other signal that kills the process loses the lines of the event loop turn that it interrupts, and
 * what a slow reader has not read yet. Throws `MissingPeerError` when pino is not installed.
 */
export function createLogger(options: LoggerOptions = {}, loadPino: () => PinoFactory = requirePino): Logger {
  const { level = 'info', destination = stderrDestination(), bindings, redact = [], errorMessages = false, clock } = options;
  const serialize = createErrorSerializer({ messages: errorMessages });
  const logger = loadPino()(
    {
      level,
      redact: [...SECRET_PATHS, ...redact],
      serializers: { err: serialize, error: serialize },
      hooks: { logMethod: nameBareErrors, streamWrite: escapedControls },
      ...(clock === undefined ? {} : { timestamp: () => `,"time":${clock.nowMs()}` }),
    },
    destination,
  );
  return bindings === undefined ? logger : logger.child(bindings);

  /**
   * For `log.error(err)` without a text, pino uses the error's message as the text; we use its type. It also does not know errors of other
   * realms, which are given to it as fields.
   */
  function nameBareErrors(this: Logger, args: unknown[], method: (this: Logger, ...args: unknown[]) => void): void {
    const [first, text, ...rest] = args;
    const fields = isError(first) ? { err: first } : first;
    const error = text === undefined ? errorIn(fields) : undefined;
    if (error !== undefined) method.call(this, fields, errorMessages ? errorMessage(error) : exceptionType(error));
    else if (fields === first) method.apply(this, args);
    else method.call(this, fields, text, ...rest);
  }
}

function errorIn(fields: unknown): Error | undefined {
  if (typeof fields !== 'object' || fields === null || !('err' in fields) || !isError(fields.err)) return undefined;
  return 'msg' in fields && fields.msg !== undefined ? undefined : fields.err;
}

/** Loads pino, which is CommonJS, synchronously, so that a logger exists before anything can fail. */
function requirePino(): PinoFactory {
  try {
    return (createRequire(import.meta.url)('pino') as { pino: PinoFactory }).pino;
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new MissingPeerError('pino', 'npm install pino@10', 'Logging', error);
  }
}
