import type { Recording } from './recording.js';

/** The points of all metrics so far, each by the name of its metric and the values of its attributes, with spaces between. */
export async function points(recording: Recording): Promise<Record<string, unknown>> {
  return Object.fromEntries(
    (await recording.metrics()).flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ value, attributes }) => [[descriptor.name, ...Object.values(attributes)].join(' '), value]),
    ),
  );
}
