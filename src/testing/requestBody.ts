import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CONTENT_TYPES, type OtlpEncoding } from './otlp/responses.js';
import { ReceiverRefusal } from './refusal.js';

const gunzipAsync = promisify(gunzip);

/** What a request carried: its size as sent, and its bytes after decompression. */
export interface RequestBody {
  readonly wireBytes: number;
  readonly body: Buffer;
}

/** The encoding a request declares, or `undefined` when it is neither of OTLP's two. */
export function encodingOf(request: IncomingMessage): OtlpEncoding | undefined {
  const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === CONTENT_TYPES.json) return 'json';
  return mediaType === CONTENT_TYPES.protobuf ? 'protobuf' : undefined;
}

/**
 * Reads and decompresses a body. Both the bytes on the wire and the decompressed bytes are limited to `maxBodyBytes`
 * (else 413), so that neither a huge upload nor a gzip bomb can fill the test process.
 */
export async function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<RequestBody> {
  const contentEncoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (contentEncoding !== 'identity' && contentEncoding !== 'gzip') {
    throw new ReceiverRefusal(415, `Content-Encoding ${contentEncoding} is not supported: use gzip or none.`);
  }
  const compressed = await collect(request, maxBodyBytes);
  return { wireBytes: compressed.length, body: contentEncoding === 'gzip' ? await decompress(compressed, maxBodyBytes) : compressed };
}

async function collect(request: IncomingMessage, maxBodyBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw tooLarge(maxBodyBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function decompress(compressed: Buffer, maxBodyBytes: number): Promise<Buffer> {
  try {
    return await gunzipAsync(compressed, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    // zlib signals maxOutputLength with a RangeError, corrupt input with a plain Error.
    if (error instanceof RangeError) throw tooLarge(maxBodyBytes);
    throw new ReceiverRefusal(400, 'The body is not gzip although Content-Encoding says it is.', { cause: error });
  }
}

const tooLarge = (maxBodyBytes: number): ReceiverRefusal =>
  new ReceiverRefusal(413, `The body is larger than ${String(maxBodyBytes)} bytes: send smaller batches or raise maxBodyBytes.`);
