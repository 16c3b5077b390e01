-- The same as 1001 for what came later, by a function, so that a table needs no more than its name.
CREATE FUNCTION belongs_to_tenant(tbl text, col text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
    EXECUTE format(
        'CREATE POLICY of_the_tenant ON %I USING (%I = current_setting(''signet.tenant'', true) '
        'OR current_setting(''signet.tenant'', true) = ''*'')',
        tbl, col);
END
$$;

SELECT belongs_to_tenant('directory', 'tenant');
SELECT belongs_to_tenant('photo', 'tenant');
SELECT belongs_to_tenant('csv', 'tenant');
SELECT belongs_to_tenant('csv_person', 'tenant');
