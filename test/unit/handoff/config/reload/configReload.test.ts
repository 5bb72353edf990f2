import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigReload } from '../../../../../src/handoff/config/reload/configReload.js';
import { ReloadReports } from '../../../../../src/handoff/config/reload/reloadReports.js';
import type { AuditedChange } from '../../../../../src/handoff/config/reload/reloadReports.js';
import { mergedEnv, parseConfigFile } from '../../../../../src/handoff/config/configFile.js';
import { resolveConfig } from '../../../../../src/handoff/config/resolve.js';
import { handoffVariables } from '../../../../../src/variables/handoffVariables.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
let file: string;
let reload: ConfigReload;
let audited: AuditedChange[];

const ENV = { HOME: '/home/ada', HANDOFF_MAX_WAITING_CALLS: '10' };

beforeEach(() => {
  recording = new Recording();
  file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 70}';
  audited = [];
  const { settings } = resolveConfig(mergedEnv(ENV, parseConfigFile(file)));
  reload = new ConfigReload({ env: ENV, settings, read: async () => file, reports: new ReloadReports(recording.log, recording.meter) });
  reload.onAudit = (change) => void audited.push(change);
});
afterEach(() => recording.dispose());

const effects = (): unknown[] => audited.map(({ name, effect }) => [name, effect]);
const events = (): unknown[] => recording.records.map(({ level, fields }) => [level, fields['event.name']]);

describe('a file that has changed', () => {
  it('is applied by those who listen, once for all that changed, with all settings', async () => {
    const seen: unknown[] = [];
    reload.onChange(['HANDOFF_ALERT_MEMORY_PERCENT', 'HANDOFF_ALERT_DISK_PERCENT'], (settings) =>
      seen.push([settings.HANDOFF_ALERT_MEMORY_PERCENT, settings.HANDOFF_ALERT_DISK_PERCENT, settings.HANDOFF_PG_POOL_SIZE]),
    );
    reload.onChange('HANDOFF_LOG_LEVEL', () => seen.push('not concerned'));
    file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 75, "HANDOFF_ALERT_DISK_PERCENT": 60}';
    expect(await reload.reload('SIGHUP')).toBe('applied');
    expect(seen).toEqual([[75, 60, 5]]);
    expect(audited).toEqual([
      { name: 'HANDOFF_ALERT_MEMORY_PERCENT', before: '70', after: '75', actor: 'SIGHUP', effect: 'applied' },
      { name: 'HANDOFF_ALERT_DISK_PERCENT', before: '85', after: '60', actor: 'SIGHUP', effect: 'applied' },
    ]);
    expect(recording.records[0]).toMatchObject({
      level: 'info',
      fields: {
        'event.name': 'handoff.config.changed',
        'handoff.config.setting': 'HANDOFF_ALERT_MEMORY_PERCENT',
        before: '70',
        after: '75',
      },
    });
  });

  it('names what needs a restart, keeps its value, and says so once', async () => {
    let pool = 0;
    reload.onChange('HANDOFF_ALERT_MEMORY_PERCENT', (settings) => {
      pool = settings.HANDOFF_PG_POOL_SIZE;
    });
    file = '{"HANDOFF_PG_POOL_SIZE": 9, "HANDOFF_ALERT_MEMORY_PERCENT": 71}';
    await reload.reload('file watch');
    expect(effects()).toEqual([
      ['HANDOFF_PG_POOL_SIZE', 'needs_restart'],
      ['HANDOFF_ALERT_MEMORY_PERCENT', 'applied'],
    ]);
    expect(pool).toBe(5);
    expect(await reload.reload('file watch')).toBe('unchanged');
    file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 71}';
    await reload.reload('SIGHUP');
    expect(effects().at(-1)).toEqual(['HANDOFF_PG_POOL_SIZE', 'applied']);
  });

  it('goes back to the default where a setting was taken out', async () => {
    reload.onChange('HANDOFF_ALERT_MEMORY_PERCENT', () => undefined);
    file = '{"HANDOFF_PG_POOL_SIZE": 5}';
    await reload.reload('SIGHUP');
    expect(audited).toMatchObject([{ name: 'HANDOFF_ALERT_MEMORY_PERCENT', before: '70', after: '80', effect: 'applied' }]);
  });

  it('does not claim what nobody listens to, nor what could not be applied', async () => {
    reload.onChange('HANDOFF_ALERT_DISK_PERCENT', () => {
      throw new Error('no');
    });
    file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 71, "HANDOFF_ALERT_DISK_PERCENT": 60}';
    await reload.reload('SIGHUP');
    expect(effects()).toEqual([
      ['HANDOFF_ALERT_MEMORY_PERCENT', 'needs_restart'],
      ['HANDOFF_ALERT_DISK_PERCENT', 'failed'],
    ]);
  });

  it('has failed for all when one of those who listen could not apply it, whoever is asked last', async () => {
    reload.onChange('HANDOFF_ALERT_MEMORY_PERCENT', () => {
      throw new Error('no');
    });
    reload.onChange('HANDOFF_ALERT_MEMORY_PERCENT', () => undefined);
    file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 71}';
    await reload.reload('SIGHUP');
    expect(effects()).toEqual([['HANDOFF_ALERT_MEMORY_PERCENT', 'failed']]);
  });

  it('is told with what changed before, until who listens has ended that', async () => {
    const seen: unknown[] = [];
    const end = reload.onChange('HANDOFF_ALERT_DISK_PERCENT', (settings) =>
      seen.push([settings.HANDOFF_ALERT_MEMORY_PERCENT, settings.HANDOFF_ALERT_DISK_PERCENT]),
    );
    const change = (memory: number, disk: number): Promise<unknown> => {
      file = JSON.stringify({ HANDOFF_PG_POOL_SIZE: 5, HANDOFF_ALERT_MEMORY_PERCENT: memory, HANDOFF_ALERT_DISK_PERCENT: disk });
      return reload.reload('SIGHUP');
    };
    await change(71, 85);
    await change(71, 60);
    expect(seen).toEqual([[71, 60]]);
    end();
    await change(71, 61);
    expect(seen).toHaveLength(1);
    expect(effects().at(-1)).toEqual(['HANDOFF_ALERT_DISK_PERCENT', 'needs_restart']);
  });

  it('is none when it says the same, also of a setting with several values', async () => {
    file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 70, "HANDOFF_HTTP_ALLOWED_HOSTS": "a.example,b.example"}';
    expect(await reload.reload('SIGHUP')).toBe('applied');
    expect(audited).toMatchObject([{ name: 'HANDOFF_HTTP_ALLOWED_HOSTS', after: '["a.example","b.example"]' }]);
    expect(await reload.reload('SIGHUP')).toBe('unchanged');
  });

  it('is read once more only when the last reading is over, so that the last text wins', async () => {
    const reads: ((text: string) => void)[] = [];
    const { settings } = resolveConfig(mergedEnv(ENV, parseConfigFile(file)));
    const read = (): Promise<string> => new Promise((resolve) => reads.push(resolve));
    const slow = new ConfigReload({ env: ENV, settings, read, reports: new ReloadReports(recording.log, recording.meter) });
    const both = [slow.reload('SIGHUP'), slow.reload('file watch')];
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toHaveLength(1);
    reads[0]?.('{"HANDOFF_PG_POOL_SIZE": 6}');
    await both[0];
    await new Promise((resolve) => setImmediate(resolve));
    reads[1]?.('{"HANDOFF_PG_POOL_SIZE": 6}');
    expect(await Promise.all(both)).toEqual(['applied', 'unchanged']);
  });

  it('shows no more than the beginning of a long value', async () => {
    file = JSON.stringify({ HANDOFF_PG_POOL_SIZE: 5, HANDOFF_ALERT_MEMORY_PERCENT: 70, HANDOFF_LOG_FILE: `/${'x'.repeat(999)}` });
    await reload.reload('SIGHUP');
    expect(audited).toMatchObject([{ name: 'HANDOFF_LOG_FILE', after: `/${'x'.repeat(199)}` }]);
  });

  it('never shows a secret', async () => {
    reload.onChange('HANDOFF_ALERT_WEBHOOK_SECRET', () => undefined);
    file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 70, "HANDOFF_ALERT_WEBHOOK_SECRET": "hunter2-hunter2-hunter2"}';
    await reload.reload('SIGHUP');
    expect(audited).toMatchObject([{ name: 'HANDOFF_ALERT_WEBHOOK_SECRET', after: '(secret)' }]);
    expect(JSON.stringify([recording.records, audited])).not.toContain('hunter2');
  });
});

describe('a file that cannot be used', () => {
  it('changes nothing at all, and every problem is told', async () => {
    reload.onChange('HANDOFF_ALERT_MEMORY_PERCENT', () => audited.push());
    file = '{"HANDOFF_ALERT_MEMORY_PERCENT": 75, "HANDOFF_ALERT_DISK_PERCENT": 101, "HANDOFF_LOG_LEVEL": "loud"}';
    expect(await reload.reload('SIGHUP')).toBe('refused');
    expect(audited).toEqual([]);
    expect(events()).toEqual([['warn', 'handoff.config.refused']]);
    expect(recording.records[0]?.fields['problems']).toEqual([
      expect.stringMatching(/^HANDOFF_ALERT_DISK_PERCENT: "101" was given/u),
      expect.stringMatching(/^HANDOFF_LOG_LEVEL: "loud" was given/u),
    ]);
    for (const text of ['', '[]', '{"NO_SUCH": 1}']) {
      file = text;
      expect(await reload.reload('SIGHUP')).toBe('refused');
    }
  });
});

it('a setting that the environment has cannot be changed by the file, which is told', async () => {
  reload.onChange('HANDOFF_MAX_WAITING_CALLS', () => undefined);
  file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 70, "HANDOFF_MAX_WAITING_CALLS": 99}';
  expect(await reload.reload('SIGHUP')).toBe('unchanged');
  expect(recording.records[0]?.fields['overruled']).toEqual(['HANDOFF_MAX_WAITING_CALLS']);
  file = '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ALERT_MEMORY_PERCENT": 70, "HANDOFF_MAX_WAITING_CALLS": " 10 "}';
  await reload.reload('SIGHUP');
  expect(recording.records[1]?.fields).not.toHaveProperty('overruled');
});

it('each reload and each change is counted', async () => {
  await reload.reload('SIGHUP');
  file = '{"HANDOFF_PG_POOL_SIZE": 6, "HANDOFF_ALERT_MEMORY_PERCENT": 70}';
  await reload.reload('SIGHUP');
  file = '';
  await reload.reload('SIGHUP');
  const metrics = await recording.metrics();
  const points = (name: string): unknown[] =>
    (metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []).map(({ attributes, value }) => [
      ...Object.values(attributes),
      value,
    ]);
  expect(points('handoff.config.reloads')).toEqual([
    ['applied', 1],
    ['unchanged', 1],
    ['refused', 1],
  ]);
  expect(points('handoff.config.changes')).toEqual([
    ['applied', 0],
    ['needs_restart', 1],
    ['failed', 0],
  ]);
});

it('the variables that a running server takes are these', () => {
  const names = Object.entries(handoffVariables).flatMap(([name, variable]) =>
    'isReloadable' in variable && variable.isReloadable ? [name] : [],
  );
  expect(names.filter((name) => !name.startsWith('HANDOFF_ALERT') && !name.startsWith('HANDOFF_MEMORY'))).toEqual([
    'HANDOFF_HEALTH_CHECK_INTERVAL_MS',
    'HANDOFF_METRICS_COLLECTION_INTERVAL_MS',
    'HANDOFF_ANALYTICS_AGGREGATION_INTERVAL_MINUTES',
    'HANDOFF_ANALYTICS_TREND_WINDOW_DAYS',
    'HANDOFF_ANALYTICS_ANOMALY_SENSITIVITY',
    'HANDOFF_MAX_CONCURRENT_CALLS',
    'HANDOFF_ADAPTIVE_CONCURRENCY',
    'HANDOFF_MAX_WAITING_CALLS',
    'HANDOFF_CALL_WAIT_TIMEOUT_MS',
    'HANDOFF_LOG_LEVEL',
    'HANDOFF_LOG_COMPONENT_LEVELS',
  ]);
});
