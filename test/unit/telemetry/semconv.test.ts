import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { expect, it } from 'vitest';
import * as ours from '../../../src/telemetry/semconv.js';

const published = new Set<unknown>(Object.values(conventions));

it('copies attribute names as OpenTelemetry publishes them; everything else is under handoff.', () => {
  // Constants of a family end in a dot and are completed by a name of the user's.
  const names = Object.entries(ours).filter(([constant, name]) => constant.startsWith('ATTR_') && !name.endsWith('.'));
  expect(names.length).toBeGreaterThan(20);
  const unknown = names
    .filter(([, name]) => typeof name === 'string' && !published.has(name) && !name.startsWith('handoff.'))
    .map(([, name]) => name);
  expect(unknown).toEqual([]);
});
