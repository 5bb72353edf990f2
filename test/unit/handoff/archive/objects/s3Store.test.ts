import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createS3Store } from '../../../../../src/handoff/archive/objects/s3Store.js';
import type { S3Store } from '../../../../../src/handoff/archive/objects/s3Store.js';

// A service that speaks S3's protocol as it was before S3 had checksums of its own, and refuses headers that it does not know: Backblaze B2
// and OVHcloud did so. Where objects are locked it wants Content-MD5, as MinIO and S3 do.

let server: Server;
let store: S3Store;
let seen: IncomingHttpHeaders[] = [];
const objects = new Map<string, Buffer>();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const { headers, method, url = '' } = request;
  seen.push(headers);
  const refuse = (code: string): void =>
    void response.writeHead(400, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-') && name.includes('checksum'))) return refuse('InvalidArgument');
  const path = url.split('?')[0] ?? '';
  if (method === 'PUT') {
    if (headers['content-md5'] !== createHash('md5').update(body).digest('base64')) return refuse('InvalidRequest');
    objects.set(path, body);
    response.end();
    return;
  }
  const found = objects.get(path);
  if (method === 'DELETE') objects.delete(path);
  if (found === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-length': found.length }).end(found);
}

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  store = await createS3Store({ bucket: 'archive', endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true });
});
afterAll(() => {
  store.close();
  server.close();
  vi.unstubAllEnvs();
});

it('works with services that do not know the checksums of S3, and with those that want one of all objects', async () => {
  await store.put('aa/o.gz', Buffer.from('body'));
  expect(Buffer.from((await store.get('aa/o.gz')) ?? '').toString()).toBe('body');
  expect(await store.head('aa/o.gz')).toEqual({ bytes: 4 });
  await store.delete('aa/o.gz');
  expect(await store.get('aa/o.gz')).toBeUndefined();
  seen = seen.filter((headers) => headers['content-md5'] !== undefined);
  expect(seen).toHaveLength(1);
});

it('reads little more of an object than it is asked for', async () => {
  const path = '/archive/aa/huge.gz';
  await store.put('aa/huge.gz', Buffer.from('x'));
  objects.set(path, Buffer.alloc(50_000_000));
  const found = (await store.get('aa/huge.gz', 10))?.length ?? 0;
  expect(found).toBeGreaterThan(10);
  expect(found).toBeLessThan(5_000_000);
  await store.delete('aa/huge.gz');
  expect(objects.has(path)).toBe(false);
});
