import { note } from './tap.js';
import type { WireLog } from './tap.js';

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** A `fetch` that notes every JSON-RPC message in the bodies of requests and answers, also of streams and of refusals. */
export function tapFetch(log: WireLog): Fetch {
  return async (url, init) => {
    if (typeof init?.body === 'string') note(log, 'client', JSON.parse(init.body));
    const response = await fetch(url, init);
    const type = response.headers.get('content-type') ?? '';
    if (response.body === null) return response;
    if (type.includes('text/event-stream')) return copy(response, response.body.pipeThrough(eventTap(log)));
    if (!type.includes('json')) return response;
    const text = await response.text();
    const body: unknown = JSON.parse(text);
    if (isMessage(body)) note(log, 'server', body);
    return copy(response, text);
  };
}

function copy({ status, statusText, headers }: Response, body: ReadableStream | string): Response {
  return new Response(body, { status, statusText, headers });
}

function isMessage(body: unknown): boolean {
  return Array.isArray(body) || (typeof body === 'object' && body !== null && 'jsonrpc' in body);
}

/** Passes a stream of server-sent events through and notes the messages in it. */
function eventTap(log: WireLog): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let rest = '';
  return new TransformStream({
    transform(chunk, controller) {
      const events = (rest + decoder.decode(chunk, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) noteEvent(event, log);
      controller.enqueue(chunk);
    },
  });
}

function noteEvent(event: string, log: WireLog): void {
  const data = event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  // The event `endpoint` of HTTP+SSE carries an address, priming events carry nothing.
  if (data.startsWith('{') || data.startsWith('[')) note(log, 'server', JSON.parse(data));
}
