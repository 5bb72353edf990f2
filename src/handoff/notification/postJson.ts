import { NotificationError } from '../../errors/notificationError.js';
import { errorType } from '../../telemetry/errorType.js';
import type { AlertTargetKind } from '../../telemetry/catalogue/alerts.js';

export interface Post {
  readonly target: AlertTargetKind;
  /** User and password in it are sent as basic authentication. */
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Nothing in an answer is of interest. */
const MAX_ANSWER_BYTES = 65_536;

/** Resolves when the target has taken the request. Rejects with `NotificationError`; follows no redirects. */
export async function postJson({ target, url, body, headers, timeoutMs }: Post): Promise<void> {
  const address = new URL(url);
  const login = basicLogin(address);
  const signal = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(login === undefined ? {} : { authorization: login }), ...headers },
      redirect: 'error',
      signal,
    });
    await readToEnd(response);
  } catch (error) {
    throw new NotificationError(target, { reason: signal.aborted ? 'no answer in time' : errorType(whyOf(error)), isPassing: true }, error);
  }
  const { ok, status } = response;
  if (!ok) throw new NotificationError(target, { status, reason: `status ${status}`, isPassing: isPassing(status) });
}

/** The connection is used again only when the answer was read. One that goes on and on is cut off, and must not fill the memory. */
async function readToEnd({ body }: Response): Promise<void> {
  if (body === null) return;
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return;
  }
}

/** `fetch` says the same of all that keeps it from an answer; its cause tells a name that does not resolve from a refusal. */
function whyOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

/** Takes user and password out of the address, with which `fetch` would refuse it. */
function basicLogin(address: URL): string | undefined {
  const { username, password } = address;
  if (username === '' && password === '') return undefined;
  address.username = '';
  address.password = '';
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}
