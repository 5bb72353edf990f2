import { parseArgs } from 'node:util';
import { errorMessage } from '../../../errors/classify.js';
import { systemClock } from '../../../time/clock.js';
import type { CommandContext } from '../command.js';
import { requireNewFile } from '../newFile.js';
import type { Streams } from '../streams.js';
import { UsageError } from '../usageError.js';
import { archiveUsages } from '../usages.js';
import { withServices } from '../withServices.js';
import { exportLines } from './exportLines.js';
import { list } from './list.js';
import { restore } from './restore.js';
import type { ArchiveCommandOptions, ArchiveSession } from './session.js';
import { verify } from './verify.js';

const OPTIONS = {
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  limit: { type: 'string', default: '50' },
  after: { type: 'string' },
  out: { type: 'string' },
} as const;

const actions = { list, verify, restore, export: exportLines } as const;
type Action = keyof typeof actions;

const MAX_LIMIT = 10_000;
const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `handoff-otel archive`: what operators do with archived sessions. A session is named by its key or id. */
export async function archive(context: CommandContext): Promise<number> {
  const { action, named, options } = parse(context.args);
  if (options.out !== undefined) await requireNewFile(options.out, archiveUsages.export);
  return withServices(context, (services) => actions[action](sessionOf(services.archive, context.streams, named, options)));
}

function sessionOf(
  opened: ArchiveSession['archive'],
  streams: Streams,
  named: readonly string[],
  options: ArchiveCommandOptions,
): ArchiveSession {
  return { archive: opened, streams, named, options, nowMs: () => systemClock.monotonicMs() };
}

interface Parsed {
  readonly action: Action;
  readonly named: readonly string[];
  readonly options: ArchiveCommandOptions;
}

function parse(args: readonly string[]): Parsed {
  const { values, positionals } = parsed(args);
  const [action, ...named] = positionals;
  if (action === undefined || !isAction(action))
    throw new UsageError(action === undefined ? 'An action is required.' : `Unknown action: ${action}.`, Object.values(archiveUsages));
  const usage = archiveUsages[action];
  const limit = /^\d{1,6}$/.test(values.limit) ? Number(values.limit) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}.`, usage);
  if (values.after !== undefined && !SESSION_ID.test(values.after)) throw new UsageError('--after must be the id of a session.', usage);
  const wantsNames = action !== 'list' && !(action === 'verify' && values.all);
  if (wantsNames && named.length === 0) throw new UsageError('Name at least one session, by its key or id.', usage);
  if (!wantsNames && named.length > 0) throw new UsageError(`Unexpected argument: ${named.join(' ')}.`, usage);
  if (values.all && action !== 'verify') throw new UsageError('--all can only be used with verify.', usage);
  if (values.out !== undefined && action !== 'export') throw new UsageError('--out can only be used with export.', usage);
  return { action, named, options: { all: values.all, json: values.json, limit, after: values.after, out: values.out } };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorMessage(error), Object.values(archiveUsages));
  }
}

function isAction(text: string): text is Action {
  return Object.hasOwn(actions, text);
}
