-- As in 1001.
SELECT belongs_to_tenant('test_case', 'tenant');
SELECT belongs_to_tenant('person_override', 'tenant');
