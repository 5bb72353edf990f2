import type { WorkerEntry } from '../../../../../src/handoff/codebase/thread/workerEntry.js';

/**
 * A thread that does what the path says: `hang`, `crash`, `exit`, say `missing` or `failed`. For any other path it
 * answers at once; the language is the number of the thread, by which tests see whether it is a new one.
 */
export const scriptedThread: WorkerEntry = {
  url: new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ filePath, type }) => {
      if (filePath.startsWith('hang')) for (;;);
      if (filePath === 'crash') throw new Error('crashed');
      if (filePath === 'exit') process.exit(0);
      if (filePath === 'missing') return parentPort.postMessage({ type: 'missing_parser' });
      if (filePath === 'failed') return parentPort.postMessage({ type: 'failed', detail: 'Aborted() in /home/somebody/secret' });
      const analysis = { type, language: String(threadId), fileSize: 1, lineCount: 1 };
      parentPort.postMessage({ type: 'outcome', outcome: { kind: 'analysed', identity: filePath, fileBytes: 10, contentHash: '0', analysis } });
    });
    parentPort.postMessage({ type: 'ready' });
  `)}`,
  ),
  execArgv: [],
};
