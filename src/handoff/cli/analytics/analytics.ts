import { parseArgs } from 'node:util';
import { errorMessage } from '../../../errors/classify.js';
import { READABLE_TIMES, readTime } from '../../analytics/ranges/readTime.js';
import { TimeZone } from '../../analytics/ranges/timeZone.js';
import type { RollUpProgress } from '../../analytics/rollups/rollUp.js';
import { systemClock } from '../../../time/clock.js';
import type { HandoffServices } from '../../services.js';
import { EXIT_FAILED } from '../command.js';
import type { CommandContext } from '../command.js';
import type { Streams } from '../streams.js';
import { UsageError } from '../usageError.js';
import { analyticsUsages } from '../usages.js';
import { withServices } from '../withServices.js';

const USAGES = Object.values(analyticsUsages);
const OPTIONS = { from: { type: 'string' }, to: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** How often somebody who waits is told how far it is. */
const PROGRESS_MS = 2000;

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
  const lines = new ProgressLines(streams);
  const limits = { pauseMs: 0, onProgress: lines.tell };
  const archived =
    action === 'rebuild'
      ? undefined
      : await service.backfill(({ sessions, unread }) =>
          streams.err(`archive: ${counted(sessions, 'session')}${unread === 0 ? '' : `, ${unread} could not be read`}\n`),
        );
  const outcome = await (action === 'rebuild' ? service.rebuild(from, to, limits) : service.rollUp(limits)).finally(() => lines.finish());
  const result = {
    ...outcome,
    ...(archived === undefined ? {} : { archivedSessions: archived.sessions, unreadSessions: archived.unread }),
  };
  streams.out(
    json ? `${JSON.stringify(result)}\n` : `Counted ${counted(outcome.rows, 'row')} and ${counted(outcome.lateRows, 'late row')}.\n`,
  );
  const isDone = outcome.isComplete && (archived?.unread ?? 0) === 0;
  if (!outcome.isComplete)
    streams.err(
      'Not everything was added up, because a server is doing it at the moment, or a transaction is open. The job analytics-rollup does the rest.\n',
    );
  return isDone ? 0 : EXIT_FAILED;
}

/** A kind takes many transactions: whoever waits gets a line now and then, and one when the kind is done. */
class ProgressLines {
  readonly #streams: Streams;
  #last: RollUpProgress | undefined;
  #rows = 0;
  #saidMs = systemClock.monotonicMs();

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  readonly tell = (progress: RollUpProgress): void => {
    if (this.#last?.kind !== progress.kind) {
      this.finish();
      this.#rows = 0;
    }
    this.#last = progress;
    // It tells of one transaction.
    this.#rows += progress.rows;
    if (systemClock.monotonicMs() - this.#saidMs >= PROGRESS_MS) this.#say(' so far');
  };

  finish(): void {
    this.#say('');
  }

  #say(soFar: string): void {
    if (this.#last === undefined) return;
    const { kind, watermark } = this.#last;
    this.#saidMs = systemClock.monotonicMs();
    this.#streams.err(`${kind}: ${counted(this.#rows, 'row')}${soFar}, up to ${minuteText(watermark)}\n`);
  }
}

/** `2026-05-01 12:30 UTC`: buckets begin at whole minutes. */
function minuteText(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function parse(args: readonly string[], now: Date): Parsed {
  const { values, positionals } = parsedArgs(args);
  const [given, ...others] = positionals;
  const action = ACTIONS.find((name) => name === given);
  if (action === undefined) throw new UsageError(given === undefined ? 'An action is required.' : `Unknown action: ${given}.`, USAGES);
  if (others.length > 0) throw new UsageError(`Unexpected argument: ${others.join(' ')}.`, USAGES);
  if (action !== 'rebuild' && (values.from ?? values.to) !== undefined)
    throw new UsageError('--from and --to can only be used with rebuild.', USAGES);
  if (action === 'rebuild' && values.from === undefined) throw new UsageError('--from is required: a time such as 2026-05-01.', USAGES);
  const from = timeOf('--from', values.from, now);
  const to = timeOf('--to', values.to, now);
  if (action === 'rebuild' && from >= to) throw new UsageError('--to must be later than --from.', USAGES);
  return { action, from, to, json: values.json };
}

function timeOf(option: string, text: string | undefined, otherwise: Date): Date {
  if (text === undefined) return otherwise;
  // As `report` reads it: what Node makes of a text is another time on each machine.
  const timeMs = readTime(text, new TimeZone('UTC'), otherwise.getTime());
  if (timeMs === undefined) throw new UsageError(`${option} is not a time (allowed: ${READABLE_TIMES}). Dates are UTC.`, USAGES);
  return new Date(timeMs);
}

function parsedArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorMessage(error), USAGES);
  }
}
