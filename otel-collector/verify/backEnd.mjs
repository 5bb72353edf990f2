import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** @typedef {{ path: string, authorization: string, text: string }} Request_  `text`: the body, in which names can be found */

/**
 * Accepts whatever is sent by OTLP/HTTP on a free loopback port, and records each request and its credentials.
 * @returns {Promise<{ url: string, requests: Request_[], close: () => Promise<void> }>}
 */
export async function startBackEnd() {
  /** @type {Request_[]} */
  const requests = [];
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      requests.push({ path: request.url ?? '', authorization: request.headers.authorization ?? 'none', text: body.toString('latin1') });
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
