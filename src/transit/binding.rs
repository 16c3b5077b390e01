//! Which tenant a message belongs to: proven, or not relayed.
//!
//! A Microsoft peer's certificate proves Exchange Online, never a tenant. Three facts together do: that certificate,
//! exactly one X-MS-Exchange-CrossTenant-Id that names a tenant of ours, and no X-OriginatorOrg that belongs to
//! another tenant of ours. P1 and P2 never refuse a bound tenant's mail. With the other proofs the peer is the
//! tenant, and headers are not asked.

use std::net::IpAddr;
use std::sync::Arc;

use crate::imprint::HeaderBlock;
use crate::smtp::Mail;
use crate::tenant::{Peer, Region, Tenant, TenantId};

/// Exchange Online's stamp of the tenant that sent the message (microsoft-365, attribution at exit).
const TENANT_FIELD: &str = "X-MS-Exchange-CrossTenant-Id";
/// A domain of the organisation the message comes from.
const ORGANISATION_FIELD: &str = "X-OriginatorOrg";

/// What the peer of a session has proven before its first command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: its mail is refused at MAIL.
    Unproven,
    /// That it is somebody we do not know, by a certificate with a name of nobody's; refused too.
    Stranger,
    /// It is Exchange Online; the tenant is still to be shown by the headers.
    Microsoft,
    /// It is this tenant's own server, by certificate or network.
    Tenant(TenantId),
}

impl Proof {
    /// The tenant that the peer itself is.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            Proof::Tenant(id) => Some(id),
            _ => None,
        }
    }
}

/// The peer of a session.
#[derive(Debug, Clone)]
pub struct Sender {
    pub proof: Proof,
    /// As given in EHLO; stands in Received.
    pub hello: String,
    pub address: IpAddr,
    /// Protocol version and cipher suite, for Received; `None` without TLS.
    pub tls: Option<String>,
}

/// What MAIL alone tells.
#[derive(Debug, Clone)]
pub(super) enum Candidate {
    /// Whose mail it will be, unless the headers say otherwise.
    Tenant(Arc<Tenant>),
    /// Only the headers can tell.
    Deferred,
    /// Nobody's.
    Refused(Unproven),
}

/// Why a message is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unproven {
    /// The peer proved nothing: no certificate, or an address of nobody's.
    Peer,
    /// Its certificate is neither Exchange Online's nor a tenant's.
    Stranger,
    /// The tenant's id is missing from the headers, or stands there twice.
    Header,
    /// It names nobody we know.
    UnknownTenant,
    /// The message says it comes from an organisation that is another tenant of ours.
    Organization,
    /// By an index of tenants that is too old to refuse anybody for good.
    StaleIndex,
}

/// The candidate at MAIL. A Microsoft peer's is certain only where XOORG, when given, and the domain of MAIL FROM
/// agree.
pub(super) fn candidate(proof: &Proof, mail: &Mail, region: &Region) -> Candidate {
    match proof {
        Proof::Unproven => Candidate::Refused(Unproven::Peer),
        Proof::Stranger => Candidate::Refused(Unproven::Stranger),
        Proof::Tenant(id) => {
            region.get(id).cloned().map_or(Candidate::Refused(Unproven::UnknownTenant), Candidate::Tenant)
        }
        Proof::Microsoft => {
            let by_path = mail.path.domain().and_then(|domain| microsoft_tenant(region, domain));
            let Some(tenant) = by_path else { return Candidate::Deferred };
            match mail.xoorg() {
                Some(organisation) => match microsoft_tenant(region, &organisation) {
                    Some(other) if other.id() == tenant.id() => Candidate::Tenant(tenant),
                    _ => Candidate::Deferred,
                },
                None => Candidate::Tenant(tenant),
            }
        }
    }
}

/// The tenant the message is bound to once its headers are there.
///
/// # Errors
/// Why it is nobody's: 550 5.7.1.
pub(super) fn bind(proof: &Proof, headers: &HeaderBlock, region: &Region) -> Result<Arc<Tenant>, Unproven> {
    match proof {
        Proof::Unproven => Err(Unproven::Peer),
        Proof::Stranger => Err(Unproven::Stranger),
        Proof::Tenant(id) => region.get(id).cloned().ok_or(Unproven::UnknownTenant),
        Proof::Microsoft => {
            let named = headers.only(TENANT_FIELD).ok_or(Unproven::Header)?;
            let named = std::str::from_utf8(named).map_err(|_| Unproven::Header)?.trim();
            let tenant = region.by_microsoft_id(named).filter(|tenant| is_microsoft(tenant));
            let tenant = tenant.ok_or(Unproven::UnknownTenant)?;
            let foreign = headers.all(ORGANISATION_FIELD).any(|value| {
                let domain = String::from_utf8_lossy(value);
                region.by_domain(domain.trim()).is_some_and(|owner| owner.id() != tenant.id())
            });
            if foreign { Err(Unproven::Organization) } else { Ok(tenant.clone()) }
        }
    }
}

fn microsoft_tenant(region: &Region, domain: &str) -> Option<Arc<Tenant>> {
    region.by_domain(domain).filter(|tenant| is_microsoft(tenant)).cloned()
}

/// A tenant proven by certificate or network is never bound through Exchange Online.
fn is_microsoft(tenant: &Tenant) -> bool {
    matches!(tenant.peer(), Peer::Microsoft { .. })
}
