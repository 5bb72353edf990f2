-- Ids that grow with time, as UUIDs of version 7 (RFC 9562, section 5.7). Random ones put each new entry on another page of the index,
-- and PostgreSQL writes a page in full into its log when it changes for the first time after a checkpoint: the longer the history, the
-- more an entry costs. Rows that exist keep their ids. Sessions keep random ones, by which the archive spreads its objects over folders.
-- PostgreSQL 18 has uuidv7(); this can go when no older one is supported.
CREATE FUNCTION handoff_time_ordered_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $function$
  SELECT encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
  ), 52, 1), 53, 1), 'hex')::uuid
$function$;

ALTER TABLE context_history ALTER COLUMN id SET DEFAULT handoff_time_ordered_id();
