import type { Cell, OpenCell } from '../cells/cell.js';
import { isModern } from '../cells/cell.js';
import type { Exchange, Side } from '../wire/message.js';
import type { WireLog } from '../wire/tap.js';
import type { HangGate } from './facade.js';

export interface CaseContext {
  readonly cell: Cell;
  readonly open: OpenCell;
  readonly log: WireLog;
  readonly gate: HangGate;
}

/** How an exchange ended where the wire does not say: possible values of `error.type` on each side. */
export type LocalOutcome = Readonly<Record<Side, readonly string[]>>;

export interface Case {
  readonly label: string;
  readonly method: string;
  readonly sender: Side;
  /** Why the protocol or the transport of a cell rules it out. */
  readonly absent?: (cell: Cell) => string | undefined;
  readonly run: (context: CaseContext) => Promise<unknown>;
  /** Whether an exchange of `method` is what the label promises. Default: any that was answered, or is a notification. */
  readonly shows?: (exchange: Exchange) => boolean;
  readonly local?: (cell: Cell) => LocalOutcome;
}

const MODERN_HAS_NO_PUSH = '2026-07-28 has no requests from server to client: they travel inside results';
const REMOVED = '2026-07-28 removed the method';
const ONLY_MODERN = 'new in 2026-07-28';
const NO_PUSH = 'a server made for one request cannot send requests: no stream outlives the answer';

export function legacyOnly(cell: Cell): string | undefined {
  return isModern(cell.sdk) ? REMOVED : undefined;
}

export function modernOnly(cell: Cell): string | undefined {
  return isModern(cell.sdk) ? undefined : ONLY_MODERN;
}

export function pushOnly(cell: Cell): string | undefined {
  if (isModern(cell.sdk)) return MODERN_HAS_NO_PUSH;
  return cell.push ? undefined : NO_PUSH;
}

/** For requests whose answer is an error. */
export async function rejected(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => undefined,
    () => undefined,
  );
}

/** Waits for something that happens soon, with a deadline instead of a guess. */
export async function until(condition: () => boolean, what: string, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`did not happen within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export function seen(log: WireLog, method: string, label: string): boolean {
  return log.entries.some((entry) => entry.label === label && entry.message.method === method);
}
