// A user's CommonJS process, with the register entry instead of a call.
const { expectOneSpan, startOtlpReceiver } = require('handoff-otel/testing');

async function main() {
  const receiver = await startOtlpReceiver();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
  process.env.OTEL_SERVICE_NAME = 'cjs-user';
  process.env.OTEL_EXPORTER_PROMETHEUS_PORT = '0';
  require('handoff-otel/register');
  const telemetry = require('handoff-otel').instrument();
  telemetry.tracer.startSpan('work').end();
  await telemetry.flush();
  expectOneSpan(receiver.spans(), { name: 'work', resource: { 'service.name': 'cjs-user' } });
  await telemetry.shutdown();
  await receiver.close();
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
