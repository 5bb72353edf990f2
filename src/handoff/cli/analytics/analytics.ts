import { parseArgs } from 'node:util';
import { errorMessage } from '../../../errors/classify.js';
import { READABLE_TIMES, readTime } from '../../analytics/ranges/readTime.js';
import { TimeZone } from '../../analytics/ranges/timeZone.js';
import type { RollUpProgress } from '../../analytics/rollups/rollUp.js';
import type { HandoffServices } from '../../services.js';
import { EXIT_FAILED } from '../command.js';
import type { CommandContext } from '../command.js';
import type { Streams } from '../streams.js';
import { UsageError } from '../usageError.js';
import { withServices } from '../withServices.js';

const ANALYTICS_USAGE = 'analytics backfill | rebuild --from TIME [--to TIME]   [--json]';
const OPTIONS = { from: { type: 'string' }, to: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

const ACTIONS = ['backfill', 'rebuild'] as const;

interface Parsed {
  readonly action: (typeof ACTIONS)[number];
  readonly from: Date;
  readonly to: Date;
  readonly json: boolean;
}

/** `handoff-otel analytics`: brings rollups up to date at once, with what was archived before there were any, or makes a range anew. */
export async function analytics(context: CommandContext): Promise<number> {
  const parsed = parse(context.args, new Date());
  return withServices(context, (services) => run(services, parsed, context.streams));
}

async function run({ analytics: service }: HandoffServices, { action, from, to, json }: Parsed, streams: Streams): Promise<number> {
  const limits = { pauseMs: 0, onProgress: (progress: RollUpProgress) => streams.err(`${progressText(progress)}\n`) };
  const archived =
    action === 'rebuild'
      ? undefined
      : await service.backfill(({ sessions, unread }) =>
          streams.err(`archive: ${sessions} sessions counted${unread === 0 ? '' : `, ${unread} could not be read`}\n`),
        );
  const outcome = action === 'rebuild' ? await service.rebuild(from, to, limits) : await service.rollUp(limits);
  const result = {
    ...outcome,
    ...(archived === undefined ? {} : { archivedSessions: archived.sessions, unreadSessions: archived.unread }),
  };
  streams.out(json ? `${JSON.stringify(result)}\n` : `${outcome.rows} rows, ${outcome.lateRows} late rows.\n`);
  const isDone = outcome.isComplete && (archived?.unread ?? 0) === 0;
  if (!outcome.isComplete)
    streams.err('Not everything is rolled up: a server is at it, or a transaction is open. The job analytics-rollup does the rest.\n');
  return isDone ? 0 : EXIT_FAILED;
}

function progressText({ kind, watermark, settled, rows }: RollUpProgress): string {
  return `${kind}: ${rows} rows, up to ${watermark.toISOString()} of ${settled.toISOString()}`;
}

function parse(args: readonly string[], now: Date): Parsed {
  const { values, positionals } = parsedArgs(args);
  const [given, ...others] = positionals;
  const action = ACTIONS.find((name) => name === given);
  if (action === undefined) throw new UsageError(given === undefined ? 'Say what to do.' : `Unknown action: ${given}.`, ANALYTICS_USAGE);
  if (others.length > 0) throw new UsageError(`Not understood: ${others.join(' ')}.`, ANALYTICS_USAGE);
  if (action !== 'rebuild' && (values.from ?? values.to) !== undefined)
    throw new UsageError('--from and --to are for rebuild.', ANALYTICS_USAGE);
  if (action === 'rebuild' && values.from === undefined) throw new UsageError('rebuild wants --from, such as 2026-05-01.', ANALYTICS_USAGE);
  const from = timeOf('--from', values.from, now);
  const to = timeOf('--to', values.to, now);
  if (action === 'rebuild' && from >= to) throw new UsageError('--to must be later than --from.', ANALYTICS_USAGE);
  return { action, from, to, json: values.json };
}

function timeOf(option: string, text: string | undefined, otherwise: Date): Date {
  if (text === undefined) return otherwise;
  // As `report` reads it: what Node makes of a text is another time on each machine.
  const timeMs = readTime(text, new TimeZone('UTC'), otherwise.getTime());
  if (timeMs === undefined) throw new UsageError(`${option} is no time (allowed: ${READABLE_TIMES}). Dates are UTC.`, ANALYTICS_USAGE);
  return new Date(timeMs);
}

function parsedArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorMessage(error), ANALYTICS_USAGE);
  }
}
