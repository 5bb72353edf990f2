import { writeHandoffs } from '../../../src/handoff/sessions/sql/writeHandoff.js';
import { SqlStatements } from '../../../src/telemetry/guard/sqlStatements.js';
import { scrubSql } from '../../../src/telemetry/guard/sqlText.js';
import { costRow, usPerCall } from '../callCost.js';
import type { Scenario } from '../scenario.js';

const ROUNDS_MIN = 5;
const CALLS = 500;
const PARAMETERS = 600;

const values = Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(', ');

/** What a host may send: by hand, by an ORM, and in bulk. Its longest statement is one of our own. */
const STATEMENTS: Readonly<Record<string, string>> = {
  'two literals': "SELECT id, name FROM users WHERE id = 4711 AND status = 'active'",
  'of an ORM':
    'SELECT "u"."id", "u"."name", "u"."email", count("o"."id") AS "orders" FROM "users" AS "u" LEFT JOIN "orders" AS "o" ON "o"."user_id" = "u"."id" ' +
    `WHERE "u"."created_at" > '2026-01-01' AND "u"."id" IN (1, 2, 3, 4, 5, 6) GROUP BY "u"."id" ORDER BY "orders" DESC LIMIT 20`,
  [`${PARAMETERS} parameters`]: `INSERT INTO entries (session_id, position, content) VALUES (${values})`,
  'writes handoffs': writeHandoffs.text,
};

/** What it costs to find out which part of a statement may leave the process, for statements that were seen before and for new ones. */
export const statementsScenario: Scenario = {
  name: 'statements',
  summary: 'cost of finding what may leave of an SQL statement',
  run: async (lab) => {
    const known = new SqlStatements();
    const ways: Readonly<Record<string, (sql: string) => unknown>> = {
      known: (sql) => known.safe(sql),
      new: (sql) => scrubSql(sql),
      'new, without the shortcut': (sql) => scrubSql(sql, false),
    };
    const cases = Object.entries(STATEMENTS).flatMap(([what, sql]) =>
      Object.entries(ways).map(([way, read]) => ({
        name: `${what}, ${sql.length} characters: ${way}`,
        call: async () => read(sql),
        us: [] as number[],
      })),
    );
    for (let round = 0; round <= Math.max(lab.rounds, ROUNDS_MIN); round += 1) {
      lab.progress(`statements: round ${round}`);
      for (const { call, us } of cases) {
        const cost = await usPerCall(call, CALLS, lab.roundMs / 100);
        // The first round warms all of them up.
        if (round > 0) us.push(cost);
      }
    }
    return {
      title: 'What may leave of a statement',
      method: `\`db.query.text\` of a span, made from the same text again and again, or as from one that was never seen; ${CALLS} calls between looks at the clock.`,
      tables: [{ head: ['', 'µs a statement, median', 'min – max'], rows: cases.map(({ name, us }) => costRow(name, us)) }],
      targets: [],
    };
  },
};
