import { setTimeout as wait } from 'node:timers/promises';
import { services } from '../servers.js';
import { discarded } from '../standIns/backEndMetrics.js';
import { INTERVAL_MS } from '../timing.js';
import type { Fault } from './fault.js';

const job = { job: services.misled };

/** Telemetry that is lost in the process, in the collector and in the back ends. */
export const telemetryFaults: readonly Fault[] = [
  {
    name: 'a process sends spans and logs to a wrong address, from short queues',
    alerts: [
      ...['spans', 'log records'].flatMap((signal) => [
        { name: 'SdkDropsTelemetry', labels: { ...job, signal } },
        { name: 'SdkExportFails', labels: { ...job, signal } },
      ]),
    ],
    go: ({ calls }) => calls.misled.burst(60, 'work'),
  },
  {
    name: 'a process is killed',
    alerts: [{ name: 'ServiceTelemetryAbsent', labels: job }],
    begin: async ({ calls, misled }) => {
      await calls.misled.call('work');
      await wait(3 * INTERVAL_MS); // until its metrics have arrived
      await misled.stop('SIGKILL');
    },
    end: ({ misled }) => misled.start(),
    recover: ({ calls }) => calls.misled.call('work'),
  },
  {
    name: 'Tempo and Loki throw data away',
    alerts: [{ name: 'TempoDiscardsSpans' }, { name: 'LokiDiscardsLines' }],
    go: ({ backEndMetrics }) => {
      backEndMetrics.add(discarded.spans, 1);
      backEndMetrics.add(discarded.lines, 1);
      return Promise.resolve();
    },
  },
  {
    name: 'Tempo and Loki refuse the data',
    notInCore: 'it takes most of a minute on a busy machine',
    alerts: [
      { name: 'CollectorSendFails', labels: { signal: 'spans', exporter: 'otlp_grpc/tempo' } },
      { name: 'CollectorSendFails', labels: { signal: 'log records', exporter: 'otlp_http/loki' } },
    ],
    begin: ({ receiver }) => Promise.resolve(receiver.respond({ refuseStatus: 400 })),
    end: ({ receiver }) => Promise.resolve(receiver.respond('ok')),
  },
];
