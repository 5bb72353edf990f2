import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

/** Less than it needs when it has nothing to do, so that it refuses everything. */
const LIMIT_MIB = 10;

async function restart({ collector, memory }: World, limitMib: number | undefined): Promise<void> {
  memory.limitMib = limitMib;
  await collector.stop();
  await collector.start();
}

export const collectorFaults: readonly Fault[] = [
  {
    name: 'Tempo and Loki are down',
    notInCore: 'filling the queue takes a minute of calls when the machine is busy',
    isAlone: true,
    alerts: [
      { name: 'CollectorQueueNearlyFull', labels: { exporter: 'otlp_grpc/tempo' } },
      { name: 'CollectorQueueFilling', labels: { exporter: 'otlp_grpc/tempo' }, isHeldBack: true },
      { name: 'CollectorQueueOverflows', labels: { signal: 'spans', exporter: 'otlp_grpc/tempo' } },
      { name: 'CollectorRefusesTelemetry', labels: { signal: 'spans' } },
    ],
    begin: ({ receiver }) => Promise.resolve(receiver.respond({ refuseStatus: 503 })),
    go: ({ calls }) => calls.tools.burst(200, 'work'),
    end: ({ receiver }) => Promise.resolve(receiver.respond('ok')),
  },
  {
    name: 'the collector is stopped',
    isAlone: true,
    alerts: [{ name: 'CollectorDown' }, { name: 'ServiceTelemetryAbsent', labels: { job: services.handoff }, isHeldBack: true }],
    begin: ({ collector }) => collector.stop(),
    end: ({ collector }) => collector.start(),
  },
  {
    name: 'the collector has too little memory',
    isAlone: true,
    notInCore: 'the collector is stopped in the core set, and starting it twice more takes half a minute',
    alerts: [{ name: 'CollectorMemoryLimited', labels: { signal: 'spans' } }],
    begin: (world) => restart(world, LIMIT_MIB),
    go: ({ calls }) => calls.tools.burst(50, 'work'),
    end: (world) => restart(world, undefined),
  },
];
