import type { Statement } from '../../storage/database.js';

/** Whether the database itself makes sure that every entry has a session. No parameters. */
export const contextIsBound: Statement = {
  name: 'handoff_context_is_bound',
  text: `
SELECT EXISTS (
  SELECT FROM pg_constraint
  WHERE contype = 'f' AND conrelid = 'context_history'::regclass AND confrelid = 'sessions'::regclass AND convalidated
) AS bound`,
};
