import { userInfo } from 'node:os';
import { requireRecordable } from '../../retention/validation.js';
import type { SessionReference } from '../../retention/sessionReference.js';
import { isUuid } from '../../../values/uuid.js';
import { UsageError } from '../usageError.js';

/** Options of every action. */
export const common = { json: { type: 'boolean' }, by: { type: 'string' } } as const;
/** Options of every action on one session. */
export const oneSession = { session: { type: 'string' }, id: { type: 'string' } } as const;

/** Who asks, as it is recorded: `--by`, else the user of this machine. Throws a `RetentionInvalidError` for what cannot be recorded. */
export function actorOf(by: string | undefined): string {
  const actor = by ?? `${userName()} (handoff-otel retention)`;
  requireRecordable(actor);
  return actor;
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}

export function sessionOf(
  { session, id }: { readonly session?: string | undefined; readonly id?: string | undefined },
  usage: string,
): SessionReference {
  if (session !== undefined && id === undefined) return { sessionKey: session };
  if (id !== undefined && session === undefined) {
    if (!isUuid(id)) throw new UsageError('--id must be the id of a session, a UUID. To name it by its key, use --session.', usage);
    return { sessionId: id };
  }
  throw new UsageError('Name one session, with --session or with --id.', usage);
}

export function required(value: string | undefined, option: string, usage: string): string {
  if (value === undefined || value.trim() === '') throw new UsageError(`${option} is required.`, usage);
  return value;
}

/** The number of an option, if it is given; its range is checked where it is used. */
export function numberOf(value: string | undefined, option: string, usage: string): number | undefined {
  if (value === undefined) return undefined;
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) throw new UsageError(`${option} must be a number.`, usage);
  return number;
}
