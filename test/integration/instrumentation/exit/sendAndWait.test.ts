import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority } from '../../../setup/certificates.js';
import { runProcess } from '../instrumentedProcess.js';

const server = createServer(
  createAuthority().issue('collector'),
  (request, response) => void request.resume().on('end', () => response.end()),
);
let url: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
});
afterAll(() => void server.close());

/** How many requests were accepted of one that is sent while the process ends, and what it said on stderr. */
async function sentAtExit(env: Readonly<Record<string, string>>): Promise<readonly [accepted: string, stderr: string]> {
  const request = `{ url: ${JSON.stringify(url)}, headers: {}, gzip: false, tls: {}, body: Buffer.from('x') }`;
  const code = `
    import { sendAndWait } from './src/instrumentation/exit/sendAndWait.ts';
    process.on('exit', () => process.stdout.write(String(sendAndWait([${request}], 20_000))));`;
  const { stdout, stderr } = await runProcess({ code, env });
  return [stdout, stderr];
}

it('the last telemetry is sent to a receiver of an unknown authority only where the process takes those', async () => {
  expect(await sentAtExit({})).toEqual(['0', '']);
  // Node warns of that, and the thread that sends must not write between the lines of an ending process.
  expect(await sentAtExit({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual(['1', '']);
});
