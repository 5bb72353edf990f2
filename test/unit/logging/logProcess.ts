// Runs as a process of its own: writes numbered lines to stderr and ends as told.
import { FileDestination } from '../../../src/logging/destination.js';
import { createLogger } from '../../../src/logging/logger.js';

const [, , ending = '', count = '0'] = process.argv;
if (ending === 'bare') {
  const destination = new FileDestination();
  for (let line = 0; line < Number(count); line += 1) destination.write(`{"line":${line},"padding":"${'x'.repeat(100)}"}\n`);
  destination.finish();
  process.exit(4);
}
const log = createLogger({ bindings: { component: 'child' } });
for (let line = 0; line < Number(count); line += 1) log.info({ line, padding: 'x'.repeat(100) }, 'numbered');

// Listeners that were added later run later.
if (ending === 'late') process.on('exit', () => log.info({ line: Number(count) }, 'numbered'));
if (ending === 'exit') process.exit(3);
if (ending === 'throw') throw new Error('uncaught');
if (ending === 'wait') {
  setTimeout(() => undefined, 60_000);
  // Two turns of the event loop later, without asking for a flush.
  setImmediate(() => setImmediate(() => process.stdout.write('waiting\n')));
}
if (ending === 'tell') {
  // Keeps logging after its reader has gone, and says on stdout that it is alive.
  let beats = 0;
  const timer = setInterval(() => {
    log.info({ beats }, 'beat');
    beats += 1;
    if (beats < 20) return;
    clearInterval(timer);
    process.stdout.write('alive\n');
  }, 5);
}
