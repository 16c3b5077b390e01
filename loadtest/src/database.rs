//! A real PostgreSQL with the tenants of a run, and with more people in it than anybody would import: Signet's own
//! commands write the tenants with one person each, and that person's rows are then multiplied by SQL.
//!
//! What is copied is found by looking, not by a list of columns, so that a column that comes later is copied as well.

use std::io;

use standin::postgres::Postgres;

use crate::report;

/// A database of its own, on a server of its own; both go when this is dropped.
pub struct Database {
    server: Postgres,
    name: String,
    /// Of each tenant.
    people: u32,
}

impl Database {
    /// An empty one, in which each tenant will have so many people.
    pub fn start(people: u32) -> io::Result<Database> {
        let server = Postgres::start_large()?;
        let name = server.database()?;
        Ok(Database { server, name, people })
    }

    /// As `store.url` has it.
    pub fn address(&self) -> String {
        self.server.address(&self.name)
    }

    /// Makes of each tenant's first person as many as there are to be, and tells the database how large it is now.
    /// What it has yet to write of that, it writes now and not while something is measured.
    pub fn fill(&self) -> io::Result<()> {
        report::progress(&format!("each tenant gets {} people", self.people));
        self.server.sql(&self.name, &FILL.replace("PEOPLE", &self.people.to_string()))?;
        self.server.sql(&self.name, "VACUUM ANALYZE")?;
        self.server.sql(&self.name, "CHECKPOINT")
    }
}

/// The first person's number stands in its id, its address, its name and its telephone number
/// ([`crate::tenants`]). Foreign keys hold for the copies since they hold for the first, and are not asked: that
/// would take longer than all the rest.
const FILL: &str = "
SET session_replication_role = replica;
DO $$
DECLARE
    place text;
    names text;
    copies text;
BEGIN
    FOREACH place IN ARRAY ARRAY['person', 'person_address'] LOOP
        SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
               string_agg(CASE WHEN data_type = 'text' AND column_name <> 'tenant' THEN format(
                   'regexp_replace(%I, ''(^|[^0-9a-z])(p|Tester|[+]44 20 )00000000'', ''\\1\\2'' || lpad(number::text, 8, ''0''), ''gi'')',
                   column_name)
               WHEN column_name = 'position' THEN format('%I + number', column_name)
               ELSE quote_ident(column_name) END, ', ' ORDER BY ordinal_position)
          INTO names, copies FROM information_schema.columns WHERE table_name = place;
        EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I, generate_series(1, PEOPLE - 1) AS number',
                       place, names, copies, place);
    END LOOP;
    UPDATE tenant SET octets = octets * PEOPLE;
END
$$;";
