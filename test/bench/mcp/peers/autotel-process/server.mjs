import 'autotel/register';
import { init, shutdown } from 'autotel';
import { instrumentMcpServer } from 'autotel-mcp-instrumentation/server';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { sendTheRestAtTheEnd, switchOwnTelemetryOff, wrapServers } from '../inServer.mjs';

// "Auto-Instrumentation Setup Requirements" of autotel's README and "Quick Start" of that of its package for MCP; every trace kept.
init({ service: 'handoff', sampling: 'development', logs: true, metrics: true, instrumentations: getNodeAutoInstrumentations() });
await wrapServers((server) => instrumentMcpServer(server, { networkTransport: 'tcp' }));
sendTheRestAtTheEnd(() => shutdown());
switchOwnTelemetryOff();
