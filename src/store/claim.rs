//! What a tenant claims for itself alone: domains, its Microsoft tenant id, the certificate name or the networks that
//! prove it. Two tenants never have the same; the table's primary key says so, not a check before. Nor do they have
//! networks of which one holds the other: that no key can say, so it is looked up in the same transaction, when one is
//! new; those that are not were looked up before.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use ipnet::IpNet;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::StoreError;
use super::backend::{Scope, enter};
use super::statement::{among, numbered};
use crate::tenant::{Domain, Peer, Problem, TenantFile};

struct Claim {
    kind: &'static str,
    value: String,
    /// Where it stands in the tenant file (JSON pointer).
    place: String,
}

/// Gives up the tenant's claims that the file does not make, and makes its new ones. All that belong to others are
/// reported.
pub(super) async fn replace(work: &mut AnyConnection, file: &TenantFile) -> Result<(), StoreError> {
    let id = file.id.as_str();
    let claims = claims(file);
    let mut own = own(work, id).await?;
    let new: Vec<&Claim> =
        claims.iter().filter(|claim| !own.remove(&(claim.kind.into(), claim.value.clone()))).collect();
    for (kind, value) in &own {
        let gone = sqlx::query("DELETE FROM claim WHERE kind = $1 AND value = $2 AND tenant = $3");
        gone.bind(kind.as_str()).bind(value.as_str()).bind(id).execute(&mut *work).await?;
    }
    let mut problems = Vec::new();
    for Claim { kind, value, place } in &new {
        let made = sqlx::query("INSERT INTO claim (kind, value, tenant) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(*kind)
            .bind(value.as_str())
            .bind(id)
            .execute(&mut *work)
            .await?;
        if made.rows_affected() == 0 && !is_own(work, kind, value, id).await? {
            problems
                .push(Problem { place: place.clone(), message: format!("{value} belongs to another tenant already") });
        }
    }
    if new.iter().any(|claim| claim.kind == "network") {
        problems.extend(overlaps(work, file).await?);
    }
    if problems.is_empty() { Ok(()) } else { Err(StoreError::Problems(problems)) }
}

/// Kind and value.
async fn own(work: &mut AnyConnection, id: &str) -> Result<HashSet<(String, String)>, StoreError> {
    let rows = sqlx::query("SELECT kind, value FROM claim WHERE tenant = $1").bind(id).fetch_all(work).await?;
    rows.iter().map(|row| Ok((row.try_get("kind")?, row.try_get("value")?))).collect()
}

/// Networks that lie in another tenant's, or hold one of its; the same ones are refused by the key.
async fn overlaps(work: &mut AnyConnection, file: &TenantFile) -> Result<Vec<Problem>, StoreError> {
    let Some(Peer::Network { networks, .. }) = &file.peer else { return Ok(Vec::new()) };
    // The only question about others' rows; and it counts only if nobody claims networks meanwhile.
    enter(work, Scope::Region).await?;
    sqlx::query("UPDATE feed SET change_number = change_number + 1 WHERE id = 'network'").execute(&mut *work).await?;
    let mut problems = Vec::new();
    for (number, network) in networks.iter().enumerate() {
        if overlaps_another(work, network.trunc(), file.id.as_str()).await? {
            problems.push(Problem {
                place: format!("/peer/networks/{number}"),
                message: format!("{network} overlaps a network of another tenant"),
            });
        }
    }
    enter(work, Scope::Tenant(file.id.as_str())).await?;
    Ok(problems)
}

/// Asks by the key alone, not for every network there is: those around by their names, those within by how their
/// names begin.
async fn overlaps_another(work: &mut AnyConnection, network: IpNet, id: &str) -> Result<bool, StoreError> {
    let wider: Vec<IpNet> = std::iter::successors(network.supernet(), IpNet::supernet).collect();
    let named = among(work, "claim", &["kind", "value"], wider.len());
    let sql = numbered(work, &format!("SELECT value FROM claim WHERE {named} AND tenant <> ? LIMIT 1"));
    let around = wider
        .iter()
        .fold(sqlx::query(AssertSqlSafe(sql)).bind("network"), |query, wider| query.bind(wider.to_string()));
    let around = around.bind(id).fetch_optional(&mut *work).await?;
    if around.is_some() || network.prefix_len() == network.max_prefix_len() {
        return Ok(around.is_some());
    }
    let (from, to) = names_within(network);
    let mut within =
        sqlx::query("SELECT value FROM claim WHERE kind = 'network' AND value >= $2 AND value < $3 AND tenant <> $1")
            .bind(id)
            .bind(from)
            .bind(to)
            .fetch(work);
    while let Some(row) = within.try_next().await? {
        let other = row.try_get::<String, _>("value")?.parse::<IpNet>();
        if other.is_ok_and(|other| other != network && network.contains(&other)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// From where, and to before where, the names of all networks lie that this one holds; other names may lie there too.
/// As a name begins with the whole groups of digits that the prefix fills, save that zeros of IPv6 may be left out.
fn names_within(network: IpNet) -> (String, String) {
    let length = usize::from(network.prefix_len());
    let mut from = String::new();
    let separator = match network {
        IpNet::V4(network) => {
            for octet in network.network().octets().iter().take(length / 8) {
                from.push_str(&format!("{octet}."));
            }
            '.'
        }
        IpNet::V6(network) => {
            for group in network.network().segments().iter().take(length / 16).take_while(|group| **group != 0) {
                from.push_str(&format!("{group:x}:"));
            }
            ':'
        }
    };
    let after = |separator: char| char::from_u32(u32::from(separator) + 1).unwrap_or(separator);
    match from.strip_suffix(separator) {
        Some(stem) => (from.clone(), format!("{stem}{}", after(separator))),
        // Digits and `:`, then nothing but letters.
        None => (from, "g".to_owned()),
    }
}

/// Of another's row nothing is seen.
async fn is_own(work: &mut AnyConnection, kind: &str, value: &str, id: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT tenant FROM claim WHERE kind = $1 AND value = $2")
        .bind(kind)
        .bind(value)
        .fetch_optional(work)
        .await?;
    row.map_or(Ok(false), |row| Ok(row.try_get::<&str, _>("tenant")? == id))
}

fn claims(file: &TenantFile) -> Vec<Claim> {
    let domains = file.domains.iter().enumerate().map(|(number, domain)| Claim {
        kind: "domain",
        value: Domain::normal(domain).into_owned(),
        place: format!("/domains/{number}"),
    });
    let microsoft = file.microsoft_tenant_id.iter().map(|id| Claim {
        kind: "microsoft",
        value: id.to_lowercase(),
        place: "/microsoft_tenant_id".to_owned(),
    });
    let mut claims: Vec<Claim> = domains.chain(microsoft).collect();
    match &file.peer {
        None | Some(Peer::Microsoft { .. }) => {}
        Some(Peer::Certificate { name, .. }) => {
            claims.push(Claim {
                kind: "certificate",
                value: Domain::normal(name).into_owned(),
                place: "/peer/name".to_owned(),
            });
        }
        Some(Peer::Network { networks, .. }) => {
            claims.extend(networks.iter().enumerate().map(|(number, network)| Claim {
                kind: "network",
                value: network.trunc().to_string(),
                place: format!("/peer/networks/{number}"),
            }));
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn network(bits: u128, length: u8, is_four: bool) -> IpNet {
        let four = std::net::Ipv4Addr::from_bits(u32::try_from(bits >> 96).unwrap_or_default());
        match is_four {
            true => IpNet::new_assert(four.into(), length.min(32)).trunc(),
            false => IpNet::new_assert(std::net::Ipv6Addr::from_bits(bits).into(), length).trunc(),
        }
    }

    proptest! {
        #[test]
        fn the_name_of_what_a_network_holds_lies_where_it_is_looked_for(
            // Many zeros, as addresses have them.
            bits in (any::<u128>(), any::<u128>(), any::<u128>()).prop_map(|(one, other, third)| one & other & third),
            inner in any::<u128>(), length in 0_u8..=128, longer in 0_u8..=128, is_four: bool, zeros: bool,
        ) {
            let outer = network(bits, length, is_four);
            prop_assume!(outer.prefix_len() < outer.max_prefix_len());
            let below = u128::MAX.checked_shr(u32::from(if is_four { outer.prefix_len() } else { length }));
            let held = bits & !below.unwrap_or_default() | if zeros { 0 } else { inner & below.unwrap_or_default() };
            let held = network(held, length.max(longer), is_four);
            prop_assert!(outer.contains(&held), "{outer} {held}");
            let (from, to) = names_within(outer);
            prop_assert!((from.as_str()..to.as_str()).contains(&held.to_string().as_str()), "{outer} {held}: {from} {to}");
        }
    }
}
