import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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

/** How many requests were accepted of one that is sent while the process ends. */
async function acceptedAtExit(env: Readonly<Record<string, string>>): Promise<string> {
  const request = `{ url: ${JSON.stringify(url)}, headers: {}, gzip: false, tls: {}, body: Buffer.from('x') }`;
  const code = `
    import { sendAndWait } from './src/instrumentation/exit/sendAndWait.ts';
    process.on('exit', () => process.stdout.write(String(sendAndWait([${request}], 20_000))));`;
  return (await runProcess({ code, env })).stdout;
}

it('the last telemetry is sent to a receiver of an unknown authority only where the process takes those', async () => {
  expect(await acceptedAtExit({})).toBe('0');
  expect(await acceptedAtExit({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBe('1');
});

it('nothing that the process loads by its NODE_OPTIONS runs in the thread that sends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-exit-'));
  try {
    const [preload, mark] = [join(folder, 'preload.mjs'), join(folder, 'ran')];
    const places = `import { isMainThread } from 'node:worker_threads'; import { appendFileSync } from 'node:fs';`;
    writeFileSync(preload, `${places} appendFileSync(${JSON.stringify(mark)}, isMainThread ? 'main ' : 'thread ');`);
    const NODE_OPTIONS = `--import=${pathToFileURL(preload).href}`;
    expect(await acceptedAtExit({ NODE_OPTIONS, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBe('1');
    expect(readFileSync(mark, 'utf8')).toBe('main ');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
