// Runs as a process of its own that may open only so many files. Has opened all of them when its log file is to be opened anew after a
// rotation, and says on stdout what it was told.
import { closeSync, openSync } from 'node:fs';
import { LogFile } from '../../../src/logging/logFile.js';
import { openRotatingFile } from '../../../src/logging/rotatingFile.js';

const [, , path = ''] = process.argv;
const told: unknown[] = [];
let isRecovered = (): void => undefined;
const recovered = new Promise<void>((resolve) => {
  isRecovered = resolve;
});
const opened: number[] = [];
const openAll = (): void => {
  try {
    for (;;) opened.push(openSync('/dev/null', 'r'));
  } catch {
    // There are no more.
  }
};
const log = new LogFile({
  path,
  maxBytes: 100,
  interval: 'none',
  keep: 2,
  retryMs: 20,
  open: (options) => {
    const file = openRotatingFile(options);
    file.onRotation((stage) => (stage === 'done' ? openAll() : undefined));
    return file;
  },
  onTrouble: (reason) => told.push(['trouble', reason]),
  onDropped: (records, reason) => told.push(['dropped', records, reason]),
  onRecovered: (records) => {
    told.push(['recovered', records]);
    isRecovered();
  },
});
const writeOne = (line: string): Promise<void> => {
  log.write(`${line}\n`);
  return new Promise((resolve) => log.flush(resolve));
};
// The timer that tries again does not keep a process alive.
const alive = setTimeout(() => undefined, 20_000);
await writeOne('x'.repeat(200));
await writeOne('lost');
for (const fd of opened) closeSync(fd);
log.write('kept\n');
await recovered;
clearTimeout(alive);
process.stdout.write(JSON.stringify(told));
