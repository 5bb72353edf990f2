import { expect, it } from 'vitest';
import { domains } from '../../src/telemetry/catalogue/domains.js';
import { promName } from '../../src/telemetry/promName.js';

// Dashboards, alerts and queries of users name these. A change here is a breaking change: say so in CHANGELOG.md.

it('metric names, as OpenTelemetry and as Prometheus have them', () => {
  const metrics = domains.flatMap(({ metrics = [] }) => metrics);
  expect(metrics.map((metric) => [metric.name, metric.unit, promName(metric.name, metric.unit, metric.kind)])).toEqual([
    ['mcp.server.operation.duration', 's', 'mcp_server_operation_duration_seconds'],
    ['mcp.client.operation.duration', 's', 'mcp_client_operation_duration_seconds'],
    ['mcp.server.session.duration', 's', 'mcp_server_session_duration_seconds'],
    ['mcp.client.session.duration', 's', 'mcp_client_session_duration_seconds'],
    ['handoff.mcp.server.active_requests', '{request}', 'handoff_mcp_server_active_requests'],
    ['handoff.mcp.client.active_requests', '{request}', 'handoff_mcp_client_active_requests'],
    ['handoff.mcp.server.subscription.duration', 's', 'handoff_mcp_server_subscription_duration_seconds'],
    ['db.client.operation.duration', 's', 'db_client_operation_duration_seconds'],
    ['db.client.connection.count', '{connection}', 'db_client_connection_count'],
    ['db.client.connection.pending_requests', '{request}', 'db_client_connection_pending_requests'],
    ['db.client.connection.limit', '{connection}', 'db_client_connection_limit'],
    ['db.client.connection.wait_time', 's', 'db_client_connection_wait_time_seconds'],
    ['db.client.connection.create_time', 's', 'db_client_connection_create_time_seconds'],
    ['db.client.connection.use_time', 's', 'db_client_connection_use_time_seconds'],
    ['db.client.connection.timeouts', '{timeout}', 'db_client_connection_timeouts_total'],
    ['nodejs.eventloop.utilization', '1', 'nodejs_eventloop_utilization_ratio'],
    ['nodejs.eventloop.time', 's', 'nodejs_eventloop_time_seconds_total'],
    ['nodejs.eventloop.delay.min', 's', 'nodejs_eventloop_delay_min_seconds'],
    ['nodejs.eventloop.delay.max', 's', 'nodejs_eventloop_delay_max_seconds'],
    ['nodejs.eventloop.delay.mean', 's', 'nodejs_eventloop_delay_mean_seconds'],
    ['nodejs.eventloop.delay.stddev', 's', 'nodejs_eventloop_delay_stddev_seconds'],
    ['nodejs.eventloop.delay.p50', 's', 'nodejs_eventloop_delay_p50_seconds'],
    ['nodejs.eventloop.delay.p90', 's', 'nodejs_eventloop_delay_p90_seconds'],
    ['nodejs.eventloop.delay.p99', 's', 'nodejs_eventloop_delay_p99_seconds'],
    ['v8js.gc.duration', 's', 'v8js_gc_duration_seconds'],
    ['v8js.memory.heap.used', 'By', 'v8js_memory_heap_used_bytes'],
    ['v8js.memory.heap.space.size', 'By', 'v8js_memory_heap_space_size_bytes'],
    ['v8js.memory.heap.space.available_size', 'By', 'v8js_memory_heap_space_available_size_bytes'],
    ['v8js.memory.heap.space.physical_size', 'By', 'v8js_memory_heap_space_physical_size_bytes'],
    ['v8js.resource.active', '{resource}', 'v8js_resource_active'],
    ['otel.sdk.processor.span.processed', '{span}', 'otel_sdk_processor_span_processed_total'],
    ['otel.sdk.processor.span.queue.size', '{span}', 'otel_sdk_processor_span_queue_size'],
    ['otel.sdk.processor.span.queue.capacity', '{span}', 'otel_sdk_processor_span_queue_capacity'],
    ['otel.sdk.exporter.span.inflight', '{span}', 'otel_sdk_exporter_span_inflight'],
    ['otel.sdk.exporter.span.exported', '{span}', 'otel_sdk_exporter_span_exported_total'],
    ['otel.sdk.processor.log.processed', '{log_record}', 'otel_sdk_processor_log_processed_total'],
    ['otel.sdk.processor.log.queue.size', '{log_record}', 'otel_sdk_processor_log_queue_size'],
    ['otel.sdk.processor.log.queue.capacity', '{log_record}', 'otel_sdk_processor_log_queue_capacity'],
    ['otel.sdk.exporter.log.inflight', '{log_record}', 'otel_sdk_exporter_log_inflight'],
    ['otel.sdk.exporter.log.exported', '{log_record}', 'otel_sdk_exporter_log_exported_total'],
    ['handoff.operation.duration', 's', 'handoff_operation_duration_seconds'],
    ['handoff.context.size', 'By', 'handoff_context_size_bytes'],
    ['handoff.request.outcomes', '{handoff}', 'handoff_request_outcomes_total'],
    ['handoff.request.answer.duration', 's', 'handoff_request_answer_duration_seconds'],
    ['handoff.codebase.files', '{file}', 'handoff_codebase_files_total'],
    ['handoff.cache.operations', '{operation}', 'handoff_cache_operations_total'],
    ['handoff.http.refusals', '{refusal}', 'handoff_http_refusals_total'],
  ]);
});

it('operation names, which are span names and log events', () => {
  expect(domains.flatMap(({ operations = [] }) => operations).map(({ name }) => name)).toEqual([
    'handoff.session.register',
    'handoff.context.append',
    'handoff.session.handoff',
    'handoff.session.list',
    'handoff.context.read',
    'handoff.summary.read',
    'handoff.request.accept',
    'handoff.request.reject',
    'handoff.request.complete',
    'handoff.request.list',
    'handoff.request.time_out',
    'handoff.lifecycle.read',
    'handoff.codebase.analyze',
    'handoff.storage.migrate',
  ]);
});

it('log events that belong to no operation, with their level', () => {
  expect(domains.flatMap(({ events = [] }) => events).map(({ name, level }) => `${name} ${level}`)).toEqual([
    'handoff.database.connection_lost warn',
    'handoff.migrate.warning warn',
    'handoff.embedded.creating info',
    'handoff.cache.failed warn',
    'handoff.http.listening info',
    'handoff.http.open warn',
    'handoff.http.refused warn',
    'handoff.http.request_failed warn',
    'handoff.mcp.protocol_error warn',
    'handoff.admin.unavailable warn',
    'handoff.config.unknown_keys warn',
    'handoff.config.overruled warn',
    'handoff.shutdown.cut warn',
    'handoff.log.tool_call by outcome',
    'handoff.log.handoff by outcome',
    'handoff.log.system by outcome',
    'handoff.log.error error',
    'handoff.log.warning warn',
    'handoff.log.performance info',
    'handoff.log.resource_usage info',
  ]);
});
