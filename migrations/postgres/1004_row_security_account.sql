-- As in 1001. Who belongs to a tenant is the tenant's; accounts, and what proves them, are the region's alone.
SELECT belongs_to_tenant('team', 'tenant');

DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['account', 'device', 'session', 'challenge']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY of_the_region ON %I USING (current_setting(''signet.tenant'', true) = ''*'')', place);
    END LOOP;
END
$$;
