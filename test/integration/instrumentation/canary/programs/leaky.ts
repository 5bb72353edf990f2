import { instrument } from '../../../../../src/instrumentation/instrument.js';
import { put } from '../host/host.js';

// A host that tells its secrets itself, each in another disguise: the search must find every one of them.
const handle = instrument({ prometheus: { enabled: false } });
const DISGUISES: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in capitals': (secret) => secret.toUpperCase(),
  'one half': (secret) => secret.slice(0, 8),
  'the other half': (secret) => secret.slice(8),
  base64: (secret) => Buffer.from(`a ${secret} b`).toString('base64'),
  base64url: (secret) => Buffer.from(`ab ${secret}`).toString('base64url'),
  'base64 of base64 alignment': (secret) => Buffer.from(secret).toString('base64'),
  hexadecimal: (secret) => Buffer.from(secret).toString('hex'),
  'percent-encoded': (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
  'JSON escapes': (secret) => [...secret].map((letter) => String.raw`\u00` + letter.charCodeAt(0).toString(16)).join(''),
  'UTF-16': (secret) => [...secret].join('\0'),
};
for (const [disguise, disguised] of Object.entries(DISGUISES)) {
  await put(`span, ${disguise}`, (secret) => {
    handle.tracer.startSpan('leak', { attributes: { leak: disguised(secret) } }).end();
    return secret;
  });
  await put(`metric, ${disguise}`, (secret) => {
    handle.meter.createCounter('leak').add(1, { leak: disguised(secret) });
    return secret;
  });
  await put(`log, ${disguise}`, (secret) => {
    handle.logger.emit({ body: disguised(secret) });
    return secret;
  });
}
await put('span name', (secret) => {
  handle.tracer.startSpan(secret).end();
  return secret;
});
await put('stderr', (secret) => {
  process.stderr.write(`${secret}\n`);
  return secret;
});
await handle.shutdown();
process.disconnect?.();
