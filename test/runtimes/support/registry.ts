import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Registry extends AsyncDisposable {
  readonly url: string;
}

/**
 * A registry of npm packages that has ours as the tarball is, and passes on every other question to the one that npm is set to. Ours is
 * said to have no peers but `peers`: Deno downloads even those that are optional, and they are more than all others together.
 */
export async function startRegistry(tarball: string, peers: readonly string[]): Promise<Registry> {
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');
  const packed = readFileSync(tarball);
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' })) as {
    name: string;
    version: string;
    peerDependencies: Record<string, string>;
  };
  const peerDependencies = Object.fromEntries(Object.entries(manifest.peerDependencies).filter(([name]) => peers.includes(name)));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  const server = createServer((request, response) => {
    const { url = '/' } = request;
    const ours = `http://${request.headers.host ?? ''}/ours.tgz`;
    const answer = async (): Promise<void> => {
      if (url === '/ours.tgz') response.end(packed);
      else if (url === `/${manifest.name}`) {
        const version = { ...manifest, peerDependencies, dist: { tarball: ours, integrity } };
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ name: manifest.name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: version } }),
        );
      } else {
        const passed = await fetchPatiently(upstream + url, request.headers.accept ?? '*/*');
        response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'application/octet-stream' });
        response.end(Buffer.from(await passed.arrayBuffer()));
      }
    };
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A registry on the internet resets a connection now and then. */
async function fetchPatiently(url: string, accept: string, attempts = 5): Promise<Response> {
  try {
    return await fetch(url, { headers: { accept } });
  } catch (error) {
    if (attempts === 1) throw error;
    return fetchPatiently(url, accept, attempts - 1);
  }
}
