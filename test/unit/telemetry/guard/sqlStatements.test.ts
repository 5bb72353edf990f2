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

  it('does not pin long texts', () => {
    const statements = new SqlStatements();
    const long = `SELECT '${'x'.repeat(5000)}'`;
    expect(statements.safe(long)).not.toBe(statements.safe(long));
  });

  it('keeps no words of what is not SQL', () => {
    expect(new SqlStatements().safe('my secret password')).toEqual({ text: '?', verb: 'OTHER' });
  });
});
