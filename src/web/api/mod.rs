//! The API under `/api/v1`, for administrators' scripts and for the console.
//!
//! Whoever asks shows a token; it says for which tenant, or for the region, and what it permits. Another tenant's
//! things are not there (404). A change is one transaction with its row in the audit trail; `If-Match` keeps two from
//! changing the same, and `dry_run` does all of it but for good. What is wrong is told as a problem (RFC 9457) with
//! place and sentence, and changes nothing. Nothing here asks an edge: it reads the store, and compiles for itself.

mod asked;
mod audit;
mod bearer;
mod body;
mod document;
mod failures;
mod listener;
mod mode;
mod problem;
mod schema;
mod state;
mod tenants;
mod tls;

pub use document::document;
pub use listener::{Api, Start, start};

use utoipa_actix_web::service_config::ServiceConfig;

/// Every route; what is not here does not exist, and what is here is in the document.
fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(tenants::routes).configure(mode::routes).configure(audit::routes);
}

#[cfg(test)]
mod tests;
