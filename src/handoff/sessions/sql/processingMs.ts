/**
 * SQL for `processing_time_ms` of an entry: how long the database has worked on the statement when it writes the entry, which includes its
 * wait for others that change the same session. Zero where the clock of the database was put back meanwhile.
 */
export const PROCESSING_MS = 'GREATEST(0, extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000)';
