-- Steps that 000009 to 000011 share; 000012 drops them again.

-- Makes room for a new table of the same name: remembers grants and views, drops the views and the foreign keys (one
-- without ON DELETE kept sessions from being purged), and renames the table and its indexes.
CREATE FUNCTION handoff_set_aside(target text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  old regclass := to_regclass(target);
  found record;
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS handoff_saved (target text, kind text, name text, definition text, grants aclitem[]) ON COMMIT DROP;
  IF old IS NULL THEN
    RETURN;
  END IF;

  INSERT INTO handoff_saved
    SELECT target, 'table', format('%I', target), NULL, relacl FROM pg_class WHERE oid = old
    UNION ALL
    SELECT DISTINCT target, 'view', format('%I.%I', v.relnamespace::regnamespace::text, v.relname), pg_get_viewdef(v.oid), v.relacl
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = old AND v.relkind = 'v';
  FOR found IN SELECT s.name FROM handoff_saved s WHERE s.kind = 'view' AND s.target = handoff_set_aside.target LOOP
    EXECUTE format('DROP VIEW %s', found.name);
  END LOOP;

  FOR found IN SELECT conname FROM pg_constraint WHERE conrelid = old AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', old, found.conname);
  END LOOP;
  FOR found IN SELECT c.oid::regclass AS index, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = old AND c.relname <> target || '_earlier_key' LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', found.index, left('earlier_' || found.relname, 63));
  END LOOP;
  EXECUTE format('ALTER TABLE %s RENAME TO %I', old, target || '_earlier');
END
$function$;

-- Makes the table set aside the oldest partition of the new one, without reading its rows: 000004 to 000007 have proved
-- what the partition needs. An empty one is dropped; one whose columns differ is kept beside, with a warning.
CREATE FUNCTION handoff_attach_earlier(target text, time_column text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  earlier text := target || '_earlier';
  filled boolean;
  different text;
  old_key text;
  bound timestamptz;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %I)', earlier) INTO filled;
  IF NOT filled THEN
    EXECUTE format('DROP TABLE %I', earlier);
    RETURN;
  END IF;

  EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET NOT NULL', earlier, time_column);
  SELECT string_agg(name, ', ' ORDER BY name) INTO different
  FROM (
    SELECT attname AS name, atttypid, atttypmod FROM pg_attribute
      WHERE attrelid IN (to_regclass(target), to_regclass(earlier)) AND attnum > 0 AND NOT attisdropped
      GROUP BY attname, atttypid, atttypmod HAVING count(*) <> 2
    UNION
    SELECT n.attname, n.atttypid, n.atttypmod FROM pg_attribute n JOIN pg_attribute e USING (attname)
      WHERE n.attrelid = to_regclass(target) AND e.attrelid = to_regclass(earlier) AND n.attnum > 0 AND n.attnotnull AND NOT e.attnotnull
  ) AS differences;
  IF different IS NOT NULL THEN
    RAISE WARNING 'handoff: % keeps the rows of the earlier server, because its columns differ (%); copy what you need and drop it', earlier, different;
    RETURN;
  END IF;

  SELECT conname INTO old_key FROM pg_constraint WHERE conrelid = to_regclass(earlier) AND contype = 'p';
  IF old_key IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', earlier, old_key);
  END IF;
  EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I', earlier, earlier || '_pkey', earlier || '_key');

  SELECT to_timestamp(obj_description(oid, 'pg_constraint')::bigint) INTO bound
  FROM pg_constraint WHERE conrelid = to_regclass(earlier) AND conname = 'handoff_oldest_partition';
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', target, earlier, bound);
  EXECUTE format('ALTER TABLE %I DROP CONSTRAINT handoff_oldest_partition', earlier);
END
$function$;

-- Gives the new table the grants of the old one and makes the views again over it.
CREATE FUNCTION handoff_restore_dependents(target text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  saved record;
  granted record;
BEGIN
  FOR saved IN SELECT * FROM handoff_saved s WHERE s.target = handoff_restore_dependents.target ORDER BY s.kind LOOP
    IF saved.kind = 'view' THEN
      BEGIN
        EXECUTE format('CREATE VIEW %s AS %s', saved.name, saved.definition);
      EXCEPTION WHEN undefined_function OR datatype_mismatch THEN
        -- duration_ms was an integer: round(avg(duration_ms), 2) exists for numeric, not for double precision.
        BEGIN
          EXECUTE format('CREATE VIEW %s AS %s', saved.name,
            regexp_replace(saved.definition, '(?<!\mAS )((\m\w+\.)?\mduration_ms\M)', '(\1)::numeric', 'g'));
        EXCEPTION WHEN OTHERS THEN
          RAISE WARNING 'handoff: view % does not fit the new table % and was dropped (%). It was: %', saved.name, target, SQLERRM, saved.definition;
          CONTINUE;
        END;
      END;
    END IF;
    FOR granted IN
      SELECT g.privilege_type, g.is_grantable, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS role
      FROM aclexplode(saved.grants) AS g WHERE g.grantee <> g.grantor
    LOOP
      EXECUTE format('GRANT %s ON %s TO %s%s', granted.privilege_type, saved.name, granted.role,
        CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
  END LOOP;
END
$function$;
