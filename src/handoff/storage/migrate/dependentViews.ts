import { errorMessage } from '../../../errors/classify.js';
import type { SqlClient, Warn } from './sqlClient.js';

/** A view that depends on a table a migration replaces, with everything that would be lost with it. Names are quoted and qualified. */
interface SavedView {
  readonly name: string;
  readonly materialised: boolean;
  /** 1: reads the table itself; more: reads views that do. Views are created in this order and dropped in reverse. */
  readonly depth: number;
  readonly definition: string;
  readonly owner: string;
  /** `(security_barrier=true)`, or empty. */
  readonly options: string;
  readonly comment: string | null;
  readonly grants: readonly string[];
  readonly indexes: readonly string[];
  readonly triggers: readonly string[];
}

const findViews = `
WITH RECURSIVE above (oid, depth) AS (
  SELECT r.ev_class, 1 FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass($1) AND r.ev_class <> d.refobjid
  UNION
  SELECT r.ev_class, above.depth + 1 FROM above
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = above.oid
    JOIN pg_rewrite r ON r.oid = d.objid WHERE r.ev_class <> above.oid
)
SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind = 'm' AS materialised, max(depth) AS depth,
  rtrim(pg_get_viewdef(c.oid), '; ') AS definition, quote_ident(pg_get_userbyid(c.relowner)) AS owner,
  COALESCE('(' || array_to_string(c.reloptions, ', ') || ')', '') AS options, obj_description(c.oid, 'pg_class') AS comment,
  ARRAY(SELECT format('GRANT %s ON %I.%I TO %s%s', g.privilege_type, n.nspname, c.relname,
      CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM aclexplode(c.relacl) AS g WHERE g.grantee <> g.grantor) AS grants,
  ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
  ARRAY(SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
FROM above JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm')
GROUP BY c.oid, n.nspname ORDER BY depth, name`;

/**
 * Drops the views that the migrations of the log tables cannot handle: views on views, which would block them, and
 * materialised views, which would keep reading the earlier table. Plain views on the table itself are handled by the files,
 * but lose their owner and options there. Resolves with a function that recreates all of them on the new table.
 */
export async function setViewsAside(client: SqlClient, table: string, warn: Warn): Promise<() => Promise<void>> {
  const { rows: views } = await client.query<SavedView>(findViews, [table]);
  for (const view of views.toReversed()) {
    if (!isLeftToFile(view)) await client.query(`DROP ${kindOf(view)} ${view.name}`);
  }
  return async () => {
    for (const view of views) {
      if (isLeftToFile(view) ? await exists(client, view.name) : await recreate(client, view, warn))
        await restoreProperties(client, view, warn);
    }
  };
}

/** Fills the materialised views that were recreated empty: filling them earlier would have blocked everybody who writes to the table. */
export async function fillMaterialisedViews(client: SqlClient, table: string, warn: Warn): Promise<void> {
  const { rows: views } = await client.query<SavedView>(findViews, [table]);
  for (const { name, materialised } of views) {
    if (!materialised) continue;
    const { rows } = await client.query<{ populated: boolean }>(
      'SELECT relispopulated AS populated FROM pg_class WHERE oid = to_regclass($1)',
      [name],
    );
    if (rows[0]?.populated !== false) continue;
    const failure = await attempt(client, `REFRESH MATERIALIZED VIEW ${name}`);
    if (failure !== undefined)
      warn(`The materialised view ${name} is empty and could not be filled (${failure}): run REFRESH MATERIALIZED VIEW ${name}.`);
  }
}

function isLeftToFile({ materialised, depth }: SavedView): boolean {
  return !materialised && depth === 1;
}

function kindOf({ materialised }: SavedView): string {
  return materialised ? 'MATERIALIZED VIEW' : 'VIEW';
}

async function exists(client: SqlClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ present: boolean }>('SELECT to_regclass($1) IS NOT NULL AS present', [name]);
  return rows[0]?.present === true;
}

async function recreate(client: SqlClient, view: SavedView, warn: Warn): Promise<boolean> {
  const failure = await attempt(client, creation(view, view.definition));
  if (failure === undefined) return true;
  // As in 000008: duration_ms was an integer, and functions defined for numeric may not exist for double precision.
  const cast = view.definition.replaceAll(/(?<!\bAS )((?:\b\w+\.)?\bduration_ms\b)/g, '($1)::numeric');
  if (cast !== view.definition && (await attempt(client, creation(view, cast))) === undefined) return true;
  warn(
    `The ${view.materialised ? 'materialised view' : 'view'} ${view.name} does not fit the new table and was dropped (${failure}). It was: ${view.definition}`,
  );
  return false;
}

function creation(view: SavedView, definition: string): string {
  const options = view.options === '' ? '' : ` WITH ${view.options}`;
  return `CREATE ${kindOf(view)} ${view.name}${options} AS ${definition}${view.materialised ? ' WITH NO DATA' : ''}`;
}

/** Restores what belonged to a view. What cannot be restored is reported but not fatal: the view itself exists. */
async function restoreProperties(client: SqlClient, view: SavedView, warn: Warn): Promise<void> {
  const comment = view.comment === null ? [] : [`COMMENT ON ${kindOf(view)} ${view.name} IS ${literal(view.comment)}`];
  const options = isLeftToFile(view) && view.options !== '' ? [`ALTER VIEW ${view.name} SET ${view.options}`] : [];
  for (const statement of [
    ...options,
    ...view.indexes,
    ...view.triggers,
    ...view.grants,
    ...comment,
    `ALTER ${kindOf(view)} ${view.name} OWNER TO ${view.owner}`,
  ]) {
    const failure = await attempt(client, statement);
    if (failure !== undefined) warn(`A part of ${view.name} could not be recreated (${failure}). It was: ${statement}`);
  }
}

/** Runs a statement that may fail without failing the transaction; returns the reason if it did. */
async function attempt(client: SqlClient, statement: string): Promise<string | undefined> {
  await client.query('SAVEPOINT handoff_attempt');
  try {
    await client.query(statement);
    await client.query('RELEASE SAVEPOINT handoff_attempt');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT handoff_attempt');
    return errorMessage(error);
  }
}

/** With `E''`, backslashes mean the same regardless of `standard_conforming_strings`. */
function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
