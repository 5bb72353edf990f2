import { parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorMessage } from '../../../errors/classify.js';
import { silenceThisThread } from '../../storage/embedded/silence.js';
import type { Listening } from '../listen.js';
import { serveAdminHttp } from './adminHttp.js';
import { HeartbeatWatch } from './heartbeat.js';
import type { MainMessage, ThreadMessage, ThreadStart } from './protocol.js';
import { ThreadSource } from './threadSource.js';

// The entry point of the thread that serves the admin port: it answers while the main thread is stalled.

silenceThisThread();

const start = workerData as ThreadStart;
const nowMs = (): number => performance.now();
const say = (message: ThreadMessage): void => parentPort?.postMessage(message);

const heartbeat = new HeartbeatWatch(start.heartbeat, nowMs);
const stopWatching = heartbeat.start();
const source = new ThreadSource({
  silentMs: () => heartbeat.silentMs(),
  nowMs,
  ask: (id, question) => say({ type: 'ask', id, question }),
});

function end(): void {
  stopWatching();
  parentPort?.close();
}

function onMessage(message: MainMessage, listening: Listening): void {
  if (message.type !== 'close') source.onMessage(message);
  else
    void listening.close(message.drainMs).then(() => {
      say({ type: 'closed' });
      end();
    });
}

serveAdminHttp({ ...start, source }).then(
  (listening) => {
    parentPort?.on('message', (message: MainMessage) => onMessage(message, listening));
    say({ type: 'listening', url: listening.url, port: listening.port });
  },
  (error: unknown) => {
    say({ type: 'not_listening', code: errorCode(error) ?? 'error', message: errorMessage(error) });
    end();
  },
);
