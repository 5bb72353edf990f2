import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compose, mountsOf, networksOf, profiles, root, services, servicesOf, variables, type Yaml } from './composeFile.js';

/** The names of the services for which something does not hold. */
const where = (wrong: (service: Yaml, name: string) => boolean): string[] =>
  services.filter(([name, service]) => wrong(service, name)).map(([name]) => name);

describe('images', () => {
  it('are all in .env, each with a full version and room for a digest', () => {
    for (const [name, value] of Object.entries(variables).filter(([name]) => name.endsWith('_IMAGE') && name !== 'HANDOFF_IMAGE')) {
      expect({ name, value }).toEqual({
        name,
        value: expect.stringMatching(/^[a-z0-9/.-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/),
      });
    }
    const used = new Set(services.map(([, { image }]) => image));
    expect(used).toEqual(new Set(Object.entries(variables).flatMap(([name, value]) => (name.endsWith('_IMAGE') ? [value] : []))));
  });
});

describe('profiles', () => {
  it('has one for `docker compose up` without arguments, and every service is in one', () => {
    expect(profiles).toContain(variables['COMPOSE_PROFILES']);
    expect(new Set(services.flatMap(([, service]) => service.profiles))).toEqual(new Set(profiles));
  });

  it.each(profiles)('%s has all that its services wait for, and waits for health only where it is checked', (profile) => {
    const members = new Map(servicesOf(profile));
    for (const [name, { depends_on: dependencies = {} }] of members) {
      for (const [dependency, { condition }] of Object.entries<{ condition: string }>(dependencies)) {
        expect({ name, dependency, present: members.has(dependency) }).toEqual({ name, dependency, present: true });
        const checked = members.get(dependency).healthcheck !== undefined;
        expect({ name, dependency, possible: condition !== 'service_healthy' || checked }).toEqual({ name, dependency, possible: true });
      }
    }
  });

  it.each(profiles)('%s publishes each port once, on the loopback address', (profile) => {
    const ports = servicesOf(profile).flatMap(([, { ports: published = [] }]) => published as string[]);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('core sends no telemetry, as nothing of it could receive any', () => {
    const server = compose.services['handoff-core'].environment;
    expect([server.OTEL_TRACES_EXPORTER, server.OTEL_LOGS_EXPORTER, server.OTEL_METRICS_EXPORTER]).toEqual(['none', 'none', 'prometheus']);
    expect(
      servicesOf('core')
        .map(([name]) => name)
        .sort(),
    ).toEqual(['handoff-core', 'postgres', 'redis']);
  });

  it('ha has two servers, two nodes and three Sentinels of Redis, and two tiers of collectors', () => {
    const names = servicesOf('ha').map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['handoff-1', 'handoff-2', 'proxy', 'redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3']),
    );
    expect(names.filter((name) => name.startsWith('otel-')).sort()).toEqual(['otel-gateway', 'otel-sampling-1', 'otel-sampling-2']);
    expect(names).not.toContain('redis');
  });
});

describe('every service', () => {
  it('is bounded: memory, processors, processes, and what it logs', () => {
    const unbounded = where(({ mem_limit: memory, cpus, pids_limit: processes, logging }) =>
      [memory, cpus, processes, logging?.options?.['max-size'], logging?.options?.['max-file']].includes(undefined),
    );
    expect(unbounded).toEqual([]);
  });

  it('has no capability, gains none, and cannot write to its image', () => {
    const weak = where(
      ({ cap_drop: dropped, read_only: readOnly, security_opt: options }) =>
        dropped?.[0] !== 'ALL' || readOnly !== true || !options?.includes('no-new-privileges:true'),
    );
    expect(weak).toEqual([]);
    expect(where(({ cap_add: added }) => added !== undefined)).toEqual(['volume-owner']);
  });

  it('runs as a user who is not root, but the one that gives volumes to such users', () => {
    expect(where(({ user }) => !/^[1-9]\d*:\d+$/.test(user ?? ''))).toEqual(['volume-owner']);
  });

  it('has a health check if it runs on, but the collectors, whose image has nothing to ask with', () => {
    expect(where(({ healthcheck }) => healthcheck === undefined).sort()).toEqual([
      'otel-collector',
      'otel-gateway',
      'otel-sampling-1',
      'otel-sampling-2',
      'volume-owner',
    ]);
  });

  it('has the time that it needs to end', () => {
    const graceS = (name: string): number => Number.parseInt(compose.services[name].stop_grace_period ?? '10s', 10);
    // Tempo takes 31 s; the server its two bounds of 5 s and 2 s; a collector sends what it holds.
    for (const name of ['tempo', 'loki', 'prometheus', 'postgres']) expect({ name, s: graceS(name) }).toEqual({ name, s: 60 });
    for (const name of where((_, name) => /^(handoff|otel-)/.test(name))) expect({ name, s: graceS(name) }).toEqual({ name, s: 30 });
  });

  it('mounts files that exist, read-only, and volumes that are declared', () => {
    const mounts = services.flatMap(([, service]) => mountsOf(service));
    const files = mounts.filter(([source = '']) => source.startsWith('./'));
    expect(files.length).toBeGreaterThan(10);
    for (const [source = '', , mode] of files) {
      expect({ source, exists: existsSync(join(root, source)), mode }).toEqual({ source, exists: true, mode: 'ro' });
    }
    const named = mounts.filter(([source = '']) => !source.startsWith('./')).map(([source]) => source);
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  it('is on networks that are declared, and the stores on one that leads nowhere', () => {
    const used = new Set(services.flatMap(([, service]) => networksOf(service)));
    expect(used).toEqual(new Set(Object.keys(compose.networks)));
    expect(compose.networks.data.internal).toBe(true);
    for (const name of where((_, name) => /^(postgres|redis|sentinel)/.test(name)))
      expect(compose.services[name].networks).toEqual(['data']);
    expect(
      where((service, name) => networksOf(service).includes('data') && /^(grafana|prometheus|tempo|loki|otel-|alert)/.test(name)),
    ).toEqual([]);
  });
});
