import { describe, expect, it } from 'vitest';
import {
  connectionAdvice,
  connectionReason,
  isBrokenConnection,
  isServerExhausted,
  isTransientConnectFailure,
  isUnfitConnection,
} from '../../../../src/handoff/storage/connectionFailure.js';
import { createPostgresDatabase } from '../../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../../src/time/clock.js';

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

describe('connection failures', () => {
  it.each(['ECONNREFUSED', 'ENOENT', 'EAI_AGAIN', '57P03', '57P01', '53300', '08006', '08P01'])('tries again after %s', (code) => {
    expect(isTransientConnectFailure(coded(code))).toBe(true);
  });

  it.each(['28P01', '3D000', 'ENOTFOUND', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'does not try again after %s, which cannot mend itself',
    (code) => {
      expect(isTransientConnectFailure(coded(code))).toBe(false);
    },
  );

  it.each([
    ['Connection terminated due to connection timeout', 'connection_timeout', true],
    ['timeout expired', 'connection_timeout', true],
    ['timeout exceeded when trying to connect', 'pool_exhausted', false],
    ['Cannot use a pool after calling end on the pool', 'closed', false],
    ['Connection terminated unexpectedly', 'connection_terminated', true],
    ['Query read timeout', 'query_timeout', false],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'password_missing', false],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string', 'password_missing', false],
    ['The server does not support SSL connections', 'tls_refused', false],
    ['There was an error establishing an SSL connection', 'tls_refused', false],
    // PgBouncer, with the same code as all that it refuses.
    ['unsupported startup parameter: statement_timeout', 'startup_parameter_refused', false],
    ['no more connections allowed (max_client_conn)', 'pooler_full', true],
    ['query_wait_timeout', 'pooler_without_server', true],
    ['server login has been failing, try again later (server_login_retry)', 'pooler_without_server', true],
    ['something else', 'unknown', false],
  ])('knows pg saying %j', (message, reason, transient) => {
    expect(connectionReason(new Error(message))).toBe(reason);
    expect(isTransientConnectFailure(new Error(message))).toBe(transient);
  });

  it.each(['query_wait_timeout', 'no more connections allowed (max_client_conn)'])(
    'takes PgBouncer saying %s for a broken connection',
    (message) => {
      expect(isBrokenConnection(coded('08P01', message))).toBe(true);
    },
  );

  it('does not wait for a pooler that will refuse the same again', () => {
    const refusal = coded('08P01', 'unsupported startup parameter: statement_timeout');
    expect(isTransientConnectFailure(refusal)).toBe(false);
    expect(connectionAdvice(connectionReason(refusal))).toContain('ignore_startup_parameters');
  });

  it.each(['/nonexistent/ca.pem', '/'])('tells at once that the certificate %s cannot be read', async (path) => {
    const connectionString = `postgres://u:p@127.0.0.1:1/none?sslmode=verify-full&sslrootcert=${path}`;
    const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
    const database = await createPostgresDatabase({ connectionString }, deps);
    await expect(database.query({ name: 'none', text: 'SELECT 1' })).rejects.toMatchObject({
      message: expect.stringContaining('sslrootcert') as string,
      data: { reasonCode: 'tls_file_unreadable', attempts: 1 },
    });
    await database.close();
  });

  it.each(['23505', '57014', '25P02', '40001'])('keeps a connection on which a statement failed with %s', (code) => {
    expect(isBrokenConnection(coded(code))).toBe(false);
  });

  it.each(['ECONNRESET', 'EPIPE', '57P01', '08006'])('gives up a connection after %s', (code) => {
    expect(isBrokenConnection(coded(code))).toBe(true);
  });

  it.each(['25006', '26000', '42P05'])('blames the connection, not the statement, for %s', (code) => {
    expect(isUnfitConnection(coded(code))).toBe(true);
    expect(isBrokenConnection(coded(code))).toBe(false);
  });

  it('tells a cached plan that no longer fits from other things PostgreSQL does not support', () => {
    expect(
      isUnfitConnection(Object.assign(coded('0A000', 'Plan im Cache darf Ergebnistyp nicht ändern'), { routine: 'RevalidateCachedQuery' })),
    ).toBe(true);
    expect(isUnfitConnection(Object.assign(coded('0A000'), { routine: 'transformLockingClause' }))).toBe(false);
  });

  it.each(['53100', '53200', '53400'])('knows that the server has no means for a statement: %s', (code) => {
    expect(isServerExhausted(coded(code))).toBe(true);
    expect(isBrokenConnection(coded(code))).toBe(false);
  });

  it('gives up a connection after any FATAL, as the server has closed it', () => {
    expect(isBrokenConnection(Object.assign(coded('25P03'), { severity: 'FATAL' }))).toBe(true);
    expect(isBrokenConnection(Object.assign(coded('22P02'), { severity: 'ERROR' }))).toBe(false);
  });

  it('advises on what the person can change', () => {
    expect(connectionAdvice('28P01')).toContain('password');
    expect(connectionAdvice('28000')).toContain('pg_hba.conf');
    for (const reason of ['tls_refused', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'])
      expect(connectionAdvice(reason)).toContain('sslrootcert');
    expect(connectionAdvice('pool_exhausted')).toContain('pool size');
    expect(connectionAdvice('pooler_full')).toContain('max_client_conn');
    expect(connectionAdvice('pooler_without_server')).toContain('pooler');
    expect(connectionAdvice('ECONNREFUSED')).toContain('DATABASE_URL');
  });
});
