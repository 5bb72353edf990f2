import { startOtlpReceiver } from '../../../src/testing.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startCollector } from '../../stack/live/programs/collector.js';
import { openGrpcDoor } from '../../stack/live/standIns/grpcDoor.js';
import { storedEntries } from '../lab/stored.js';
import type { FaultRow, Scene } from '../row.js';

const OUTAGE_MS = 20_000;
/** A batch is given up when it was not taken for 10 s, repetitions included; then the next look finds it. */
const GIVEN_UP_WITHIN_MS = 20_000;
const METRICS_EACH_MS = '2000';

type Collector = Awaited<ReturnType<typeof startCollector>>;

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly how: string;
  readonly inject: (collector: Collector) => Promise<void>;
  readonly mend: (collector: Collector) => Promise<void>;
}

/** A row of two servers that send their telemetry to the project's own collector. */
function collectorRow({ name, title, how, inject, mend }: Kind): FaultRow {
  return {
    name,
    group: 'Collector',
    title,
    how,
    holdMs: OUTAGE_MS,
    expects: {
      health: { part: 'telemetry', reasons: ['not_delivered', 'losing'] },
      tellWithinMs: GIVEN_UP_WITHIN_MS,
      alongside: ['features'],
      alerts: ['SdkExportFails'],
      noCallFails: true,
    },
    open: async ({ logFolder }, cleanUp): Promise<Scene> => {
      const postgres = cleanUp.use(await startThrowawayPostgres());
      const receiver = cleanUp.use(await startOtlpReceiver());
      const tempo = cleanUp.use(await openGrpcDoor(receiver.url));
      const collector = cleanUp.use(
        await startCollector({
          logFolder,
          memory: { limitMib: undefined },
          env: {
            OTELCOL_TEMPO_ENDPOINT: tempo.endpoint,
            OTELCOL_LOKI_ENDPOINT: receiver.url,
            OTELCOL_PROMETHEUS_ENDPOINT: receiver.url,
          },
        }),
      );
      return {
        env: {
          DATABASE_URL: postgres.url,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url('http'),
          OTEL_METRIC_EXPORT_INTERVAL: METRICS_EACH_MS,
          OTEL_METRIC_EXPORT_TIMEOUT: METRICS_EACH_MS,
        },
        replicas: 2,
        inject: () => inject(collector),
        mend: () => mend(collector),
        stored: () => storedEntries({ connectionString: postgres.url }),
      };
    },
  };
}

export const collectorRows: readonly FaultRow[] = [
  collectorRow({
    name: 'collector-dead',
    title: 'dead',
    how: 'SIGKILL to the collector, started again after 20 s',
    inject: (collector) => collector.stop('SIGKILL'),
    mend: (collector) => collector.start(),
  }),
  collectorRow({
    name: 'collector-hanging',
    title: 'hanging',
    how: 'SIGSTOP to the collector, SIGCONT after 20 s',
    inject: (collector) => collector.signal('SIGSTOP'),
    mend: (collector) => collector.signal('SIGCONT'),
  }),
];
