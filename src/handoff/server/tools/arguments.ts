import { z } from 'zod';
import { isMapping } from '../../../values/guards.js';
import { MAX_POLICY_NAME_LENGTH } from '../../retention/retentionPolicy.js';
import { contextTypes, requestTypes } from '../../sessions/types.js';
import type { JsonObject } from '../../sessions/types.js';

/** Upper bounds for the arguments of one call, in bytes of UTF-8. */
export interface ArgumentLimits {
  readonly maxContentBytes: number;
  readonly maxMetadataBytes: number;
  /** Files of one analysis. Default 100. */
  readonly maxFiles?: number;
}

const MAX_SESSION_KEY_LENGTH = 255;
const MAX_AGENT_LENGTH = 100;
const MAX_JSON_DEPTH = 32;
/** Maximum of PostgreSQL's integer type, in which entries are numbered. */
export const MAX_SEQUENCE_NUMBER = 2_147_483_647;
/** SQL adds one to it. */
export const MAX_OFFSET = MAX_SEQUENCE_NUMBER - 1;

/** PostgreSQL stores neither NUL nor half a surrogate pair; a driver would fail on the former and silently replace the latter. */
function storable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

const NOT_STORABLE = 'contains a NUL character or half of a surrogate pair';

function key(what: string, maxLength: number) {
  return (
    z
      .string()
      .min(1, 'is empty')
      .max(maxLength, `is longer than ${maxLength} characters`)
      .refine(storable, NOT_STORABLE)
      .refine((text) => text.trim() !== '', 'is blank')
      // A URL parser treats these two as path segments, encoded or not: no resource address could name them.
      .refine((text) => text !== '.' && text !== '..', 'is . or ..')
      .describe(`${what}: 1 to ${maxLength} characters, not blank, not . or .., without NUL`)
  );
}

export const sessionKey = key('Key of the session', MAX_SESSION_KEY_LENGTH);

export function agent(what: string) {
  return key(what, MAX_AGENT_LENGTH);
}

const MAX_PATH_LENGTH = 4096;

export const filePath = z
  .string()
  .min(1, 'is empty')
  .max(MAX_PATH_LENGTH, `is longer than ${MAX_PATH_LENGTH} characters`)
  .refine(storable, NOT_STORABLE);
export function policyName(what: string) {
  return key(what, MAX_POLICY_NAME_LENGTH);
}

/** Optional: without it the newest handoff is meant. */
export const handoffId = z
  .guid('is not the id of a handoff')
  .optional()
  .describe('Id of the handoff, as list_handoffs shows it; without it the newest handoff of the session to this agent');

/** A text that is stored as it is given. */
export function storableText(maxLength: number) {
  return z.string().min(1, 'is empty').max(maxLength, `is longer than ${maxLength} characters`).refine(storable, NOT_STORABLE);
}

export const contextType = z.enum(contextTypes).describe(`Kind of entry, one of: ${contextTypes.join(', ')}`);

export const requestType = z
  .enum(requestTypes)
  .default('context_transfer')
  .describe(`Kind of handoff, one of: ${requestTypes.join(', ')}; default context_transfer`);

export function content({ maxContentBytes }: ArgumentLimits) {
  return z
    .string()
    .min(1, 'is empty')
    .refine((text) => Buffer.byteLength(text) <= maxContentBytes, `is larger than ${maxContentBytes} bytes; split it into several entries`)
    .refine(storable, NOT_STORABLE)
    .describe(`Text of the entry: 1 to ${maxContentBytes} bytes of UTF-8, without NUL`);
}

export function jsonObject(what: string, { maxMetadataBytes }: ArgumentLimits) {
  return (
    z
      // Not z.record: it copies the whole value and loses a key named __proto__ in the process.
      .custom<JsonObject>(isMapping, 'is not a JSON object')
      .refine((value) => !nestedDeeperThan(MAX_JSON_DEPTH, value), {
        message: `is nested deeper than ${MAX_JSON_DEPTH} levels`,
        abort: true,
      })
      .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxMetadataBytes, `is larger than ${maxMetadataBytes} bytes as JSON`)
      .refine(everyTextStorable, NOT_STORABLE)
      // 1e400 is JSON, but no number that JavaScript has: it would be stored as null.
      .refine(everyNumberFinite, 'contains a number beyond 1.8e308; write it as a string')
      .default({})
      .meta({
        type: 'object',
        description: `${what}: a JSON object of at most ${maxMetadataBytes} bytes and ${MAX_JSON_DEPTH} levels, without NUL`,
      })
  );
}

/** Goes no deeper than the limit, and into arrays of any length without passing them as arguments: neither may overflow the stack. */
function nestedDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => nestedDeeperThan(levels - 1, child));
}

function everyNumberFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(everyNumberFinite);
}

function everyTextStorable(value: unknown): boolean {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, child]) => storable(name) && everyTextStorable(child));
}
