import { services } from '../servers.js';
import type { Fault } from './fault.js';

const job = { job: services.misled };
const ofTempo = 'tempo_discarded_spans_total{reason="live_traces_exceeded",tenant="single-tenant"}';
const ofLoki = 'loki_discarded_samples_total{reason="line_too_long",tenant="fake"}';

/** Telemetry that is lost in the process, in the collector and in the back ends. */
export const telemetryFaults: readonly Fault[] = [
  {
    name: 'a process sends its spans to a wrong address, from a short queue',
    alerts: [
      { name: 'SdkDropsTelemetry', labels: { ...job, signal: 'spans' } },
      { name: 'SdkExportFails', labels: { ...job, signal: 'spans' } },
    ],
    go: ({ calls }) => calls.misled.burst(60, 'work'),
  },
  {
    name: 'a process is killed',
    alerts: [{ name: 'ServiceTelemetryAbsent', labels: job }],
    begin: ({ misled }) => misled.stop('SIGKILL'),
    end: ({ misled }) => misled.start(),
    recover: ({ calls }) => calls.misled.call('work'),
  },
  {
    name: 'Tempo and Loki throw data away',
    alerts: [{ name: 'TempoDiscardsSpans' }, { name: 'LokiDiscardsLines' }],
    go: ({ backEndMetrics }) => {
      backEndMetrics.add(ofTempo, 1);
      backEndMetrics.add(ofLoki, 1);
      return Promise.resolve();
    },
  },
  {
    name: 'Tempo and Loki refuse the data',
    alerts: [
      { name: 'CollectorSendFails', labels: { signal: 'spans', exporter: 'otlp_grpc/tempo' } },
      { name: 'CollectorSendFails', labels: { signal: 'log records', exporter: 'otlp_http/loki' } },
    ],
    begin: ({ receiver }) => Promise.resolve(receiver.respond({ refuseStatus: 400 })),
    end: ({ receiver }) => Promise.resolve(receiver.respond('ok')),
  },
];
