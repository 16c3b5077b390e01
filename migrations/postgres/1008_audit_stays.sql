-- As in 1001: text ordered by its octets, and rows for their tenant alone.
ALTER TABLE audit
    ALTER COLUMN ip TYPE TEXT COLLATE "C",
    ALTER COLUMN hash TYPE TEXT COLLATE "C";
ALTER TABLE audit_head
    ALTER COLUMN tenant TYPE TEXT COLLATE "C",
    ALTER COLUMN hash TYPE TEXT COLLATE "C",
    ALTER COLUMN expired_hash TYPE TEXT COLLATE "C";
SELECT belongs_to_tenant('audit_head', 'tenant');

-- As sqlite/2001: an act is never changed, and none is taken out but those that the head says have expired. Whoever may
-- change the schema can take this away; what is done then is found by `signet audit verify`.
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.hash IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.number <= (SELECT expired FROM audit_head WHERE tenant = OLD.tenant) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is only ever added to';
END
$$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays();

CREATE FUNCTION audit_head_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.number >= OLD.number AND NEW.expired >= OLD.expired AND NEW.tenant = OLD.tenant THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is only ever added to';
END
$$;
CREATE TRIGGER audit_head_stays BEFORE UPDATE OR DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_head_stays();

CREATE FUNCTION audit_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to';
END
$$;
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_is_not_emptied();
CREATE TRIGGER audit_head_is_not_emptied BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION audit_is_not_emptied();
