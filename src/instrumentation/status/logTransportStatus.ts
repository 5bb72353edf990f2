import type { SignalsStatus } from './signalsStatus.js';
import type { LogWorker } from '../logs/worker/logWorker.js';

/** Adds how the records of pino leave, and the counts of the log thread. */
export function withLogTransport(status: SignalsStatus, worker: LogWorker | undefined): SignalsStatus {
  if (worker === undefined)
    return status.logs.exporters.length === 0 ? status : { ...status, logs: { ...status.logs, transport: 'in-process' } };
  const problem = worker.problem();
  return {
    ...status,
    logs: {
      ...status.logs,
      transport: problem === undefined ? 'worker' : 'in-process',
      worker: { ...worker.counts(), ...(problem === undefined ? {} : { problem }) },
    },
  };
}
