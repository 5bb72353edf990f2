import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** What a file holds is what the assertions pin. */
type Yaml = ReturnType<typeof parse>;
const yaml = (path: string): Yaml => parse(read(path), { merge: true });

/** OTEL_METRIC_EXPORT_INTERVAL, where nobody sets it. */
const PRODUCT_DEFAULT_INTERVAL_MS = 60_000;

describe('Grafana data sources', () => {
  const { datasources } = yaml('dashboards/provisioning/datasources/datasources.yaml');
  const compose = yaml('docker-compose.yml');

  it('have fixed uids and link only to each other', () => {
    const uids = datasources.map(({ uid }: { uid: string }) => uid);
    expect(uids).toEqual(['prometheus', 'tempo', 'loki']);
    const linked = [...read('dashboards/provisioning/datasources/datasources.yaml').matchAll(/datasourceUid: (\S+)/g)].map(
      ([, uid]) => uid,
    );
    expect(linked.length).toBeGreaterThan(4);
    expect(linked.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  it('look logs up by labels that Loki indexes', () => {
    const indexed: string[] =
      yaml('otel-collector/backends/loki.yaml').limits_config.otlp_config.resource_attributes.attributes_config[0].attributes;
    const tempo = datasources.find(({ uid }: { uid: string }) => uid === 'tempo');
    for (const { key, value } of tempo.jsonData.tracesToLogsV2.tags) {
      expect(indexed).toContain(key);
      expect(value).toBe(key.replaceAll('.', '_'));
    }
  });

  it('expect points no more often than the slowest process exports them', () => {
    const intervalMs = Number(compose.services.handoff.environment.OTEL_METRIC_EXPORT_INTERVAL);
    const expectedSeconds = Number.parseInt(datasources[0].jsonData.timeInterval, 10);
    expect(expectedSeconds * 1000).toBe(Math.max(intervalMs, PRODUCT_DEFAULT_INTERVAL_MS));
  });
});
