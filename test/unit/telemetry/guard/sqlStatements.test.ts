import { describe, expect, it } from 'vitest';
import { SqlStatements } from '../../../../src/telemetry/guard/sqlStatements.js';

describe('SqlStatements', () => {
  it('gives the same object for the same statement, so that it is scrubbed once', () => {
    const statements = new SqlStatements();
    expect(statements.safe("SELECT 'a'")).toBe(statements.safe("SELECT 'a'"));
    expect(statements.safe("SELECT 'a'")).toEqual({ text: 'SELECT ?', verb: 'SELECT' });
  });

  it('keeps what is in use and forgets the rest, at twice its capacity at most', () => {
    const statements = new SqlStatements(2);
    const hot = statements.safe('SELECT hot');
    const cold = statements.safe('SELECT cold');
    for (let index = 0; index < 10; index += 1) {
      statements.safe(`SELECT c${index}`);
      expect(statements.safe('SELECT hot')).toBe(hot);
    }
    expect(statements.safe('SELECT cold')).not.toBe(cold);
  });

  it('keeps long texts apart, where they displace only each other', () => {
    const statements = new SqlStatements();
    const short = statements.safe('SELECT short');
    const long = (name: string): string => `SELECT ${name}, '${'x'.repeat(30_000)}'`;
    const hot = statements.safe(long('hot'));
    const cold = statements.safe(long('cold'));
    for (let index = 0; index < 1000; index += 1) {
      statements.safe(long(`c${index}`));
      if (index % 10 === 0) expect(statements.safe(long('hot'))).toBe(hot);
    }
    expect(statements.safe(long('cold'))).not.toBe(cold);
    expect(statements.safe('SELECT short')).toBe(short);
  });

  it('does not pin texts of bulk statements', () => {
    const statements = new SqlStatements();
    const bulk = `SELECT '${'x'.repeat(33_000)}'`;
    expect(statements.safe(bulk)).not.toBe(statements.safe(bulk));
  });

  it.each([
    ['SET app.tenant = secret', 'SET app.tenant = ?'],
    ['set local app.tenant to secret, secret; SELECT 1', 'set local app.tenant to ?'],
    ['SET SESSION AUTHORIZATION secret', 'SET ?'],
    ['/* c */ SET\n ROLE secret', 'SET ?'],
    ["SET TIME ZONE 'secret'", 'SET ?'],
  ])('hides what a setting is set to: %j', (sql, text) => {
    expect(new SqlStatements().safe(sql)).toEqual({ text, verb: 'SET' });
  });

  it.each([
    ['BEGIN; SET LOCAL app.tenant = secret; SELECT a FROM t', 'BEGIN; SET LOCAL app.tenant = ?; SELECT a FROM t'],
    ['begin;\nset role secret', 'begin; SET ?'],
    ['UPDATE t SET a = b', 'UPDATE t SET a = b'],
  ])('hides it behind another statement too: %j', (sql, text) => {
    expect(new SqlStatements().safe(sql).text).toBe(text);
  });

  it.each([
    ['\uFEFFselect secret_column', 'SELECT'],
    ["-- 'secret\n  /* secret */ ((insert\ninto t values ('secret')))", 'INSERT'],
    ['with x as (select 1) select * from x', 'WITH'],
    ['BEGIN; DELETE FROM t; COMMIT', 'BEGIN'],
    ['\u00a0secret', 'OTHER'],
    ['ſelect 1', 'OTHER'],
    ["'secret'", 'OTHER'],
    [';;', 'OTHER'],
  ])('finds the command in %j', (sql, verb) => {
    expect(new SqlStatements().safe(sql).verb).toBe(verb);
  });

  it('keeps no words of what is not SQL', () => {
    expect(new SqlStatements().safe('my secret password')).toEqual({ text: '?', verb: 'OTHER' });
  });
});
