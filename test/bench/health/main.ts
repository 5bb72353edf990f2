import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLab } from '../lab.js';
import { machineFacts } from '../machine.js';
import { document } from './document.js';
import { healthRounds } from './rounds.js';

// `npm run bench health`: how soon /livez and /health answer while the main thread stalls, and calls with many sessions. Prints a report;
// with --write keeps it as docs/comparisons/health.md.

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000' },
    pause: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '30' },
    write: { type: 'boolean', default: false },
  },
});
const sessions = Number(values.sessions);
const pauseMs = Number(values.pause);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
if (!(sessions >= 1) || !(pauseMs >= 1) || !(rounds >= 1) || !(seconds >= 4))
  throw new RangeError('--sessions, --pause (milliseconds) and --rounds must be at least 1, and --seconds at least 4.');

const lab = await openLab({ rounds, roundMs: seconds * 1000, progress: (line) => process.stderr.write(`${line}\n`) });
try {
  const measured = await healthRounds(lab, { sessions, pauseMs });
  const command = `npm run bench health -- --sessions ${sessions} --pause ${pauseMs} --rounds ${rounds} --seconds ${seconds}${values.write ? ' --write' : ''}`;
  const date = new Date().toISOString().slice(0, 10);
  const text = document({ command, date, machine: await machineFacts(), sessions, pauseMs, seconds, rounds: measured });
  process.stdout.write(text);
  if (values.write) writeFileSync(new URL('../../../docs/comparisons/health.md', import.meta.url), text);
} finally {
  await lab.close();
}
