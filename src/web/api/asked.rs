//! One request: who asks, on what terms. The only way from the name of a tenant in a path to that tenant.
//!
//! Whoever has a token of one tenant, or belongs to its team, finds no other there, whether it exists or not.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::bearer::Caller;
use super::problem::{Kind, Refusal};
use super::state::State;
use crate::account::{Permission, Role};
use crate::store::{By, Cases, Expected, Store};
use crate::tenant::{Revision, TenantId};

/// A request of somebody who may ask.
pub struct Asked {
    pub state: web::Data<State>,
    caller: Caller,
    ip: Option<IpAddr>,
    expected: Option<Condition>,
    /// Do all of it, but not for good.
    pub dry_run: bool,
    reason: Option<String>,
    /// Test cases may fail.
    overrides_cases: bool,
}

/// What the caller says the tenant must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// `If-Match: "7"`.
    At(Revision),
    /// `If-Match: *`.
    There,
    /// `If-None-Match: *`.
    Absent,
}

/// Parameters that every change takes.
#[derive(Debug, Default, Deserialize)]
struct OfChange {
    #[serde(default)]
    dry_run: Option<bool>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    override_cases: Option<bool>,
}

impl Asked {
    /// The tenant of a path, for somebody who may do this.
    pub fn tenant(&self, id: &str, scope: Permission) -> Result<TenantId, Refusal> {
        let known = self.permitted(id, scope)?;
        if self.overrides_cases {
            // Whoever answers for the whole tenant.
            self.permitted(id, Permission::TenantWrite)?;
            if self.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(Refusal::new(Kind::Invalid, "say why test cases may fail").at("?reason"));
            }
        }
        Ok(known)
    }

    fn permitted(&self, id: &str, scope: Permission) -> Result<TenantId, Refusal> {
        let known = TenantId::parse(id).ok_or_else(|| unknown_tenant(id));
        match &self.caller {
            Caller::Token(token) => {
                self.may(scope)?;
                known
                    .ok()
                    .filter(|id| token.tenant.as_ref().is_none_or(|own| own == id))
                    .ok_or_else(|| unknown_tenant(id))
            }
            Caller::Session(who) => {
                let known = known?;
                let membership = who.memberships.iter().find(|one| one.tenant == known);
                let membership = membership.ok_or_else(|| unknown_tenant(id))?;
                if !who.comes_in_at(membership) {
                    let why = format!("{} asks its people to sign in with Microsoft", membership.name);
                    return Err(Refusal::new(Kind::Microsoft, why));
                }
                let role = membership.role;
                match role.permits(scope) {
                    true => Ok(known),
                    false => {
                        let why =
                            format!("your role, {}, does not permit this; it needs {}", role.word(), scope.word());
                        Err(Refusal::new(Kind::Forbidden, why))
                    }
                }
            }
        }
    }

    /// For what is done to no tenant, or to all.
    pub fn region(&self, scope: Permission) -> Result<(), Refusal> {
        self.may(scope)?;
        match self.own_tenants() {
            None => Ok(()),
            Some(_) => {
                let why = "this is for the operator of the region, with a token of the region";
                Err(Refusal::new(Kind::Forbidden, why))
            }
        }
    }

    /// The tenants that the caller is of; `None`: of the region.
    pub fn own_tenants(&self) -> Option<Vec<TenantId>> {
        match &self.caller {
            Caller::Token(token) => token.tenant.clone().map(|tenant| vec![tenant]),
            Caller::Session(who) => {
                let open = who.memberships.iter().filter(|one| who.comes_in_at(one));
                Some(open.map(|one| one.tenant.clone()).collect())
            }
        }
    }

    /// The role of somebody who has signed in.
    pub fn role(&self, tenant: &TenantId) -> Option<Role> {
        match &self.caller {
            Caller::Token(_) => None,
            Caller::Session(who) => who.memberships.iter().find(|one| one.tenant == *tenant).map(|one| one.role),
        }
    }

    /// By what somebody has signed in.
    pub fn by(&self) -> Option<&By> {
        match &self.caller {
            Caller::Token(_) => None,
            Caller::Session(who) => Some(&who.by),
        }
    }

    /// The account of somebody who has signed in.
    pub fn account(&self) -> Option<&str> {
        match &self.caller {
            Caller::Token(_) => None,
            Caller::Session(who) => Some(&who.account),
        }
    }

    /// For what matters most: somebody who has signed in has shown the password a short while ago.
    pub fn confirmed(&self) -> Result<(), Refusal> {
        match &self.caller {
            Caller::Token(_) => Ok(()),
            Caller::Session(who) => self.state.confirmed(who),
        }
    }

    /// Whether this is permitted at all; for which tenant is another question.
    pub fn may(&self, scope: Permission) -> Result<(), Refusal> {
        match &self.caller {
            Caller::Token(token) if !token.scopes.contains(&scope) => {
                Err(Refusal::new(Kind::Forbidden, format!("the token lacks the scope {}", scope.word())))
            }
            Caller::Token(_) | Caller::Session(_) => Ok(()),
        }
    }

    pub async fn store(&self) -> Result<&Store, Refusal> {
        self.state.store().await
    }

    /// The store as this request changes it.
    pub async fn change(&self) -> Result<Store, Refusal> {
        let author = match &self.caller {
            Caller::Token(token) => format!("token {} ({})", token.id, token.name),
            // No name: that goes with the account, and what was done stays.
            Caller::Session(who) => format!("account {}", who.account),
        };
        let mut store = self.state.writable_store().await?.for_author(&author).asked_from(self.ip);
        if let Some(reason) = &self.reason {
            store = store.because(reason);
        }
        if self.dry_run {
            store = store.on_trial();
        }
        store = store.with_cases(if self.overrides_cases { Cases::MayFail } else { Cases::MustPass });
        Ok(match self.expected {
            Some(Condition::At(revision)) => store.expecting(Expected::At(revision)),
            Some(Condition::Absent) => store.expecting(Expected::Absent),
            Some(Condition::There) | None => store,
        })
    }

    /// Whether the caller has said anything about what is there.
    pub fn says_what_is_there(&self) -> bool {
        self.expected.is_some()
    }

    /// Whether that is a certain revision.
    pub fn says_a_revision(&self) -> bool {
        matches!(self.expected, Some(Condition::At(_)))
    }
}

impl FromRequest for Asked {
    type Error = Refusal;
    type Future = Ready<Result<Asked, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(asked(request))
    }
}

fn asked(request: &HttpRequest) -> Result<Asked, Refusal> {
    let caller = request.extensions().get::<Caller>().cloned();
    let (Some(caller), Some(state)) = (caller, request.app_data::<web::Data<State>>()) else {
        return Err(Refusal::new(Kind::Fault, "the request has no caller"));
    };
    let OfChange { dry_run, reason, override_cases } = match request.method().is_safe() {
        true => OfChange::default(),
        false => Parameters { query: request.query_string().to_owned(), read: PhantomData }.read()?,
    };
    let expected = condition(request)?;
    let ip = request.peer_addr().map(|peer| peer.ip());
    Ok(Asked {
        state: state.clone(),
        caller,
        ip,
        expected,
        dry_run: dry_run.unwrap_or_default(),
        reason,
        overrides_cases: override_cases.unwrap_or_default(),
    })
}

fn condition(request: &HttpRequest) -> Result<Option<Condition>, Refusal> {
    let header = |name| request.headers().get(name).map(|value: &actix_web::http::header::HeaderValue| value.to_str());
    match (header(IF_MATCH), header(IF_NONE_MATCH)) {
        (Some(Ok(text)), _) if text.trim() == "*" => Ok(Some(Condition::There)),
        (Some(Ok(text)), _) => {
            let digits = text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let number = digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
                let why = "is one revision in quotes, as the ETag of an answer has it, or *";
                Refusal::new(Kind::Malformed, why).at("If-Match")
            })?;
            Ok(Some(Condition::At(Revision(number))))
        }
        (None, Some(Ok("*"))) => Ok(Some(Condition::Absent)),
        (Some(Err(_)), _) => Err(Refusal::new(Kind::Malformed, "is no text").at("If-Match")),
        (None, _) => Ok(None),
    }
}

fn wrong_query(error: &actix_web::error::QueryPayloadError) -> Refusal {
    let told = error.to_string();
    let told = told.strip_prefix("Query deserialize error: ").unwrap_or(&told);
    Refusal::new(Kind::Malformed, told).at("?")
}

/// The parameters of a request, still to be read by whoever has seen that the caller may.
pub struct Parameters<T> {
    query: String,
    read: PhantomData<T>,
}

impl<T: DeserializeOwned> Parameters<T> {
    pub fn read(self) -> Result<T, Refusal> {
        let read = web::Query::<T>::from_query(&self.query);
        read.map(web::Query::into_inner).map_err(|error| wrong_query(&error))
    }
}

impl<T> FromRequest for Parameters<T> {
    type Error = Refusal;
    type Future = Ready<Result<Parameters<T>, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Parameters { query: request.query_string().to_owned(), read: PhantomData }))
    }
}

pub fn unknown_tenant(id: &str) -> Refusal {
    let id: String = id.chars().filter(|c| !c.is_control()).take(64).collect();
    Refusal::not_found(format_args!("tenant {id}"))
}

/// The validator of a revision.
pub fn etag(revision: Revision) -> (actix_web::http::header::HeaderName, String) {
    (actix_web::http::header::ETAG, format!("\"{}\"", revision.0))
}
