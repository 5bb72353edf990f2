import { parentPort } from 'node:worker_threads';
import { errorMessage } from '../../../errors/classify.js';
import { MissingPeerError } from '../../../errors/missingPeerError.js';
import { silenceThisThread } from '../../storage/embedded/silence.js';
import { machineFiles } from '../files/fileSystem.js';
import { openParser } from '../syntax/parser.js';
import type { SyntaxParser } from '../syntax/parser.js';
import { analyseFile } from './analyseFile.js';
import type { FileRequest, ThreadReply } from './protocol.js';

// The entry point of the worker thread that reads and parses files, one at a time.

// The parser prints when it runs out of memory.
silenceThisThread();

let opened: Promise<SyntaxParser> | undefined;

async function answer(request: FileRequest): Promise<ThreadReply> {
  try {
    const outcome = await analyseFile(request, machineFiles, () => (opened ??= openParser()));
    return { type: 'outcome', outcome };
  } catch (error) {
    return error instanceof MissingPeerError ? { type: 'missing_parser' } : { type: 'failed', detail: errorMessage(error) };
  }
}

parentPort?.on('message', (request: FileRequest) => {
  void answer(request).then((reply) => {
    parentPort?.postMessage(reply);
    // What is left of a parser that failed cannot be trusted.
    if (reply.type !== 'outcome') parentPort?.close();
  });
});
