-- While a session is on hold nothing deletes it, whoever tries: a sweep or an erasure of ours, an earlier server, or a person.
-- The delete skips the session's row and with it all that hangs on it, so RETURNING names only what really went.
--
-- The row is locked before the trigger runs, placing a hold takes a lock that conflicts with it, and a statement within the
-- trigger sees what was committed until then. So of a hold and a deletion at the same moment exactly one happens.
CREATE FUNCTION handoff_keep_held_session() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF EXISTS (SELECT FROM session_holds WHERE session_id = OLD.id) THEN
    RETURN NULL;
  END IF;
  RETURN OLD;
END
$function$;

CREATE TRIGGER handoff_sessions_hold BEFORE DELETE ON sessions
  FOR EACH ROW EXECUTE FUNCTION handoff_keep_held_session();
