import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { collectorConfig } from './collectorConfig.js';
import { eventually, eventuallyAll } from './eventually.js';
import { inlineRules } from './inlineRules.js';
import { AllowedEmpty, Report } from './report.js';
import { isEmpty, readTargets } from './targets.js';

describe('readTargets', () => {
  it('takes what is set, without slashes at the end', () => {
    const targets = readTargets({ STACK_TEMPO_URL: 'http://t:3200/', STACK_TEMPO_OTLP: 'http://t:4318', STACK_GRAFANA_TOKEN: 'x' });
    expect(targets).toMatchObject({ tempo: 'http://t:3200', prometheus: undefined, grafanaAuthorization: 'Bearer x' });
    expect(targets.tempoReceiver).toEqual({ protocol: 'http', endpoint: 'http://t:4318' });
    expect([isEmpty(targets), isEmpty(readTargets({}))]).toEqual([false, true]);
  });

  it('refuses what is no URL, by name', () => {
    expect(() => readTargets({ STACK_LOKI_URL: 'loki:3100' })).toThrow('STACK_LOKI_URL is "loki:3100"');
  });
});

describe('collectorConfig', () => {
  const all = readTargets({ STACK_PROMETHEUS_URL: 'http://p', STACK_TEMPO_URL: 'http://t', STACK_LOKI_URL: 'http://l' });
  const exporters = (text: string): readonly string[] => {
    const { service } = parse(text) as { service: { pipelines: Record<string, { exporters: string[] }> } };
    return [...new Set(Object.values(service.pipelines).flatMap((pipeline) => pipeline.exporters))];
  };

  it('leaves our configuration as it is for back ends that it is written for', () => {
    const used = exporters(collectorConfig(all, { protocol: 'grpc', endpoint: 't:4317' }));
    expect(used).toEqual(expect.arrayContaining(['otlp_grpc/tempo', 'otlp_http/prometheus', 'otlp_http/loki']));
    expect(used).not.toContain('debug/nowhere');
  });

  it('sends spans by HTTP where Tempo takes no gRPC, with the same queue', () => {
    const text = collectorConfig(all, { protocol: 'http', endpoint: 'http://t:4318' });
    expect(exporters(text)).toContain('otlp_http/tempo');
    const config = parse(text) as { exporters: Record<string, { endpoint: string; sending_queue: { storage: string } }> };
    expect(config.exporters['otlp_http/tempo']).toMatchObject({
      endpoint: 'http://t:4318',
      sending_queue: { storage: 'file_storage/queue' },
    });
    expect(Object.keys(config.exporters)).not.toContain('otlp_grpc/tempo');
  });

  it('sends nowhere what has no back end', () => {
    const used = exporters(collectorConfig(readTargets({ STACK_LOKI_URL: 'http://l' }), undefined));
    expect(used.filter((name) => /tempo|prometheus/.test(name))).toEqual([]);
    expect(used).toEqual(expect.arrayContaining(['otlp_http/loki', 'debug/nowhere']));
  });
});

describe('inlineRules', () => {
  const rules = [
    { name: 'job:bad:ratio5m', expr: 'job:bad:rate5m / sum(rate(all[5m]))' },
    { name: 'job:bad:rate5m', expr: 'sum(rate(bad[5m]))' },
    { name: 'Alert', expr: 'x > 1' },
  ];

  it('puts expressions in the place of recorded series, of those within them too', () => {
    expect(inlineRules('max(job:bad:ratio5m{job="a"}) > 1', rules)).toBe('max(((sum(rate(bad[5m]))) / sum(rate(all[5m])))) > 1');
    expect(inlineRules('avg_over_time(job:bad:rate5m[1h])', rules)).toBe('avg_over_time((sum(rate(bad[5m])))[1h:1m])');
  });

  it('leaves alone what no rule records', () => {
    expect(inlineRules('Alert + job:other:x', rules)).toBe('Alert + job:other:x');
  });
});

describe('eventually', () => {
  it('goes on until it succeeds', async () => {
    let attempts = 0;
    const attempt = (): Promise<number> => (++attempts < 3 ? Promise.reject(new Error('no')) : Promise.resolve(attempts));
    expect(await eventually({ forMs: 10_000, everyMs: 1 }, attempt)).toBe(3);
  });

  it('rejects with the last failure', async () => {
    await expect(eventually({ forMs: 0, everyMs: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no (tried for 0 s)');
  });

  it('says of each item whether it succeeded', async () => {
    const failures = await eventuallyAll({ forMs: 0, everyMs: 1 }, ['good', 'bad'], (item) =>
      item === 'good' ? Promise.resolve() : Promise.reject(new Error('no')),
    );
    expect([failures.get('good'), failures.get('bad')?.message]).toEqual([undefined, 'no']);
  });
});

describe('Report', () => {
  it('goes on after a failure, and counts', async () => {
    const lines: string[] = [];
    const report = new Report((line) => lines.push(line));
    expect(await report.check('a', 'one', () => 'fine')).toBe(true);
    expect(await report.check('a', 'two', () => new AllowedEmpty('for a reason'))).toBe(true);
    expect(await report.check('b', 'three', () => Promise.reject(new Error('wrong')))).toBe(false);
    expect(lines).toEqual(['ok     a: one\n         fine', 'empty  a: two\n         for a reason', 'FAILED b: three\n         wrong']);
    expect(report.summary().at(-1)).toBe('3 checks: 1 ok, 1 empty for a reason, 1 failed');
    expect(report.failed).toBe(1);
  });
});
