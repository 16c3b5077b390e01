-- As in 1001: text ordered by its octets, and rows for their tenant alone.
ALTER TABLE flow
    ALTER COLUMN tenant TYPE TEXT COLLATE "C",
    ALTER COLUMN site TYPE TEXT COLLATE "C",
    ALTER COLUMN writer TYPE TEXT COLLATE "C",
    ALTER COLUMN counts TYPE TEXT COLLATE "C";
SELECT belongs_to_tenant('flow', 'tenant');
