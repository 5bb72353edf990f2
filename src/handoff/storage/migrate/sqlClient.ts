import type { ClientBase } from 'pg';

/** The part of a connection that preparations use. */
export type SqlClient = Pick<ClientBase, 'query'>;

/** Receives what a migration drops or cannot keep, in a sentence or two. */
export type Warn = (warning: string) => void;
