-- As in 1001. What is drawn is the tenant's.
SELECT belongs_to_tenant('draft', 'tenant');
