import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../../instrumentedProcess.js';

const LOGGING = `
  import { pino } from 'pino';
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument({ prometheus: { enabled: false }, flushTimeoutMs: 20000 });
  const nowNs = () => String(BigInt(Date.now()) * 1000000n);
  const functions = {
    ...pino.stdTimeFunctions,
    nanoseconds: () => ',"time":' + nowNs(),
    offset: () => ',"time":"' + new Date(Date.now() + 2 * 3600e3).toISOString().replace('Z', '+02:00') + '"',
    sinceStart: () => ',"time":' + performance.now(),
    otherKey: () => ',"@timestamp":"' + new Date().toISOString() + '"',
    local: () => ',"time":"28/11/2026, 17:00:00"',
    none: false,
  };
  for (const [name, timestamp] of Object.entries(functions)) pino({ timestamp }, pino.destination(2)).info(name);
  pino({ timestamp: () => ',"time":1000000000000' }, pino.destination(2)).info('replayed');`;
const NAMES = [
  'nullTime',
  'epochTime',
  'unixTime',
  'isoTime',
  'isoTimeNano',
  'nanoseconds',
  'offset',
  'sinceStart',
  'otherKey',
  'local',
  'none',
];

it.each(['in-process', 'worker'])(
  'times of pino in any unit and form are those of now, %s',
  async (transport) => {
    await using receiver = await startOtlpReceiver();
    const startedMs = Date.now();
    const { code, stderr } = await runProcess({
      code: LOGGING,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, HANDOFF_LOG_TRANSPORT: transport },
    });
    expect(code, stderr).toBe(0);
    const times = new Map(receiver.logRecords().map(({ body, timeUnixNano }) => [body, Number(timeUnixNano / 1_000_000n)]));
    expect([...times.keys()]).toEqual([...NAMES, 'replayed']);
    expect(times.get('replayed')).toBe(1_000_000_000_000);
    for (const name of NAMES) {
      // Seconds are rounded.
      expect(times.get(name), name).toBeGreaterThanOrEqual(startedMs - 1000);
      expect(times.get(name), name).toBeLessThanOrEqual(Date.now() + 1000);
    }
  },
  120_000,
);
