import type { Cell } from '../cells/cell.js';
import { casesOf } from '../traffic/cases.js';
import { registry } from '../registry/load.js';
import { writtenByEntry } from './entry.js';
import type { Recording } from '../telemetry/recorded.js';
import type { Exchange, Side } from '../wire/message.js';

/** An exchange as one side sees it: the unit every rule is applied to. */
export interface Operation {
  readonly exchange: Exchange;
  readonly side: Side;
  readonly role: 'mcp.client' | 'mcp.server';
  readonly recording: Recording;
  /** Possible values of `error.type`; empty when the operation did not fail. */
  readonly errorTypes: readonly string[];
  /** The code of an error response; local failures have none. */
  readonly code: number | undefined;
}

const known = new WeakMap<readonly Exchange[], readonly Operation[]>();

/** Every exchange of a recording, from both sides. Made once for what travelled: mutants differ in their telemetry only. */
export function operationsOf(recording: Recording): readonly Operation[] {
  const found = known.get(recording.exchanges);
  if (found !== undefined) return found;
  const made = makeOperations(recording);
  known.set(recording.exchanges, made);
  return made;
}

function makeOperations(recording: Recording): Operation[] {
  return recording.exchanges.flatMap((exchange) =>
    (['client', 'server'] as const).flatMap((side): Operation[] => {
      if (side === 'server' && writtenByEntry({ exchange, cell: recording.cell })) return [];
      const role = side === exchange.sender ? 'mcp.client' : 'mcp.server';
      return [
        { exchange, side, role, recording, errorTypes: errorTypesOf(recording.cell, exchange, side, role), code: exchange.error?.code },
      ];
    }),
  );
}

function errorTypesOf(cell: Cell, exchange: Exchange, side: Side, role: Operation['role']): readonly string[] {
  const { error, result, id } = exchange;
  if (error !== undefined) {
    const harmless = role === 'mcp.server' ? registry.status.serverNotErrors : registry.status.clientNotErrors;
    return harmless.includes(error.code) ? [] : [boundedCode(error.code)];
  }
  if (result !== undefined) return exchange.method === 'tools/call' && result['isError'] === true ? [registry.toolErrorType] : [];
  if (id === undefined) return [];
  const own = casesOf(cell).present.find((each) => each.label === exchange.label && each.local !== undefined);
  return own?.local?.(cell)[side] ?? [];
}

/** Any integer can be a code, and each would be a time series: codes that nobody reserved are `_OTHER` (SOURCE.md). */
export function boundedCode(code: number): string {
  const reserved = (code >= -32_768 && code <= -32_000) || (code >= 100 && code <= 599);
  return reserved ? String(code) : '_OTHER';
}

/** A name the server registered; a caller can make up any other. */
export function stringOf(params: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = params[key];
  return typeof value === 'string' ? value : undefined;
}
