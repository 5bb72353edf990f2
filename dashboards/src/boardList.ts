/** One dashboard: its `uid` never changes, since alerts, links and people's bookmarks hold it. */
export interface BoardIdentity {
  /** Also the name of its file: `generated/<uid>.json`, and its address in Grafana: `/d/<uid>`. */
  readonly uid: string;
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  /** Which servers it works for: any that is instrumented with this package, or only handoff servers. */
  readonly servers: 'any' | 'handoff';
}

export const boards = {
  mcp: { uid: 'handoff-mcp', title: 'MCP server', question: 'Are calls served, fast and without errors?', servers: 'any' },
  slo: {
    uid: 'handoff-slo',
    title: 'Service levels',
    question: 'Are the objectives met, and how much error budget is left?',
    servers: 'any',
  },
  business: {
    uid: 'handoff-business',
    title: 'Handoffs',
    question: 'What do agents do with sessions, and does it succeed?',
    servers: 'handoff',
  },
  lifecycle: {
    uid: 'handoff-lifecycle',
    title: 'Session lifecycle',
    question: 'Do sessions become dormant, end and get deleted in time, and do the jobs run?',
    servers: 'handoff',
  },
  history: {
    uid: 'handoff-history',
    title: 'Analytics history',
    question: 'How do sessions, handoffs and context develop over months?',
    servers: 'handoff',
  },
  monitoring: {
    uid: 'handoff-monitoring',
    title: 'Health and protection',
    question: 'Is each server healthy, and what does it protect itself from?',
    servers: 'handoff',
  },
  databases: { uid: 'handoff-databases', title: 'PostgreSQL and Redis', question: 'Is a database the cause?', servers: 'any' },
  runtime: { uid: 'handoff-runtime', title: 'Node.js runtime', question: 'Is the process itself short of something?', servers: 'any' },
  logs: { uid: 'handoff-logs', title: 'Logs and traces', question: 'What happened in this call?', servers: 'any' },
  telemetry: {
    uid: 'handoff-telemetry',
    title: 'Telemetry health',
    question: 'Can these figures be trusted, or is telemetry being lost?',
    servers: 'any',
  },
} as const satisfies Record<string, BoardIdentity>;
