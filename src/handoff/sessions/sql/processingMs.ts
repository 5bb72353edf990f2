/**
 * SQL for `processing_time_ms` of an entry: how long the database has worked on the statement when it writes the entry, which includes its
 * wait for others that change the same session.
 */
export const PROCESSING_MS = 'extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000';
