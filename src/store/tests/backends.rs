//! What only PostgreSQL has: rows of other tenants that are not there, hints from other processes, a standby, and a
//! server that stands still.

use std::time::Instant;

use super::*;

const TABLES: &[&str] = &[
    "tenant",
    "claim",
    "secret",
    "certificate",
    "revision",
    "person",
    "person_address",
    "grp",
    "member",
    "picture",
    "image",
    "signature",
    "history",
    "decision",
    "doubt",
    "directory",
    "photo",
    "csv",
    "csv_person",
    "invitation",
    "flow",
    "audit",
    "subscription",
    "leaving",
];

/// A tenant with a row in every table.
async fn fill(store: &Store, id: &str) {
    let domain = format!("{id}.example");
    let mut file = file(id, &domain);
    file.groups = vec![serde_json::from_value(serde_json::json!({"id": "all", "members": ["ada"]})).unwrap()];
    let picture = serde_json::json!({"id": "logo", "type": "image/png", "base64": "iVBORw0KGgoA"});
    file.images = vec![serde_json::from_value(picture).unwrap()];
    let design = serde_json::json!({"version": 1, "blocks": [{"type": "text", "lines": [["Hello"]]}]});
    file.signatures = vec![serde_json::from_value(serde_json::json!({"id": "one", "design": design})).unwrap()];
    store.import(&file).await.unwrap();
    let (chain, key) = pair(800);
    store.set_certificate(&file.id, chain.as_bytes(), key.as_bytes()).await.unwrap();
    let trace_key = store.load(&file.id).await.unwrap().unwrap().secrets.trace_key;
    store.record(&[decision(&file.id, trace_key, 1)]).await.unwrap();
    for sql in [
        "INSERT INTO directory (tenant, due_ms) VALUES ($1, 0)",
        "INSERT INTO photo (tenant, person, image, etag) VALUES ($1, 'ada', 'photo', 'tag')",
        "INSERT INTO csv (tenant, which, time_ms, author, people) VALUES ($1, 'now', 1, 'ada', 1)",
        "INSERT INTO csv_person (tenant, id, position, data) VALUES ($1, 'bob', 1, '{}')",
        "INSERT INTO invitation (id, tenant, email, login, role, hash, invited_by, sent_ms, expires_ms) \
         VALUES ('iv_' || $1, $1, 'a@b.example', 'a@b.example', 'editor', $1, 'account a', 1, 2)",
        "INSERT INTO flow (tenant, start_ms, span_ms, site, writer, counts) VALUES ($1, 0, 60000, '', '', '{}')",
        "INSERT INTO subscription (tenant, state, since_ms) VALUES ($1, 'none', 1)",
        "INSERT INTO leaving (tenant, since_ms, last_mail_ms, mode) VALUES ($1, 1, 1, '[\"live\", null]')",
    ] {
        let mut work = store.backend.write(Scope::Tenant(id)).await.unwrap();
        sqlx::query(sql).bind(id).execute(&mut *work).await.unwrap();
        work.commit().await.unwrap();
    }
    let hash = [id.len().to_le_bytes()[0]; 16];
    let doubt = Doubt {
        tenant: file.id,
        fingerprint: hash,
        proof: hash,
        recipients: vec![hash],
        code: 250,
        enhanced: String::new(),
        since_ms: 1,
    };
    store.change_doubts(&[DoubtChange::Keep(doubt)]).await.unwrap();
}

#[tokio::test]
async fn another_tenants_rows_are_neither_there_nor_can_they_be_made() {
    let place = Place::postgres();
    let store = place.open().await;
    fill(&store, "contoso").await;
    fill(&store, "eve").await;
    let secured = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
                   AND NOT (relrowsecurity AND relforcerowsecurity) AND relname NOT IN ('seal', 'feed', 'change_mark', '_sqlx_migrations')";
    assert_eq!(count(&store, secured).await, 0, "a table of tenants without row security");
    // Where a table is not among those below, its policy is the same: its own tenant, or the region alone.
    let open = "SELECT count(*) FROM pg_class LEFT JOIN pg_policies ON tablename = relname \
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity AND (cmd = 'ALL' \
                AND with_check IS NULL AND (qual = '(current_setting(''signet.tenant''::text, true) = ''*''::text)' OR qual = \
                '((' || (CASE relname WHEN 'tenant' THEN 'id' ELSE 'tenant' END) || \
                ' = current_setting(''signet.tenant''::text, true)) OR (current_setting(''signet.tenant''::text, true) \
                = ''*''::text))')) IS NOT TRUE";
    assert_eq!(count(&store, open).await, 0, "a policy that shows others' rows");
    let ordered = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' \
                   AND collation_name IS DISTINCT FROM 'C' AND table_name <> '_sqlx_migrations'";
    assert_eq!(count(&store, ordered).await, 0, "text that is not ordered by its octets");
    for table in TABLES {
        let column = if *table == "tenant" { "id" } else { "tenant" };
        let seen = async |scope: Option<Scope<'_>>, whose: &str| -> i64 {
            let mut work = match scope {
                Some(scope) => store.backend.read(scope).await.unwrap(),
                None => store.backend.pool.begin().await.unwrap(),
            };
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} <> '{whose}'");
            sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *work).await.unwrap().get(0)
        };
        assert!(seen(Some(Scope::Region), "").await >= 2, "{table} has no rows to see");
        assert!(seen(Some(Scope::Tenant("eve")), "").await >= 1, "{table} hides a tenant's own rows");
        assert_eq!(seen(Some(Scope::Tenant("eve")), "eve").await, 0, "{table} shows another's rows");
        assert_eq!(seen(Some(Scope::Tenant("nobody")), "").await, 0, "{table} shows rows to a stranger");
        assert_eq!(seen(None, "").await, 0, "{table} shows rows to who has not said for whom");
        let mut work = store.backend.write(Scope::Tenant("eve")).await.unwrap();
        let sql = format!("DELETE FROM {table} WHERE {column} = 'contoso'");
        let gone = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *work).await.unwrap();
        assert_eq!(gone.rows_affected(), 0, "{table} lets others' rows be deleted");
    }
    let mut work = store.backend.write(Scope::Tenant("eve")).await.unwrap();
    let forged = "INSERT INTO person (tenant, id, position, data) VALUES ('contoso', 'eve', 1, '{}')";
    let refused = sqlx::query(forged).execute(&mut *work).await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
}

#[tokio::test]
async fn a_superuser_is_refused() {
    let place = Place::postgres();
    let url = place.url().replace("signet@", "postgres@");
    let error = Store::open(&url, SealKey::read(&place.path("signet.key")).unwrap()).await.unwrap_err();
    assert_eq!(error, StoreError::Superuser("postgres".to_owned()));
    let wrong = Store::open("postgres://u:s3cret@[", SealKey::read(&place.path("signet.key")).unwrap()).await;
    assert!(!wrong.unwrap_err().to_string().contains("s3cret"));
}

#[tokio::test]
async fn a_standby_is_read_and_follows_and_takes_nothing() {
    let primary = Postgres::start().unwrap();
    let database = primary.database().unwrap();
    let place = Place::sqlite();
    let key = || SealKey::read(&place.path("signet.key")).unwrap();
    let store = Store::open(&primary.address(&database), key()).await.unwrap();
    store.import(&file("contoso", "contoso.example")).await.unwrap();
    let standby = primary.standby().unwrap();
    let edge = Store::open(&standby.address(&database), key()).await.unwrap();
    let mut cursor = Cursor::default();
    for revision in [1, 2] {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let changes = edge.changes_after(cursor).await.unwrap();
            if let Some(changed) = changes.changed.first() {
                assert_eq!(changed.edition.revision, Revision(revision));
                assert!(changed.live().unwrap().is_some());
                cursor = changes.cursor;
                break;
            }
            assert!(Instant::now() < deadline, "the standby does not follow");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        store.set_mode(&tenant("contoso"), Mode::Bypass).await.unwrap();
    }
    let refused = edge.import(&file("eve", "eve.example")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
}

#[tokio::test]
async fn changes_of_another_process_are_hinted_at() {
    let place = Place::postgres();
    let (edge, command) = (place.open().await, place.open().await);
    let mut woken = edge.woken();
    // The first says that it listens.
    woken.hint().await;
    let mut cursor = Cursor::default();
    for number in 1..=3 {
        command.import(&file("contoso", "contoso.example")).await.unwrap();
        tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let changes = edge.changes_after(cursor).await.unwrap();
                cursor = changes.cursor;
                if changes.changed.iter().any(|one| one.edition.revision == Revision(number)) {
                    return;
                }
                woken.hint().await;
            }
        })
        .await
        .expect("a hint");
    }
    edge.close().await;
}

async fn changes_of_this_process_are_hinted_at(place: Place) {
    let store = place.open().await;
    let mut woken = store.woken();
    let seen = tokio::spawn(async move { woken.hint().await });
    store.import(&file("contoso", "contoso.example")).await.unwrap();
    tokio::time::timeout(Duration::from_secs(30), seen).await.expect("a hint").unwrap();
}

#[tokio::test]
async fn a_database_that_stands_still_is_given_up_in_time_and_used_again_when_it_goes_on() {
    let server = Postgres::start().unwrap();
    let place = Place::sqlite();
    let key = SealKey::read(&place.path("signet.key")).unwrap();
    let store = Store::open(&server.address(&server.database().unwrap()), key).await.unwrap();
    store.import(&file("contoso", "contoso.example")).await.unwrap();
    server.hang();
    let began = Instant::now();
    assert_eq!(store.changes_after(Cursor::default()).await.unwrap_err(), StoreError::Timeout);
    assert_eq!(store.record(&[decision(&tenant("contoso"), [1; 32], 1)]).await, Err(StoreError::Timeout));
    assert!(began.elapsed() < PATIENCE * 8, "it hung");
    server.go_on();
    let deadline = Instant::now() + Duration::from_secs(60);
    while store.changes_after(Cursor::default()).await.is_err() {
        assert!(Instant::now() < deadline, "it is never used again");
    }
    store.import(&file("contoso", "contoso.example")).await.unwrap();
}

on_both! {
    changes_of_this_process_are_hinted_at,
}

/// The planner takes a tenant for small when it was filled just now, or among many small ones.
#[tokio::test]
async fn names_are_looked_up_one_by_one_however_large_the_tenant_is_believed_to_be() {
    let place = Place::postgres();
    let store = place.open().await;
    store.import(&file("contoso", "contoso.example")).await.unwrap();
    let mut work = store.backend.write(Scope::Tenant("contoso")).await.unwrap();
    for sql in [
        "ANALYZE person",
        "ANALYZE person_address",
        "ANALYZE claim",
        "INSERT INTO claim (kind, value, tenant) SELECT 'network', n, 'contoso' FROM generate_series(1, 10000) AS n",
        "INSERT INTO grp (tenant, id, position, data) SELECT 'contoso', n, n, '{}' FROM generate_series(1, 10000) AS n",
        "INSERT INTO person (tenant, id, position, data) SELECT 'contoso', n, n, '{}' FROM generate_series(1, 10000) AS n",
        "INSERT INTO person_address (tenant, address, person) SELECT 'contoso', n || '@contoso.example', n \
         FROM generate_series(1, 10000) AS n",
        "INSERT INTO member (tenant, grp, kind, member, position) SELECT 'contoso', n, 'person', n, n \
         FROM generate_series(1, 10000) AS n",
    ] {
        sqlx::query(sql).execute(&mut *work).await.unwrap();
    }
    for (table, columns) in [
        ("person", &["tenant", "id"][..]),
        ("person_address", &["tenant", "address"]),
        ("person_address", &["tenant", "person"]),
        ("member", &["tenant", "grp", "kind", "member"]),
        ("claim", &["kind", "value"]),
    ] {
        let named = statement::among(&work, table, columns, 256);
        let sql = statement::numbered(&work, &format!("DELETE FROM {table} WHERE {named}"));
        let given = vec!["'x'"; columns.len() - 1 + 256].join(", ");
        for mode in ["generic", "custom"] {
            for sql in [format!("SET LOCAL plan_cache_mode = force_{mode}_plan"), format!("PREPARE {mode} AS {sql}")] {
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *work).await.unwrap();
            }
            let explain = sqlx::AssertSqlSafe(format!("EXPLAIN EXECUTE {mode} ({given})"));
            let rows = sqlx::raw_sql(explain).fetch_all(&mut *work).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
            let has = |words: [&str; 2]| plan.iter().any(|line| words.iter().all(|word| line.contains(word)));
            let last = columns.last().unwrap();
            assert!(has(["Tid Scan on", table]), "{plan:#?}");
            assert!(has(["Index Cond:", &format!("({last} = \"*VALUES*\".column1)")]), "{plan:#?}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DEALLOCATE {mode}"))).execute(&mut *work).await.unwrap();
        }
    }
}
