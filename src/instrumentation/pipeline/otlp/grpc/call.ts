import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { errorCode, errorMessage } from '../../../../errors/classify.js';
import { NOT_OTLP } from '../httpPost.js';
import type { PostResult } from '../httpPost.js';
import { unframe } from './frame.js';
import { retryInfoMs } from './retryInfo.js';
import { httpStatusOf, statusName } from './status.js';

export interface GrpcCall {
  readonly headers: Readonly<Record<string, string>>;
  /** The framed message. */
  readonly body: Buffer;
  readonly timeoutMs: number;
}

interface Answer {
  status: PostResult | undefined;
  failure: string | undefined;
  size: number;
  readonly chunks: Buffer[];
}

/** An OTLP answer is a few bytes; whatever sends more is not an OTLP receiver. */
const MAX_ANSWER_BYTES = 65_536;
/** HTTP/2's `CANCEL`. Without a code, a stream whose body the receiver does not read would wait for it before it closes. */
const CANCEL = 8;
/** The failure of a call whose time ran out. */
export const NO_ANSWER = 'no answer in time';

/** Makes one unary call. Never rejects; ends within `timeoutMs`. */
export function call(session: ClientHttp2Session, { headers, body, timeoutMs }: GrpcCall): Promise<PostResult> {
  return new Promise((resolve) => {
    const stream = session.request(headers);
    const answer: Answer = { status: undefined, failure: undefined, size: 0, chunks: [] };
    const giveUp = (failure: string): void => {
      answer.failure ??= failure;
      stream.close(CANCEL);
    };
    const timer = setTimeout(() => giveUp(NO_ANSWER), timeoutMs);
    timer.unref();
    // The status comes with the headers when there is no message, otherwise after it.
    stream.on('response', (fields) => {
      answer.status = statusOf(fields) ?? answer.status;
    });
    stream.on('trailers', (fields: IncomingHttpHeaders) => {
      answer.status = statusOf(fields) ?? answer.status;
    });
    stream.on('data', (chunk: Buffer) => {
      answer.size += chunk.length;
      if (answer.size > MAX_ANSWER_BYTES) giveUp(NOT_OTLP);
      else answer.chunks.push(chunk);
    });
    stream.on('error', (error: unknown) => {
      answer.failure ??= errorCode(error) ?? errorMessage(error);
    });
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(resultOf(stream, answer));
    });
    stream.end(body);
  });
}

function resultOf(stream: ClientHttp2Stream, { status, failure, chunks }: Answer): PostResult {
  if (failure === undefined && status !== undefined) return { ...status, body: unframe(Buffer.concat(chunks)) };
  return { failure: failure ?? (stream.rstCode === 0 ? 'the answer has no status' : 'the receiver closed the stream') };
}

/** A proxy may answer instead of the receiver, and then with an HTTP status. */
function statusOf(fields: IncomingHttpHeaders): PostResult | undefined {
  const code = fields['grpc-status'];
  if (typeof code === 'string') {
    const delayMs = retryInfoMs(fields['grpc-status-details-bin']);
    const status = httpStatusOf(Number(code), delayMs !== undefined);
    return { status, grpcStatus: statusName(Number(code)), ...(delayMs === undefined ? {} : { retryInfoMs: delayMs }) };
  }
  const http = Number(fields[':status'] ?? 200);
  const retryAfter = fields['retry-after'];
  return http === 200 ? undefined : { status: http, ...(retryAfter === undefined ? {} : { retryAfter }) };
}
