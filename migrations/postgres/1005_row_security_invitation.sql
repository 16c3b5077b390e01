-- As in 1001. Whom a tenant has invited is the tenant's.
SELECT belongs_to_tenant('invitation', 'tenant');
