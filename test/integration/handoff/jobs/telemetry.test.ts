import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import { jobMetrics } from '../../../../src/telemetry/catalogue/jobs.js';
import type { MetricDefinition } from '../../../../src/telemetry/catalogue/definitions.js';
import { Recording } from '../../../unit/telemetry/recording.js';
import { OpenCache } from '../../../setup/handoffFixture.js';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';
import type { JobsFixture } from '../../../setup/jobsFixture.js';

/** What jobs emit through the services, as a host composes them. */

let recording: Recording;
let fixture: JobsFixture;
let services: HandoffServices;
let failing = false;
const job = testJob('swept', async () => {
  if (failing) throw new TypeError('secret of a session');
  return { done: true };
});

beforeAll(async () => {
  recording = new Recording();
  fixture = await jobsFixture();
  const { database } = await fixture.replica([]);
  services = createHandoffServices({
    database,
    cache: new OpenCache(),
    log: recording.log,
    tracer: recording.tracer,
    meter: recording.meter,
    jobs: { definitions: [job], schema: 'swept_jobs' },
  });
  services.start();
  await vi.waitUntil(async () => (await services.jobs.status())['swept']?.stats.successfulRuns === 1, { timeout: 30_000, interval: 50 });
  failing = true;
  expect(await services.jobs.runNow('swept')).toMatchObject({ success: false, error: 'TypeError' });
});
afterAll(async () => {
  await services.stop();
  await fixture.dispose();
  await recording.dispose();
});

it('an attempt is a root span of the queue with our operation beneath it, and carries no text of an error', () => {
  const { spans } = recording;
  const named = (name: string) => spans.filter((span) => span.name === name);
  const attempts = named('process swept');
  expect(attempts.map(({ parentSpanContext, status }) => [parentSpanContext, status])).toEqual([
    [undefined, { code: 0 }],
    [undefined, { code: 2 }],
  ]);
  expect(named('handoff.job.run').map(({ parentSpanContext, attributes }) => [parentSpanContext?.spanId, attributes])).toEqual([
    [attempts[0]?.spanContext().spanId, { 'handoff.job.name': 'swept', 'handoff.operation.name': 'handoff.job.run' }],
    [
      attempts[1]?.spanContext().spanId,
      { 'handoff.job.name': 'swept', 'handoff.operation.name': 'handoff.job.run', 'error.type': 'TypeError' },
    ],
  ]);
  const texts = JSON.stringify(spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })));
  expect(texts).toContain('JobFailedError');
  expect(texts).not.toMatch(/secret|SELECT|INSERT/);
});

it('looking for work makes no spans', () => {
  const polls = recording.spans.filter(({ name }) => /receive|fetch|SELECT|UPDATE/.test(name));
  expect(polls).toEqual([]);
});

it('the metrics of the queue are those of the catalogue, with its units, buckets and attributes', async () => {
  const catalogue = new Map<string, MetricDefinition>(Object.values(jobMetrics).map((definition) => [definition.name, definition]));
  const sent = (await recording.metrics()).filter(({ descriptor }) => /^(?:messaging|pgboss)\./.test(descriptor.name));
  expect(sent.map(({ descriptor }) => descriptor.name).sort()).toEqual(
    [...catalogue.values()]
      .filter(({ source }) => source === 'pg-boss')
      .map(({ name }) => name)
      .sort(),
  );
  for (const { descriptor, dataPoints } of sent) {
    const { unit, attributes = [] } = catalogue.get(descriptor.name) ?? {};
    expect(descriptor.unit).toBe(unit);
    for (const { attributes: given } of dataPoints) {
      for (const [key, value] of Object.entries(given)) {
        const allowed = attributes.find((attribute) => attribute.key === key)?.values;
        expect(allowed, `${descriptor.name} ${key}`).not.toBe(undefined);
        if (Array.isArray(allowed)) expect(allowed, `${descriptor.name} ${key}`).toContain(value);
      }
    }
  }
});

it('the failure is in the log with its cause', () => {
  const failed = recording.records.filter(({ level, message }) => level === 'error' && message === 'handoff.job.run');
  expect(failed.map(({ fields }) => fields['err'])).toEqual([new TypeError('secret of a session')]);
});
