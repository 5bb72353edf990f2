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

async function answer(request: FileRequest, parser: SyntaxParser): Promise<ThreadReply> {
  try {
    return { type: 'outcome', outcome: await analyseFile(request, machineFiles, parser) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): ThreadReply {
  return error instanceof MissingPeerError ? { type: 'missing_parser' } : { type: 'failed', detail: errorMessage(error) };
}

function say(reply: ThreadReply): void {
  parentPort?.postMessage(reply);
  // What is left of a parser that failed cannot be trusted.
  if (reply.type === 'missing_parser' || reply.type === 'failed') parentPort?.close();
}

openParser().then(
  (parser) => {
    parentPort?.on('message', (request: FileRequest) => void answer(request, parser).then(say));
    say({ type: 'ready' });
  },
  (error: unknown) => say(failure(error)),
);
