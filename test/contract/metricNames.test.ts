import { expect, it } from 'vitest';
import { metrics, operations } from '../../src/telemetry/catalogue.js';
import { promName } from '../../src/telemetry/promName.js';

// Dashboards, alerts and queries of users name these. A change here is a breaking change: say so in CHANGELOG.md.

it('metric names, as OpenTelemetry and as Prometheus have them', () => {
  expect(Object.values(metrics).map((metric) => [metric.name, metric.unit, promName(metric.name, metric.unit, metric.kind)])).toEqual([
    ['mcp.server.operation.duration', 's', 'mcp_server_operation_duration_seconds'],
    ['mcp.client.operation.duration', 's', 'mcp_client_operation_duration_seconds'],
    ['mcp.server.session.duration', 's', 'mcp_server_session_duration_seconds'],
    ['mcp.client.session.duration', 's', 'mcp_client_session_duration_seconds'],
    ['handoff.mcp.server.active_requests', '{request}', 'handoff_mcp_server_active_requests'],
    ['handoff.mcp.client.active_requests', '{request}', 'handoff_mcp_client_active_requests'],
    ['handoff.mcp.server.subscription.duration', 's', 'handoff_mcp_server_subscription_duration_seconds'],
    ['handoff.operation.duration', 's', 'handoff_operation_duration_seconds'],
    ['handoff.context.size', 'By', 'handoff_context_size_bytes'],
    ['handoff.cache.operations', '{operation}', 'handoff_cache_operations_total'],
    ['handoff.http.refusals', '{refusal}', 'handoff_http_refusals_total'],
    ['db.client.operation.duration', 's', 'db_client_operation_duration_seconds'],
  ]);
});

it('operation names, which are span names and log events', () => {
  expect(Object.values(operations)).toEqual([
    'handoff.session.register',
    'handoff.context.append',
    'handoff.session.handoff',
    'handoff.session.list',
    'handoff.context.read',
    'handoff.summary.read',
    'handoff.storage.migrate',
  ]);
});
