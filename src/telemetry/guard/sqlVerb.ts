/** The value of `db.operation.name` when the first word is not a command of PostgreSQL. */
export const OTHER_VERB = 'OTHER';

const VERBS = new Set([
  'ABORT',
  'ALTER',
  'ANALYZE',
  'BEGIN',
  'CALL',
  'CHECKPOINT',
  'CLOSE',
  'CLUSTER',
  'COMMENT',
  'COMMIT',
  'COPY',
  'CREATE',
  'DEALLOCATE',
  'DECLARE',
  'DELETE',
  'DISCARD',
  'DO',
  'DROP',
  'END',
  'EXECUTE',
  'EXPLAIN',
  'FETCH',
  'GRANT',
  'IMPORT',
  'INSERT',
  'LISTEN',
  'LOAD',
  'LOCK',
  'MERGE',
  'MOVE',
  'NOTIFY',
  'PREPARE',
  'REASSIGN',
  'REFRESH',
  'REINDEX',
  'RELEASE',
  'RESET',
  'REVOKE',
  'ROLLBACK',
  'SAVEPOINT',
  'SECURITY',
  'SELECT',
  'SET',
  'SHOW',
  'START',
  'TABLE',
  'TRUNCATE',
  'UNLISTEN',
  'UPDATE',
  'VACUUM',
  'VALUES',
  'WITH',
]);

const FIRST_WORD = /^[\s(]*([A-Za-z]{1,16})(?![\w$])/;

/**
 * The command a statement starts with, from PostgreSQL's own list, else `OTHER`: safe as a metric label and in a span name.
 *
 * Takes text without comments (see `scrubSql`); leading parentheses and white space are ignored.
 */
export function sqlVerb(sql: string): string {
  const word = FIRST_WORD.exec(sql)?.[1]?.toUpperCase();
  return word !== undefined && VERBS.has(word) ? word : OTHER_VERB;
}
