// A user's process in ES modules. `instrument` and the test kit come from the installed package.
import { instrument } from 'handoff-otel';
import { expectOneSpan, startOtlpReceiver } from 'handoff-otel/testing';

const receiver = await startOtlpReceiver();
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
const telemetry = instrument({ serviceName: 'esm-user', prometheus: { port: 0 } });
telemetry.tracer.startSpan('work').end();
await telemetry.flush();
expectOneSpan(receiver.spans(), { name: 'work', resource: { 'service.name': 'esm-user' } });
const response = await fetch(telemetry.status().signals.prometheus.address);
if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
await telemetry.shutdown();
await receiver.close();
