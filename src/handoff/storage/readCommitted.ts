import type { Statement } from './database.js';

/** Makes every statement of a transaction see what was committed before it, whatever the database's default. No parameters. */
export const readCommitted: Statement = {
  name: 'handoff_read_committed',
  text: 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED',
};
