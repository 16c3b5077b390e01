-- As in 1001, for who may use the API and what was done. A token of the region belongs to no tenant, and an act of the
-- region to '*': only work for the region sees them.
DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['token', 'audit']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', place);
        EXECUTE format(
            'CREATE POLICY of_the_tenant ON %I USING (tenant = current_setting(''signet.tenant'', true) '
            'OR current_setting(''signet.tenant'', true) = ''*'')',
            place);
    END LOOP;
END
$$;

-- What goes for the region is for the region alone.
ALTER TABLE region ENABLE ROW LEVEL SECURITY;
ALTER TABLE region FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_region ON region USING (current_setting('signet.tenant', true) = '*');
