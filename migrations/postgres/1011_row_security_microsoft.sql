-- As in 1001 and 1004: how a tenant's people sign in is the tenant's, what proves somebody the region's alone.
SELECT belongs_to_tenant('sign_in_rules', 'tenant');

DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['microsoft', 'microsoft_shown']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY of_the_region ON %I USING (current_setting(''signet.tenant'', true) = ''*'')', place);
    END LOOP;
END
$$;
