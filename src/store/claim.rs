//! What a tenant claims for itself alone: domains, its Microsoft tenant id, the certificate name or the networks that
//! prove it. Two tenants never have the same; the table's primary key says so, not a check before. Nor do they have
//! networks of which one holds the other: that no key can say, so it is looked up in the same transaction.

use ipnet::IpNet;
use sqlx::{Row, SqliteConnection};

use super::StoreError;
use crate::tenant::{Peer, Problem, TenantFile};

struct Claim {
    kind: &'static str,
    value: String,
    /// Where it stands in the tenant file (JSON pointer).
    place: String,
}

/// Gives up the tenant's old claims and makes those of the file. All that belong to others are reported.
pub(super) async fn replace(connection: &mut SqliteConnection, file: &TenantFile) -> Result<(), StoreError> {
    let id = file.id.as_str();
    sqlx::query("DELETE FROM claim WHERE tenant = $1").bind(id).execute(&mut *connection).await?;
    let mut problems = Vec::new();
    for Claim { kind, value, place } in claims(file) {
        let made = sqlx::query("INSERT INTO claim (kind, value, tenant) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(kind)
            .bind(&value)
            .bind(id)
            .execute(&mut *connection)
            .await?;
        if made.rows_affected() == 0 && !is_own(connection, kind, &value, id).await? {
            problems.push(Problem { place, message: format!("{value} belongs to another tenant already") });
        }
    }
    problems.extend(overlaps(connection, file).await?);
    if problems.is_empty() { Ok(()) } else { Err(StoreError::Problems(problems)) }
}

/// Networks that lie in another tenant's, or hold one of its; the same ones are refused by the key.
async fn overlaps(connection: &mut SqliteConnection, file: &TenantFile) -> Result<Vec<Problem>, StoreError> {
    let Peer::Network { networks, .. } = &file.peer else { return Ok(Vec::new()) };
    let rows = sqlx::query("SELECT value FROM claim WHERE kind = 'network' AND tenant <> $1")
        .bind(file.id.as_str())
        .fetch_all(connection)
        .await?;
    let mut others = Vec::with_capacity(rows.len());
    for row in rows {
        others.extend(row.try_get::<String, _>("value")?.parse::<IpNet>().ok());
    }
    let overlaps = |one: &IpNet| {
        let one = one.trunc();
        others.iter().any(|other| *other != one && (other.contains(&one) || one.contains(other)))
    };
    let found = networks.iter().enumerate().filter(|(_, network)| overlaps(network));
    Ok(found
        .map(|(number, network)| Problem {
            place: format!("/peer/networks/{number}"),
            message: format!("{network} overlaps a network of another tenant"),
        })
        .collect())
}

/// Two spellings of one domain in one file are no theft.
async fn is_own(connection: &mut SqliteConnection, kind: &str, value: &str, id: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT tenant FROM claim WHERE kind = $1 AND value = $2")
        .bind(kind)
        .bind(value)
        .fetch_one(connection)
        .await?;
    Ok(row.try_get::<String, _>("tenant")? == id)
}

fn claims(file: &TenantFile) -> Vec<Claim> {
    let domains = file.domains.iter().enumerate().map(|(number, domain)| Claim {
        kind: "domain",
        value: domain.to_lowercase(),
        place: format!("/domains/{number}"),
    });
    let microsoft = file.microsoft_tenant_id.iter().map(|id| Claim {
        kind: "microsoft",
        value: id.to_lowercase(),
        place: "/microsoft_tenant_id".to_owned(),
    });
    let mut claims: Vec<Claim> = domains.chain(microsoft).collect();
    match &file.peer {
        Peer::Microsoft { .. } => {}
        Peer::Certificate { name, .. } => {
            claims.push(Claim { kind: "certificate", value: name.to_lowercase(), place: "/peer/name".to_owned() });
        }
        Peer::Network { networks, .. } => {
            claims.extend(networks.iter().enumerate().map(|(number, network)| Claim {
                kind: "network",
                value: network.trunc().to_string(),
                place: format!("/peer/networks/{number}"),
            }));
        }
    }
    claims
}
