import { codebaseMetrics, codebaseOperations } from './codebase.js';
import { analyticsMetrics, analyticsOperations } from './analytics.js';
import { anomalyEvents, anomalyMetrics, anomalyOperations } from './anomalies.js';
import { alertEvents, alertMetrics } from './alerts.js';
import { archiveMetrics, archiveOperations } from './archive.js';
import { databaseMetrics } from './database.js';
import type { Domain } from './definitions.js';
import { lifecycleMetrics, lifecycleOperations } from './lifecycle.js';
import { jobEvents, jobMetrics, jobOperations } from './jobs.js';
import { healthEvents, healthMetrics } from './health.js';
import { handoffMetrics, handoffOperations } from './handoffs.js';
import { mcpMetrics } from './mcp.js';
import { measurementEvents, measurementMetrics } from './measurements.js';
import { memoryEvents, memoryMetrics } from './memory.js';
import { reloadEvents, reloadMetrics } from './reloads.js';
import { operationMetrics } from './operations.js';
import { pipelineMetrics } from './pipeline.js';
import { resilienceEvents, resilienceMetrics, resilienceOperations } from './resilience.js';
import { retentionEvents, retentionMetrics, retentionOperations } from './retention.js';
import { runtimeMetrics } from './runtime.js';
import { serverEvents, serverMetrics, serverOperations } from './server.js';
import { sessionMetrics, sessionOperations } from './sessions.js';
import { storageEvents, storageMetrics, storageOperations } from './storage.js';
import { structuredLogEvents } from './structuredLog.js';

/** Everything this package can ever emit under a name of its own choice. Documentation, dashboards, rules and tests iterate over it. */
export const domains: readonly Domain[] = [
  {
    title: 'MCP',
    about: 'Calls, sessions and subscriptions of any MCP server or client. Names under `mcp.` are those of the MCP conventions.',
    metrics: Object.values(mcpMetrics),
  },
  {
    title: 'Databases and Redis',
    about:
      'What `pg` and `ioredis` do. Because a pool has no name of its own, `db.client.connection.pool.name` is the name of the database, as the conventions specify; several pools of one database are added up.',
    metrics: Object.values(databaseMetrics),
  },
  {
    title: "Node's runtime",
    about: 'The event loop, the heap and garbage collection, under the names that the Node instrumentation gives them.',
    metrics: runtimeMetrics,
  },
  {
    title: 'Telemetry itself',
    about:
      'What happens to spans and log records that are exported over OTLP. `status()` has the same counts. Alert on `error.type="queue_full"`: these spans and records were lost.',
    metrics: [...Object.values(pipelineMetrics.span), ...Object.values(pipelineMetrics.log)],
  },
  {
    title: 'Operations of the handoff services',
    about: `Each operation of a handoff service produces one INTERNAL span, one log record and one point of \`${operationMetrics.duration.name}\`. Its name is the span's name, the record's \`event.name\` and the point's \`handoff.operation.name\`. The record carries \`durationMs\`, \`success\`, the attributes of the span and, within a tool call, \`gen_ai.tool.name\`. Its level is \`info\`, \`warn\` for an outcome that is reported to the caller (\`error.type\` says which) and \`error\` for an internal failure.`,
    metrics: Object.values(operationMetrics),
  },
  {
    title: 'Sessions',
    about: 'What agents do with sessions.',
    metrics: Object.values(sessionMetrics),
    operations: Object.values(sessionOperations),
  },
  {
    title: 'Lifecycle',
    about:
      'Changes of sessions that time or an operator causes. A sweep looks for sessions that are due for such a change and processes them in batches. Its span is the root of its own trace, with links to what started it and to traces of the sessions that it changed.',
    metrics: Object.values(lifecycleMetrics),
    operations: Object.values(lifecycleOperations),
  },
  {
    title: 'Code analysis',
    about: 'Analysis of source files, which agents ask for. Metrics and spans contain neither their paths nor their content.',
    metrics: Object.values(codebaseMetrics),
    operations: Object.values(codebaseOperations),
  },
  {
    title: 'Handoffs',
    about:
      'Handoffs and their outcomes. The delivery of a handoff (the target can read it) and the response of the target are separate outcomes. The service level objective is on delivery, for which the server is responsible.',
    metrics: Object.values(handoffMetrics),
    operations: Object.values(handoffOperations),
  },
  {
    title: 'Storage',
    about: 'The database and the cache of a handoff server.',
    metrics: Object.values(storageMetrics),
    operations: Object.values(storageOperations),
    events: Object.values(storageEvents),
  },
  {
    title: 'Jobs',
    about:
      'Scheduled work. pg-boss reports under the names of the messaging conventions (`messaging.`), in which a job is a queue and a run of a job is a message.',
    metrics: Object.values(jobMetrics),
    operations: Object.values(jobOperations),
    events: Object.values(jobEvents),
  },
  {
    title: 'Retention',
    about: 'How long sessions, logs and metrics are kept, what is deleted, and how much storage is used.',
    metrics: Object.values(retentionMetrics),
    operations: Object.values(retentionOperations),
    events: Object.values(retentionEvents),
  },
  {
    title: 'Archive',
    about: 'The cold storage of a handoff server: ended sessions in files or in S3.',
    metrics: Object.values(archiveMetrics),
    operations: Object.values(archiveOperations),
  },
  {
    title: 'Analytics',
    about:
      'Rollups by minutes, hours, days and months, and the reports made from them. A job updates rollups; its span is the root of its own trace.',
    metrics: Object.values(analyticsMetrics),
    operations: Object.values(analyticsOperations),
  },
  {
    title: 'Anomalies',
    about:
      'Anomalies that a handoff server finds in its own time series ([analytics.md](analytics.md#anomalies)). The span of a run of the detectors is the root of its own trace, with links to traces of slow and failed calls.',
    metrics: Object.values(anomalyMetrics),
    operations: Object.values(anomalyOperations),
    events: Object.values(anomalyEvents),
  },
  {
    title: 'Health',
    about: 'Health checks of a handoff server. They run periodically, and have no traces.',
    metrics: Object.values(healthMetrics),
    events: Object.values(healthEvents),
  },
  {
    title: 'Measurements',
    about: 'Measurements that a handoff server stores in `performance_logs` and `system_metrics`.',
    metrics: Object.values(measurementMetrics),
    events: Object.values(measurementEvents),
  },
  {
    title: 'Alerts',
    about: 'The thresholds and alerts of a handoff server ([monitoring.md](monitoring.md#thresholds-and-alerts)), and its notifications.',
    metrics: Object.values(alertMetrics),
    events: Object.values(alertEvents),
  },
  {
    title: 'Memory',
    about: 'What a handoff server does when memory runs low.',
    metrics: Object.values(memoryMetrics),
    events: Object.values(memoryEvents),
  },
  {
    title: 'Settings',
    about: 'The configuration file of a handoff server, read again while it runs.',
    metrics: Object.values(reloadMetrics),
    events: Object.values(reloadEvents),
  },
  {
    title: 'Resilience',
    about:
      'How a handoff server protects itself and its dependencies: which dependencies it does not use after failures, and which calls it refuses because there are too many.',
    metrics: Object.values(resilienceMetrics),
    operations: Object.values(resilienceOperations),
    events: Object.values(resilienceEvents),
  },
  {
    title: 'Server',
    about: 'The handoff server: Streamable HTTP, the admin port, start and stop.',
    metrics: Object.values(serverMetrics),
    operations: Object.values(serverOperations),
    events: Object.values(serverEvents),
  },
  {
    title: 'Structured logger',
    about: 'What a host writes with the methods of `createStructuredLogger()`.',
    events: Object.values(structuredLogEvents),
  },
];
