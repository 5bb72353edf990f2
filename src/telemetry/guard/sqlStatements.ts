import { scrubSql } from './sqlText.js';
import { OTHER_VERB, sqlVerb } from './sqlVerb.js';

/** What may leave the process from one SQL statement. */
export interface SafeStatement {
  readonly text: string;
  readonly verb: string;
}

/** Longer texts are scrubbed each time: as cache keys they would pin megabytes. */
const MAX_CACHED_CHARS = 4096;

/** A `SET` behind other statements of one text. */
const LATER_SET = /(?<=; ?)SET [^;]*/gi;

/**
 * Remembers the safe form of recent statements, so that a prepared or constant statement is scrubbed once.
 *
 * Two generations of at most `capacity` entries: when the young one is full it becomes the old one, and what is still
 * in use moves back on its next hit. At most `2 * capacity * 4096` characters are held, whatever the callers send.
 */
export class SqlStatements {
  readonly #capacity: number;
  #young = new Map<string, SafeStatement>();
  #old = new Map<string, SafeStatement>();

  constructor(capacity = 500) {
    this.#capacity = capacity;
  }

  safe(sql: string): SafeStatement {
    const known = this.#young.get(sql);
    if (known !== undefined) return known;
    const statement = this.#old.get(sql) ?? scrub(sql);
    if (sql.length <= MAX_CACHED_CHARS) this.#remember(sql, statement);
    return statement;
  }

  #remember(sql: string, statement: SafeStatement): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sql, statement);
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
