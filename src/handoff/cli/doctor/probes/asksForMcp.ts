import { request } from 'node:http';

const ANSWER_MS = 3000;
const MAX_CHARACTERS = 10_000;

/** Whether what listens there answers as Streamable HTTP of a handoff server does: a request for no path of it with a JSON-RPC error. */
export function asksForMcp(host: string, port: number): Promise<boolean> {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return new Promise((resolve) => {
    const asked = request({ host: reached, port, path: '/', agent: false, signal: AbortSignal.timeout(ANSWER_MS) });
    asked.on('error', () => resolve(false));
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MAX_CHARACTERS) response.destroy();
      });
      response.on('close', () => resolve((response.statusCode ?? 0) >= 400 && text.startsWith('{"jsonrpc":"2.0","error":')));
    });
    asked.end();
  });
}
