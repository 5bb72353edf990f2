import type { ClientBase } from 'pg';

/** The part of a connection that preparations use. */
export type SqlClient = Pick<ClientBase, 'query'>;

/** Told of what a migration takes away or cannot keep, in one sentence or two. */
export type Warn = (warning: string) => void;
