//! The API under `/api/v1`, for administrators' scripts and for the console.
//!
//! Whoever asks shows a token; it says for which tenant, or for the region, and what it permits. Another tenant's
//! things are not there (404). A change is one transaction with its row in the audit trail; `If-Match` keeps two from
//! changing the same, and `dry_run` does all of it but for good. What is wrong is told as a problem (RFC 9457) with
//! place and sentence, and changes nothing. Nothing here asks an edge: it reads the store, and compiles for itself.

mod account;
mod asked;
mod audit;
mod audit_export;
mod bearer;
mod body;
mod brand;
mod cases;
mod connection;
mod csv;
mod decisions;
mod directory;
mod document;
mod drafts;
mod explain;
mod failures;
mod folders;
mod history;
mod images;
mod import;
mod invitations;
mod listener;
mod mode;
mod organisation;
mod overrides;
mod people;
mod preview;
mod problem;
mod region;
mod schema;
mod sign_in_rules;
mod signatures;
mod state;
mod statistics;
mod team;
mod templates;
mod tenants;
mod tls;

pub use document::document;
pub use listener::{Api, OfEdge, Start, start};

use utoipa_actix_web::service_config::ServiceConfig;

/// Every route; what is not here does not exist, and what is here is in the document.
fn routes(config: &mut ServiceConfig<'_>) {
    for routes in [
        account::routes,
        tenants::routes,
        mode::routes,
        signatures::routes,
        folders::routes,
        history::routes,
        drafts::routes,
        cases::routes,
        templates::routes,
        images::routes,
        brand::routes,
        import::routes,
        people::routes,
        overrides::routes,
        preview::routes,
        explain::routes,
        decisions::routes,
        statistics::routes,
        region::routes,
        directory::routes,
        organisation::routes,
        connection::routes,
        audit::routes,
        team::routes,
        sign_in_rules::routes,
        invitations::routes,
    ] {
        config.configure(routes);
    }
}

#[cfg(test)]
mod tests;
