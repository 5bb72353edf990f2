import { readFileSync } from 'node:fs';
import { createLogger } from '../../../../../src/logging/logger.js';
import { createStructuredLogger } from '../../../../../src/logging/structuredLogger.js';
import { put } from './host.js';
import type { Libraries } from './host.js';

/** An error that says the secret in every way an error can. */
export function tellingError(secret: string): Error {
  const cause = Object.assign(
    new RangeError(`cause ${secret}`, { cause: new AggregateError([new Error(`inner ${secret}`)], `deepest ${secret}`) }),
    { query: secret },
  );
  return Object.assign(new TypeError(`message ${secret}`, { cause }), {
    code: secret,
    detail: secret,
    parameters: [secret],
    errors: [new Error(secret)],
    toJSON: () => ({ secret }),
  });
}

/** What the host hides in its own lines, or says in an error: neither may stand in a log record. Its own texts may, and do. */
export async function putIntoLogs({ pino }: Libraries, file: string): Promise<void> {
  // The host's lines go to a file of its own: stderr is looked at for ours.
  const destination = pino.destination({ dest: file, sync: true });
  const lines = (): string => readFileSync(file, 'utf8');
  const redacting = pino({ base: null, redact: ['password', 'user.token', '*.deep', 'list[*].key'] }, destination);
  const hidden = async (place: string, log: (secret: string) => void): Promise<void> => {
    await put(place, (secret) => {
      log(secret);
      // In its own lines it must not stand: what a host shows may leave.
      return lines().includes(secret) ? 'the host does not hide it' : secret;
    });
  };
  await hidden('redacted field', (secret) => {
    redacting.info({ password: secret }, 'a line');
  });
  await hidden('redacted nested field', (secret) => {
    redacting.info({ user: { token: secret }, a: { deep: secret }, list: [{ key: secret }] }, 'a line');
  });
  await hidden('redacted binding', (secret) => {
    redacting.child({ password: secret }).child({ b: 1 }).info('a line');
  });
  await hidden('removed field', (secret) => {
    pino({ base: null, redact: { paths: ['password'], remove: true } }, destination).info({ password: secret }, 'a line');
  });
  await hidden('censored field', (secret) => {
    pino({ base: null, redact: { paths: ['password'], censor: () => 'xxx' } }, destination).info({ password: secret }, 'a line');
  });
  await hidden('redacted field of a child', (secret) => {
    pino({ base: null }, destination)
      .child({}, { redact: ['password'] })
      .info({ password: secret }, 'a line');
  });
  await hidden('serialized field', (secret) => {
    pino({ base: null, serializers: { user: () => 'somebody' } }, destination).info({ user: { name: secret } }, 'a line');
  });
  await hidden('field of a child with serializers', (secret) => {
    pino({ base: null }, destination)
      .child({}, { serializers: { user: () => 'somebody' } })
      .info({ user: secret }, 'a line');
  });
  await hidden('field that a formatter drops', (secret) => {
    pino({ base: null, formatters: { log: ({ a }) => ({ a }) } }, destination).info({ a: 1, password: secret }, 'a line');
  });
  await hidden('text that a hook changes', (secret) => {
    pino({ base: null, hooks: { streamWrite: (line) => line.replaceAll(secret, 'xxx') } }, destination).info(
      { a: secret },
      `text ${secret}`,
    );
  });
  await hidden('argument that a hook drops', (secret) => {
    pino(
      {
        base: null,
        hooks: {
          logMethod(args, method) {
            Reflect.apply(method, this, args.slice(0, 1));
          },
        },
      },
      destination,
    ).info('a line', secret as never);
  });
  await hidden('redacted field under a nested key', (secret) => {
    pino({ base: null, nestedKey: 'payload', redact: ['payload.password', 'password'] }, destination).info({ password: secret }, 'a line');
  });
  await hidden('level that is off', (secret) => {
    pino({ base: null, level: 'error' }, destination).info({ secret }, secret);
  });

  const plain = pino({ base: null }, destination);
  const said = async (place: string, log: (error: Error) => void): Promise<void> => {
    await put(place, (secret) => {
      log(tellingError(secret));
      return lines();
    });
  };
  await said('error alone', (error) => {
    plain.error(error);
  });
  await said('error with a text', (error) => {
    plain.error(error, 'it failed');
  });
  await said('err', (error) => {
    plain.error({ err: error }, 'it failed');
  });
  await said('err without a text', (error) => {
    plain.error({ err: error });
  });
  await said('error with the errorKey', (error) => {
    pino({ base: null, errorKey: 'failure' }, destination).error(error, 'it failed');
  });
  await said('error of a serializer', (error) => {
    pino({ base: null, serializers: { cause: pino.stdSerializers.errWithCause } }, destination).error({ cause: error }, 'it failed');
  });
  await said('error in a binding', (error) => {
    plain.child({ err: error }).error('it failed');
  });
  await said('error in a mixin', (error) => {
    pino({ base: null, mixin: () => ({ err: error }) }, destination).error('it failed');
  });

  const ours = createLogger({
    destination: {
      write: (line) => {
        destination.write(line);
      },
      flush: (done) => {
        done?.();
      },
      flushSync: () => undefined,
    },
  });
  const structured = createStructuredLogger(ours);
  const base = { toolName: 't', executionTimeMs: 1, success: false };
  await hidden('structured tool call', (secret) => {
    structured.logToolCall({ ...base, inputParameters: { secret }, outputData: secret, errorMessage: secret });
  });
  await hidden('structured handoff', (secret) => {
    structured.logHandoffEvent({
      agentFrom: 'a',
      agentTo: 'b',
      handoffType: 'request',
      processingTimeMs: 1,
      success: true,
      reason: secret,
    });
  });
  await hidden('structured error', (secret) => {
    structured.logError(Object.assign(tellingError(secret), { code: 'E_CODE' }), {
      errorType: 'SystemError',
      component: 'c',
      stackTrace: new Error(secret).stack ?? '',
    });
  });
}
