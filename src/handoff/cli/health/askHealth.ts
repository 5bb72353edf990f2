import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { errorCode, errorMessage } from '../../../errors/classify.js';
import { isMapping } from '../../../values/guards.js';
import type { HealthDocument } from '../../server/admin/healthDocument.js';

const TIMEOUT_MS = 4000;
const MAX_BYTES = 1024 * 1024;

/** Asks once; whoever repeats it knows better when to give up. Never rejects. */
export async function askHealth(address: URL): Promise<HealthDocument | { readonly problem: string }> {
  let text: string;
  try {
    text = await bodyOf(address);
  } catch (error) {
    return { problem: errorCode(error) ?? errorMessage(error) };
  }
  try {
    const body: unknown = JSON.parse(text);
    if (isMapping(body) && isMapping(body['checks']) && typeof body['state'] === 'string') return body as unknown as HealthDocument;
  } catch {
    // A server of another kind, or one that does not know yet.
  }
  return { problem: 'what answers there does not tell the health of a handoff server' };
}

/** With Node's own client: loading `fetch` would take a probe longer than the question. */
function bodyOf(address: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const get = address.protocol === 'https:' ? getHttps : getHttp;
    const request = get(address, { agent: false, signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/health+json' } });
    request.on('error', (error) => reject(error.name === 'AbortError' ? new Error(`no answer within ${TIMEOUT_MS} ms`) : error));
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MAX_BYTES) response.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
  });
}
