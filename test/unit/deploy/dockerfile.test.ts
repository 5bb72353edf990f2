import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stagesOf } from '../../image/dockerfile.js';
import { read, root, services } from './composeFile.js';

const stages = stagesOf(read('Dockerfile'));
const last = stages.at(-1)?.steps ?? [];
const stepOf = (name: string): string | undefined => last.find((step) => step.name === name)?.rest;

describe('Dockerfile', () => {
  it('is what docker-compose.yml builds for every server, in one image', () => {
    const servers = services.filter(([, { build }]) => build !== undefined).map(([name, { build, image }]) => [name, build, image]);
    expect(servers).toEqual(['handoff-core', 'handoff', 'handoff-1', 'handoff-2'].map((name) => [name, '.', 'handoff-otel:local']));
  });

  it('uses the Node version of the scripts in every stage', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(new Set(stages.map(({ image }) => image))).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]));
  });

  it('copies only what exists and .dockerignore lets through, among it all that the build reads', () => {
    const copies = stages.flatMap(({ steps }) => steps).filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='));
    const copied = copies.flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(copied).toEqual(expect.arrayContaining(['src', 'tools', 'migrations']));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const letThrough = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(new Set(letThrough)).toEqual(new Set(copied));
  });

  it('runs the server as somebody who is not root, by a number that Kubernetes can check', () => {
    expect(stepOf('USER')).toBe('1000:1000');
    for (const [name, { user }] of services.filter(([, { build }]) => build !== undefined))
      expect([name, user]).toEqual([name, '1000:1000']);
  });

  it('asks the server itself for its health, as docker-compose.yml does', () => {
    const [, options = '', command = ''] = /^((?:--\S+ )+)CMD (\[.*\])$/.exec(stepOf('HEALTHCHECK') ?? '') ?? [];
    const server = services.find(([name]) => name === 'handoff')?.[1];
    expect(['CMD', ...JSON.parse(command)]).toEqual(server.healthcheck.test);
    expect(options).toMatch(/--interval=10s --timeout=5s --start-period=20s --retries=6 /);
  });

  it('starts the server as the Compose file does, but for the file of secrets', () => {
    const server = services.find(([name]) => name === 'handoff')?.[1];
    expect(server.command.filter((word: string) => !word.startsWith('--env-file='))).toEqual(JSON.parse(stepOf('CMD') ?? ''));
  });
});
