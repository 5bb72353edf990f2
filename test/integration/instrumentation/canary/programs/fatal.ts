import { instrument } from '../../../../../src/instrumentation/instrument.js';
import { put } from '../host/host.js';
import { tellingError } from '../host/logPlaces.js';

// Ends as hosts do that did not expect it: by an error, or by a promise that nobody looked at.
const handle = instrument({ prometheus: { enabled: false } });
const isRejection = process.env['CANARY_FATAL'] === 'rejection';
handle.tracer.startSpan('canary parent').end();
await put('fatal error', (secret) => {
  setTimeout(() => {
    process.disconnect?.();
    if (isRejection) void Promise.reject(tellingError(secret));
    else throw tellingError(secret);
  }, 0);
  return secret;
});
