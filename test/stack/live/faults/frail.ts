import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from '../load/sql.js';
import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

const job = { job: services.frailHandoff };
const HOUR_MS = 3_600_000;
/** Far more than the server lets in and lets wait, together: a busy machine lets few of them arrive in a window. */
const TOO_MANY = 150;
/** With these, its archive folder is nearly full. */
const FILLER_BYTES = 15.2 * 1024 * 1024;

const inside =
  (fault: string) =>
  async ({ frail: { server } }: World): Promise<void> => {
    const response = await fetch(`${server.url('inside')}/${fault}`);
    await response.arrayBuffer();
  };
const filler = ({ frail }: World): string => join(frail.archiveFolder(), 'filler');

async function restart({ frail: { server, health } }: World, intervalMs: number | undefined): Promise<void> {
  health.intervalMs = intervalMs;
  await server.stop();
  await server.start();
}

/** What is wrong elsewhere makes the server look at its parts more often, call less or keep more. */
const BESIDE_NOTHING = 'it comes after the faults of databases, for which CI has no time';

/** What a handoff server notices of its own process, and how it protects itself. */
export const frailFaults: readonly Fault[] = [
  {
    name: 'a server is told to look at its health every hour',
    notInCore: BESIDE_NOTHING,
    alerts: [{ name: 'HealthNotTold', labels: job }],
    begin: (world) => restart(world, HOUR_MS),
    end: (world) => restart(world, undefined),
  },
  {
    name: 'more calls arrive than a late main thread finishes',
    notInCore: 'how low the limit of admission gets depends on what else the machine does',
    alerts: [
      { name: 'CallsShed', labels: job },
      { name: 'AdmissionLimitAtFloor', labels: job },
      { name: 'ThresholdExceeded', labels: { ...job, handoff_alert_name: 'event_loop' } },
      { name: 'AlertsNotDelivered', labels: { ...job, handoff_alert_target: 'webhook' } },
    ],
    begin: inside('late'),
    go: ({ calls }) => calls.frail.burst(TOO_MANY, 'list_sessions'),
    end: inside('calm'),
    // The limit rises only while there is something to let in.
    // Calls that take long would keep the event loop as busy as the fault did.
    recover: ({ calls }) => calls.frail.burst(20, 'list_handoffs', { agent: 'nobody' }),
  },
  {
    name: 'something in the process keeps its memory',
    notInCore: BESIDE_NOTHING,
    alerts: [{ name: 'MemoryNearLimit', labels: { ...job, handoff_resource_name: 'heap' } }],
    begin: inside('fill'),
    end: inside('calm'),
  },
  {
    name: 'an agent asks for hundreds of sessions that do not exist',
    notInCore: BESIDE_NOTHING,
    alerts: [{ name: 'MeasurementsDropped', labels: job }],
    go: ({ calls }) => calls.frail.burst(18, 'get_context', { sessionKey: 'there is no such session' }),
  },
  {
    name: 'somebody writes a mistake into the configuration file',
    notInCore: BESIDE_NOTHING,
    alerts: [{ name: 'ConfigReloadRefused', labels: job }],
    go: async ({ frail: { server, configFile } }) => {
      writeFileSync(configFile, '{"HANDOFF_ALERT_DISK_PERCENT": "soon"}');
      await server.signal('SIGHUP');
    },
    end: ({ frail: { configFile } }) => Promise.resolve(writeFileSync(configFile, '{}')),
  },
  {
    name: 'a newer version has migrated the database',
    notInCore: BESIDE_NOTHING,
    alerts: [{ name: 'PartDegraded', labels: { ...job, handoff_component_name: 'migrations' } }],
    begin: ({ postgres }) =>
      sql(postgres, "INSERT INTO handoff_migrations (version, name, checksum) VALUES (999999, 'of the future', 'none')"),
    end: ({ postgres }) => sql(postgres, 'DELETE FROM handoff_migrations WHERE version = 999999'),
  },
  {
    name: 'the disk of the archive fills up',
    notInCore: 'it needs the right to mount a file system, in a namespace of its own',
    alerts: [{ name: 'DiskNearLimit', labels: { ...job, handoff_resource_name: 'disk' } }],
    begin: (world) => Promise.resolve(writeFileSync(filler(world), Buffer.alloc(FILLER_BYTES))),
    end: (world) => Promise.resolve(rmSync(filler(world))),
  },
];
