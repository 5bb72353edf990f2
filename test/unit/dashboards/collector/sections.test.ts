import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  boundingMetrics,
  dimensionLines,
  promotedLines,
  resourceLines,
  spanMetricDimensions,
} from '../../../../dashboards/src/collector/labels.js';
import { anyMaskedValue, maskedLines, removedLines } from '../../../../dashboards/src/collector/privacy.js';
import { policyLines } from '../../../../dashboards/src/collector/sampling.js';
import { promotedResourceAttributes } from '../../../../src/telemetry/catalogue/backEnds.js';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { redaction } from '../../../../src/telemetry/catalogue/redaction.js';

/** What a section holds is what the assertions pin. */
type Yaml = ReturnType<typeof parse>;
const yaml = (lines: readonly string[]): Yaml => parse(lines.join('\n'));
const statementsOf = (groups: { statements: string[] }[]): string[] => groups.flatMap(({ statements }) => statements);

describe('privacy', () => {
  const removed = yaml(removedLines());
  const removals = (signal: string): string[] =>
    statementsOf(removed[signal]).flatMap((statement) => /^delete_matching_keys\(([\w.]+), (".*")\)$/.exec(statement)?.slice(1, 3) ?? []);

  it.each([
    ['trace_statements', ['resource.attributes', 'scope.attributes', 'span.attributes', 'spanevent.attributes']],
    ['metric_statements', ['resource.attributes', 'scope.attributes', 'datapoint.attributes']],
    ['log_statements', ['resource.attributes', 'scope.attributes', 'log.attributes']],
  ])('removes in %s content and identity from all that has attributes', (signal, places) => {
    const found = removals(signal);
    for (const place of places) {
      const patterns = found.flatMap((word, index) => (word === place ? [JSON.parse(found[index + 1] ?? '""')] : []));
      expect({ place, patterns: patterns.includes(redaction.removedKeys) }).toEqual({ place, patterns: true });
    }
    expect(found).toContain(JSON.stringify(redaction.removedResourceKeys));
  });

  it('masks in names and messages what the processor masks in attributes', () => {
    const masks = Object.values<{ statements: string[] }[]>(removed)
      .flatMap(statementsOf)
      .flatMap((statement) => {
        const [, path, pattern] = /^replace_pattern\(([\w.]+), ("(?:[^"\\]|\\.)+"), "\*{4}"\)$/.exec(statement) ?? [];
        return path === undefined ? [] : [{ path, pattern: JSON.parse(pattern ?? '""') }];
      });
    expect(masks.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['span.name', 'span.status.message', 'spanevent.name', 'metric.name', 'log.event_name']),
    );
    for (const { pattern } of masks) expect(pattern).toBe(anyMaskedValue);
    for (const value of redaction.maskedValues) expect(anyMaskedValue).toContain(`(?:${value})`);
    expect(yaml(maskedLines())).toEqual({ blocked_key_patterns: redaction.maskedKeys, blocked_values: redaction.maskedValues });
  });
});

describe('sampling', () => {
  const policies = yaml(policyLines());

  it('keeps the calls that the latency objective counts as bad', () => {
    const { bad, of } = objectives.toolCallLatency;
    const [condition] = policies.find(({ name }: { name: string }) => name === 'slow-calls').ottl_condition.span;
    expect(condition).toContain(`> ${bad.slowerThanS * 1e9}`);
    for (const [key, value] of Object.entries(of)) expect(condition).toContain(`span.attributes["${key}"] == "${value}"`);
  });

  it('lets the budgets come last, and gives each digit at each place one of its own', () => {
    expect(policies.slice(0, 3).map(({ name }: { name: string }) => name)).toEqual(['errors', 'slow-calls', 'share']);
    const budgets = policies.slice(3);
    const conditions = budgets.map(({ and }: Yaml) => and.and_sub_policy[0].ottl_condition.span[0]);
    expect(new Set(conditions).size).toBe(32);
    for (const { and } of budgets) expect(and.and_sub_policy.map(({ type }: Yaml) => type)).toEqual(['ottl_condition', 'rate_limiting']);
  });
});

describe('labels', () => {
  it('of metrics made of spans are attributes whose values the catalogue bounds', () => {
    const bounded = boundingMetrics.flatMap(({ attributes }) => attributes.map(({ key }) => key));
    expect(spanMetricDimensions.filter((key) => !bounded.includes(key))).toEqual([]);
    const section = yaml(dimensionLines());
    expect(section.dimensions.map(({ name }: { name: string }) => name)).toEqual(spanMetricDimensions);
    const slow = `${objectives.toolCallLatency.bad.slowerThanS * 1000}ms`;
    expect(section.histogram.explicit.buckets).toContain(slow);
  });

  it('of scraped series are all promoted attributes, as of pushed ones', () => {
    expect(yaml(promotedLines())).toEqual(
      promotedResourceAttributes.map(
        (key) => `set(datapoint.attributes["${key}"], resource.attributes["${key}"]) where resource.attributes["${key}"] != nil`,
      ),
    );
    expect(yaml(resourceLines())[0]).not.toContain('service.instance.id');
  });
});
