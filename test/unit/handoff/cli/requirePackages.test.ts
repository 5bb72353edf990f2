import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  demoPackages,
  migratePackages,
  requirePackages,
  serverPackages,
  storagePackages,
} from '../../../../src/handoff/cli/requirePackages.js';

const nothing = (): boolean => false;
const everything = (): boolean => true;

/** The message of what `requirePackages` throws; empty when it lets the command pass. */
function refusal(names: Parameters<typeof requirePackages>[1], isInstalled: (name: string) => boolean): string {
  try {
    requirePackages('serve', names, { isInstalled, byNpx: false });
    return '';
  } catch (error) {
    return String(error);
  }
}

it('names every package that is missing, in one command', () => {
  expect(refusal(serverPackages({}), nothing)).toBe(
    'MissingPeerError: handoff-otel serve needs the package @modelcontextprotocol/server, which is not installed. ' +
      'Run: npm install @modelcontextprotocol/server@2 @modelcontextprotocol/node@2 pino@10 zod@4 hdr-histogram-js@3 cockatiel@4 pg@8 @electric-sql/pglite@0.5.17 lru-cache@11 pg-boss@12.38',
  );
  expect(refusal(serverPackages({}), (name) => name !== 'pg')).toMatch(/Run: npm install pg@8$/);
  expect(refusal(serverPackages({}), everything)).toBe('');
});

it.each([
  { command: 'serve', advice: 'npx -y handoff-mcp-server [--stdio]' },
  { command: 'migrate', advice: 'npx -y handoff-mcp-server migrate' },
])('names the package that brings everything when npx started $command', ({ command, advice }) => {
  const isInstalled = (name: string): boolean => name === 'pino';
  expect(() => requirePackages(command, ['pg', '@electric-sql/pglite', 'pino'], { isInstalled, byNpx: true })).toThrow(
    `handoff-otel ${command} needs the package pg, which is not installed. With npx, use handoff-mcp-server, which includes everything it needs: ${advice}`,
  );
  expect(() => requirePackages(command, ['pino'], { isInstalled, byNpx: true })).not.toThrow();
});

it('asks for the embedded database only without DATABASE_URL, for ioredis only with Redis, and for the in-process cache always', () => {
  expect(migratePackages({ DATABASE_URL: 'postgres://localhost/a' })).toEqual(['pg', 'pg-boss']);
  expect(migratePackages({ DATABASE_URL: '' })).toEqual(['pg', '@electric-sql/pglite', 'pg-boss']);
  expect(migratePackages({ DATABASE_URL: '', HANDOFF_JOBS_ENABLED: 'False' })).toEqual(['pg', '@electric-sql/pglite']);
  expect(serverPackages({ REDIS_URL: 'redis://localhost' })).toContain('ioredis');
  expect(serverPackages({ REDIS_SENTINELS: 'localhost' })).toContain('ioredis');
  expect(serverPackages({ REDIS_CLUSTER: 'localhost' })).toContain('ioredis');
  // It stands in for a Redis that cannot be reached.
  expect(serverPackages({ REDIS_URL: 'redis://localhost' })).toContain('lru-cache');
  expect(serverPackages({})).not.toContain('ioredis');
  expect(serverPackages({})).toContain('lru-cache');
  expect(serverPackages({})).not.toContain('rotating-file-stream');
  expect(serverPackages({ HANDOFF_LOG_FILE: '/var/log/handoff.log' })).toContain('rotating-file-stream');
});

it('asks for the job queue only where jobs run or its tables are made, and for S3 wherever the archive may be needed', () => {
  const env = { HANDOFF_ARCHIVE_S3_BUCKET: 'archive' };
  expect(storagePackages(env)).toContain('@aws-sdk/client-s3');
  expect(storagePackages(env)).not.toContain('pg-boss');
  expect(serverPackages(env)).toEqual(expect.arrayContaining(['@aws-sdk/client-s3', 'pg-boss']));
  expect(demoPackages()).toContain('pg-boss');
});

it('names optional peers of package.json and a version inside their ranges', () => {
  const { peerDependencies, peerDependenciesMeta, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const install =
    refusal([...demoPackages(), ...serverPackages({}), ...serverPackages({ REDIS_URL: 'redis://localhost' })], nothing).split(
      'npm install ',
    )[1] ?? '';
  const specs = new Set(install.split(' '));
  expect(specs.size).toBe(12);
  for (const spec of specs) {
    const [, name = '', version = ''] = /^(.+)@([\d.]+)$/.exec(spec) ?? [];
    expect(peerDependencies, spec).toHaveProperty([name]);
    expect(peerDependenciesMeta[name], spec).toEqual({ optional: true });
    // The version we test with, which the ranges of the peers include.
    expect(`${devDependencies[name]}.`, spec).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')}\\.`));
  }
});
