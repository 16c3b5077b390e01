-- As in 1004: what proves somebody is the region's alone.
DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['totp', 'recovery']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY of_the_region ON %I USING (current_setting(''signet.tenant'', true) = ''*'')', place);
    END LOOP;
END
$$;
