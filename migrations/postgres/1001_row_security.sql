-- Text is ordered by its octets, as SQLite and this program have it: a server's own order differs from one to the next, and
-- from one release of its system to the next. Before the policies, since a column that they name keeps its type.
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND data_type = 'text' AND table_name <> '_sqlx_migrations'
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE TEXT COLLATE "C"', place.table_name, place.column_name);
    END LOOP;
END
$$;

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
