import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

// The second package, handoff-mcp-server, must never differ from what handoff-otel is tested with.

const folder = 'packages/handoff-mcp-server';
const record = z.record(z.string(), z.string()).default({});
const manifest = z.object({
  version: z.string(),
  engines: record,
  dependencies: record,
  devDependencies: record,
  peerDependencies: record,
});

const read = (path: string): z.output<typeof manifest> => manifest.parse(JSON.parse(readFileSync(path, 'utf8')));

const ours = read('package.json');
const server = read(`${folder}/package.json`);

it('has the version of handoff-otel, and depends on exactly that one', () => {
  expect(server.version).toBe(ours.version);
  expect(server.dependencies['handoff-otel']).toBe(ours.version);
  expect(server.engines).toEqual(ours.engines);
});

/** It is a peer so that Deno tells which copy a program uses. The server is made with the second generation of the SDK. */
const ONLY_INSTRUMENTED = '@modelcontextprotocol/sdk';

it('depends on every peer of handoff-otel that it uses, in the version that is tested', () => {
  const peers = Object.keys(ours.peerDependencies).filter((name) => name !== ONLY_INSTRUMENTED);
  const expected = Object.fromEntries(peers.map((name) => [name, ours.devDependencies[name]]));
  expect(server.dependencies).toEqual({ ...expected, 'handoff-otel': ours.version });
});

it('depends on the versions that the lockfile holds', () => {
  const lock = z
    .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
    .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  for (const [name, version] of Object.entries(server.dependencies))
    expect(lock.packages[name === 'handoff-otel' ? '' : `node_modules/${name}`]?.version, name).toBe(version);
});

it('has the licence of handoff-otel, and shows the configuration that README.md shows', () => {
  expect(readFileSync(`${folder}/LICENSE`, 'utf8')).toBe(readFileSync('LICENSE', 'utf8'));
  const configurationOf = (path: string): unknown =>
    JSON.parse(/```json\n(\{\s*"mcpServers"[\s\S]*?)```/u.exec(readFileSync(path, 'utf8'))?.[1] ?? 'null');
  expect(configurationOf(`${folder}/README.md`)).toEqual(configurationOf('README.md'));
});
