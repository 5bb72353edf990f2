import { scrubSql } from './sqlText.js';
import { OTHER_VERB, sqlVerb } from './sqlVerb.js';

/** What may leave the process from one SQL statement. */
export interface SafeStatement {
  readonly text: string;
  readonly verb: string;
}

/** Texts that are longer have a memory of their own: a few hundred of them would hold megabytes. */
const MAX_SHORT_CHARS = 4096;
/** Texts beyond this are scrubbed each time. Nobody writes such a statement by hand: it is a bulk INSERT, and never comes again. */
const MAX_CACHED_CHARS = 32_768;
/** Statements longer than `MAX_SHORT_CHARS` that are remembered at least. */
const LONG_STATEMENTS = 32;

/** A `SET` behind other statements of one text. */
const LATER_SET = /(?<=; ?)SET [^;]*/gi;

/**
 * Remembers the safe form of recent statements, so that a prepared or constant statement is scrubbed once. See decision 0109 for what that
 * costs.
 *
 * At most `2 * capacity * 4096 + 2 * 32 * 32768` characters are held, whatever the callers send: 6 million by default.
 */
export class SqlStatements {
  readonly #short: Recent;
  readonly #long = new Recent(LONG_STATEMENTS);

  constructor(capacity = 500) {
    this.#short = new Recent(capacity);
  }

  safe(sql: string): SafeStatement {
    if (sql.length <= MAX_SHORT_CHARS) return this.#short.safe(sql);
    return sql.length <= MAX_CACHED_CHARS ? this.#long.safe(sql) : scrub(sql);
  }
}

/**
 * Two generations of at most `capacity` entries: when the young one is full it becomes the old one, and what is still in use moves back on
 * its next hit.
 */
class Recent {
  readonly #capacity: number;
  #young = new Map<string, SafeStatement>();
  #old = new Map<string, SafeStatement>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  safe(sql: string): SafeStatement {
    const known = this.#young.get(sql);
    if (known !== undefined) return known;
    const statement = this.#old.get(sql) ?? scrub(sql);
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sql, statement);
    return statement;
  }
}

function scrub(sql: string): SafeStatement {
  const text = scrubSql(sql);
  const verb = sqlVerb(text);
  // It is not a command of PostgreSQL, so perhaps not SQL at all: its words could be anything.
  if (verb === OTHER_VERB) return { text: '?', verb };
  return { text: verb === 'SET' ? withoutSetting(text) : text.replace(LATER_SET, (later) => withoutSetting(later)), verb };
}

/** `SET app.tenant = acme`: a word here is a value, though elsewhere it would be a name. */
function withoutSetting(text: string): string {
  const setting = /^SET (?:(?:LOCAL|SESSION) )?[\w.]+ ?(?:=|TO\b)/i.exec(text)?.[0];
  return setting === undefined ? 'SET ?' : `${setting} ?`;
}
