import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { faultTables } from './document.js';
import { kinds } from './detectors.js';
import { healthySeries } from './healthySeries.js';
import { runTrial } from './trial.js';

// `npm run bench anomaly-faults`: injects faults into series such as the service has and says which are found, how soon, and how often
// there is an alarm without a fault. With --write it keeps that as docs/comparisons/anomalies.md. Random numbers are seeded.

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '4' }, write: { type: 'boolean', default: false } } });
const seeds = Number(values.seeds);

const results = kinds.map((kind) => ({
  kind,
  trials: healthySeries.flatMap((series) =>
    Array.from({ length: seeds }, (_, seed) => {
      process.stderr.write(`${kind.name}: ${series.name}, ${seed + 1} of ${seeds}\n`);
      return runTrial(kind, series, (seed + 1) * 104_729);
    }),
  ),
}));
const text = [
  '# How soon anomalies are found, and how often without cause',
  '',
  `Written by \`npm run bench anomaly-faults -- --write\`, with Node.js ${process.versions.node} on ${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown CPU'}. The`,
  'figures are not timings, and the random numbers are seeded, so another run gives the same.',
  '',
  `Each of ${healthySeries.length} kinds of series is made ${seeds} times: eight weeks with a row every five minutes. In the eighth week a fault begins, on a Thursday at`,
  'ten in the morning; each fault meets each series that it can befall. Beside the detector of the service stand the two that are simplest: the',
  'distance from the mean of the last week, in standard deviations of that week, and the same with an exponentially weighted mean and variance',
  '(weight 0.02).',
  '',
  faultTables(results),
].join('\n');
process.stdout.write(text);
if (values.write) writeFileSync(new URL('../../../../docs/comparisons/anomalies.md', import.meta.url), text);
