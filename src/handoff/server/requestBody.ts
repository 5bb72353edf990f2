import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchanges.js';
import { bodyTooLarge } from './httpGuards.js';
import { alwaysLightBytes, isTooHeavy } from './jsonWeight.js';
import type { JsonWeightLimits } from './jsonWeight.js';
import type { Refusal } from './refusal.js';

export interface BodyLimits extends Required<JsonWeightLimits> {
  readonly maxBodyBytes: number;
}

const MAX_FIELD_CHARS = 8192;
/** Text in another encoding is refused: read as UTF-8, each foreign character would be stored as a question mark. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

export type RequestBody = { readonly json: unknown } | { readonly refusal: Refusal } | 'gone';

/** Whether a body is so small that it cannot exceed any limit: nothing has to be counted. */
function isSmall({ headers }: IncomingMessage, limits: JsonWeightLimits): boolean {
  const announced = headers['content-length'];
  return announced !== undefined && Number(announced) <= alwaysLightBytes(limits);
}

/** Reads and parses a body; resolves with the refusal when it exceeds a limit, with `gone` when the sender has disconnected. */
export async function readBody(request: IncomingMessage, limits: BodyLimits, exchange: Exchange): Promise<RequestBody> {
  const isLight = isSmall(request, limits);
  const bytes = await collect(request, limits.maxBodyBytes, isLight ? undefined : exchange);
  if (bytes === 'gone') return 'gone';
  if (bytes === 'too_large') return { refusal: bodyTooLarge(limits.maxBodyBytes) };
  if (!isLight && isTooHeavy(bytes, limits)) {
    const message = `Request body has more than ${limits.maxKeys} keys, ${limits.maxValues} values or ${limits.maxDepth} levels. Send less at once.`;
    return { refusal: { reason: 'body_keys', status: 413, message } };
  }
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch {
    return {
      refusal: { reason: 'body_json', status: 400, code: -32700, message: 'Parse error: the request body is not valid JSON in UTF-8' },
    };
  }
  const long = longField(json);
  return long === undefined
    ? { json }
    : {
        refusal: {
          reason: 'body_field',
          status: 400,
          code: -32600,
          message: `Invalid request: ${long} has more than ${MAX_FIELD_CHARS} characters.`,
        },
      };
}

/**
 * Fields that an answer repeats and that no message needs to be long. Without this limit, a client that sends much and reads
 * nothing would make the server keep all of it, some of it twice.
 */
function longField(json: unknown): string | undefined {
  for (const message of Array.isArray(json) ? json : [json]) {
    const { id, method, params } = fieldsOf(message);
    const { uri, name } = fieldsOf(params);
    for (const [field, value] of Object.entries({ id, method, uri, name })) {
      if (typeof value === 'string' && value.length > MAX_FIELD_CHARS) return field;
    }
  }
  return undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function collect(request: IncomingMessage, maxBytes: number, exchange: Exchange | undefined): Promise<Buffer | 'too_large' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        // The rest is read and discarded: see bodySizeGuard.
        chunks.length = 0;
        resolve('too_large');
      } else {
        chunks.push(chunk);
      }
      exchange?.hold(bytes > maxBytes ? 0 : bytes);
    });
    request.once('end', () => {
      exchange?.hold(0);
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.once('error', () => resolve('gone'));
    request.once('close', () => resolve('gone'));
  });
}
