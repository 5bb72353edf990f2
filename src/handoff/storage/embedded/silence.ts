import { Writable } from 'node:stream';

/**
 * Discards everything this thread prints. For the owner thread, before anything else is imported.
 *
 * On the stdio transport a stray line in the host's stdout breaks the protocol. Capturing the streams from outside (which is done
 * as well) is not enough: as soon as the thread prints one byte, Node keeps the process alive until the thread ends.
 */
export function silenceThisThread(): void {
  for (const name of ['stdout', 'stderr']) {
    Object.defineProperty(process, name, { value: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  }
  // Before Node 24 importing node:sqlite warns that it is experimental. These are the thread's listeners, not the host's.
  process.removeAllListeners('warning');
}
