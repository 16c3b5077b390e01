-- Each row of a tenant is there for who has said, within the transaction, that the work is for this tenant, or for all
-- of the region ('*', which no tenant can be called). Who has said nothing sees nothing and writes nothing. The owner
-- of the tables is no exception; a superuser is, so the program refuses to be one (src/store/backend.rs).
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN
        SELECT * FROM (VALUES
            ('tenant', 'id'), ('claim', 'tenant'), ('secret', 'tenant'), ('certificate', 'tenant'),
            ('revision', 'tenant'), ('person', 'tenant'), ('person_address', 'tenant'), ('grp', 'tenant'),
            ('member', 'tenant'), ('picture', 'tenant'), ('image', 'tenant'), ('signature', 'tenant'),
            ('history', 'tenant'), ('decision', 'tenant'), ('doubt', 'tenant')
        ) AS places (tbl, col)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place.tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', place.tbl);
        EXECUTE format(
            'CREATE POLICY of_the_tenant ON %I USING (%I = current_setting(''signet.tenant'', true) '
            'OR current_setting(''signet.tenant'', true) = ''*'')',
            place.tbl, place.col);
    END LOOP;
END
$$;
