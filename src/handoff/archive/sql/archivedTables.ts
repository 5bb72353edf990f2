/** Types of the columns as text: how they are written into an archive and read back. */
type ColumnType = 'uuid' | 'integer' | 'double precision' | 'text' | 'timestamptz' | 'jsonb';

/** A table whose rows leave the database when their session is archived. */
export interface ArchivedTable {
  readonly kind: 'entry' | 'snapshot' | 'handoff';
  readonly table: string;
  /** The column that orders the rows of a session and is unique among them. */
  readonly key: { readonly column: string; readonly type: 'integer' | 'uuid'; readonly beforeAll: string };
  /** Every column. A table with another one is not archived: see `unknownColumns`. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** What measures a row `r` without reading its large values. */
  readonly bytes: string;
}

const BY_ID = { column: 'id', type: 'uuid', beforeAll: '00000000-0000-0000-0000-000000000000' } as const;

const entriesTable: ArchivedTable = {
  kind: 'entry',
  table: 'context_history',
  key: { column: 'sequence_number', type: 'integer', beforeAll: '-2147483648' },
  // The number comes first: readers find the entries of a page without parsing the others.
  columns: {
    sequence_number: 'integer',
    context_type: 'text',
    id: 'uuid',
    session_id: 'uuid',
    content: 'text',
    metadata: 'jsonb',
    created_at: 'timestamptz',
    processing_time_ms: 'double precision',
    content_size_bytes: 'integer',
    agent: 'text',
  },
  bytes: 'octet_length(r.content) + pg_column_size(r.metadata)',
};

export const archivedTables: readonly ArchivedTable[] = [
  entriesTable,
  {
    kind: 'snapshot',
    table: 'codebase_snapshots',
    key: BY_ID,
    columns: {
      id: 'uuid',
      session_id: 'uuid',
      file_path: 'text',
      content_hash: 'text',
      content: 'text',
      analysis_result: 'jsonb',
      created_at: 'timestamptz',
    },
    bytes: 'COALESCE(octet_length(r.content), 0) + pg_column_size(r.analysis_result)',
  },
  {
    kind: 'handoff',
    table: 'handoff_requests',
    key: BY_ID,
    columns: {
      id: 'uuid',
      session_id: 'uuid',
      requesting_agent: 'text',
      target_agent: 'text',
      request_type: 'text',
      request_data: 'jsonb',
      status: 'text',
      created_at: 'timestamptz',
      completed_at: 'timestamptz',
      answered_at: 'timestamptz',
      answered_by: 'text',
      answer: 'jsonb',
      delivered_at: 'timestamptz',
    },
    bytes: 'pg_column_size(r.request_data) + COALESCE(pg_column_size(r.answer), 0)',
  },
];

/** Selects the columns of row `r` for an archive: JSON is kept as the text it is stored as, which also tells null from NULL. */
export function archivedColumns(columns: ArchivedTable['columns']): string {
  return Object.entries(columns)
    .map(([name, type]) => (type === 'jsonb' ? `r.${name}::text AS ${name}` : `r.${name}`))
    .join(', ');
}
