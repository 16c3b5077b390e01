-- An act is never changed, and none is taken out but those that the head says have expired. Whoever may change the schema
-- can take this away; what is done then is found by `signet audit verify`.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit WHEN OLD.hash IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
WHEN OLD.number IS NULL OR OLD.number > COALESCE((SELECT expired FROM audit_head WHERE tenant = OLD.tenant), 0)
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END;

CREATE TRIGGER audit_head_does_not_go_back BEFORE UPDATE ON audit_head
WHEN NEW.number < OLD.number OR NEW.expired < OLD.expired OR NEW.tenant <> OLD.tenant
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END;

CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END;
