-- As in 1001.
SELECT belongs_to_tenant('subscription', 'tenant');
SELECT belongs_to_tenant('leaving', 'tenant');
