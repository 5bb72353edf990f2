import { createRequire } from 'node:module';
import type { Level, Logger, pino } from 'pino';
import { errorCode } from '../errors/classify.js';
import { MissingPeerError } from '../errors/missingPeerError.js';
import type { Clock } from '../time/clock.js';
import { stderrDestination } from './destination.js';
import type { LogDestination } from './destination.js';
import { createErrorSerializer } from './serializeError.js';

export interface LoggerOptions {
  /** Least severe level written. Default `info`. */
  readonly level?: Level | 'silent';
  /** Default: the process's stderr, flushed at exit. Never pass anything that writes stdout on a stdio MCP server. */
  readonly destination?: LogDestination;
  /** Fields on every line (component, transport). */
  readonly bindings?: Readonly<Record<string, unknown>>;
  /** More exact paths to redact (`user.email`, `headers["x-key"]`), beside the known secrets. Bad paths throw at once. */
  readonly redact?: readonly string[];
  /** Keep messages of foreign errors, which may quote callers' content. Default false; see serializeError.ts. */
  readonly errorMessages?: boolean;
  /** Source of the `time` field. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'nowMs'>;
}

type PinoFactory = typeof pino;

/** Fields that hold secrets wherever they are used. Exact paths: guessing by substring hides `tokenCount` and misses `pwd`. */
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
 * Nothing is lost at natural end, `process.exit`, uncaught exceptions, and at SIGTERM, SIGINT and SIGHUP under
 * `instrument()`. Any other signal that kills the process loses the lines of the turn of the event loop it interrupts, and
 * what a slow reader has not taken yet. Throws `MissingPeerError` when pino is not installed.
 */
export function createLogger(options: LoggerOptions = {}, loadPino: () => PinoFactory = requirePino): Logger {
  const { level = 'info', destination = stderrDestination(), bindings, redact = [], errorMessages = false, clock } = options;
  const serialize = createErrorSerializer({ messages: errorMessages });
  const logger = loadPino()(
    {
      level,
      redact: [...SECRET_PATHS, ...redact],
      serializers: { err: serialize, error: serialize },
      hooks: { logMethod: nameBareErrors },
      ...(clock === undefined ? {} : { timestamp: () => `,"time":${clock.nowMs()}` }),
    },
    destination,
  );
  return bindings === undefined ? logger : logger.child(bindings);

  /** `log.error(err)` without a text makes pino use the error's message as text; ours is the type. */
  function nameBareErrors(this: Logger, args: unknown[], method: (this: Logger, ...args: unknown[]) => void): void {
    const [first] = args;
    const error = first instanceof Error ? first : errorIn(first);
    if (error === undefined || args.length > 1 || errorMessages) method.apply(this, args);
    else method.call(this, first, error.constructor.name);
  }
}

function errorIn(fields: unknown): Error | undefined {
  return typeof fields === 'object' && fields !== null && 'err' in fields && fields.err instanceof Error && !('msg' in fields)
    ? fields.err
    : undefined;
}

/** Synchronous, so that a logger is there before anything can fail; pino is CommonJS. */
function requirePino(): PinoFactory {
  try {
    return (createRequire(import.meta.url)('pino') as { pino: PinoFactory }).pino;
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new MissingPeerError('pino', 'npm install pino@10', 'Logging', error);
  }
}
