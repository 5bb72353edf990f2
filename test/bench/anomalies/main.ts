import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSeries } from './benchmarkData.js';
import { benchmarkReport, scoreAll } from './benchmarkReport.js';
import { crossValidate } from './crossValidation.js';
import { judge } from './judged.js';
import { differenceToReference } from './reference.js';

// `npm run --silent bench -- anomalies --data DIR --scores OUT`: gives each series of a labelled benchmark to the detector of the service
// and scores what it says by the rules of the Numenta Anomaly Benchmark. DIR has `windows.json` and `data/`. OUT becomes a JSON object with
// an array of scores for each file, as the benchmark's own scorer reads it. The last line printed is a JSON object with the three scores.
// `npm run bench anomalies -- --data DIR --cross-validate` says what to expect of series that nobody has looked at.

const USAGE = `Usage: npm run --silent bench -- anomalies --data DIR [--scores OUT] [--cross-validate] [--report]
  --data DIR         folder with windows.json and data/, in the form of the Numenta Anomaly Benchmark
  --scores OUT       file to which the scores of all rows are written
  --cross-validate   also prints the scores with the threshold of the other series; --scores may then be left out
  --report           the same, with a line for each file
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    scores: { type: 'string' },
    'cross-validate': { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const isValidated = values['cross-validate'] || values.report;

if (values.help || values.data === undefined || (values.scores === undefined && !isValidated)) {
  process.stderr.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const judged = readSeries(values.data).map(judge);
  if (values.scores !== undefined)
    writeFileSync(values.scores, JSON.stringify(Object.fromEntries(judged.map(({ series, scores }) => [series.file, scores]))));
  const scored = scoreAll(judged);
  process.stdout.write(`${benchmarkReport(judged, scored, isValidated ? crossValidate(judged) : undefined, values.report)}\n`);
  if (values.report) {
    const difference = await differenceToReference(values.data, judged, scored);
    process.stdout.write(
      difference === undefined ? '' : `Largest difference to the scorer beside the data: ${difference.toExponential(1)}\n`,
    );
  }
  process.stdout.write(`${JSON.stringify(Object.fromEntries(scored.map(({ name, score }) => [name, Number(score.toFixed(4))])))}\n`);
}
