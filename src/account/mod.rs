//! Who uses the console: what an account is made of, what a password must be, what a role permits.
//!
//! Decisions alone, without clock or store: `store` keeps accounts, `web` lets their owners in.

mod authenticator;
mod country;
mod details;
mod letter;
mod password;
mod permission;
mod region;
mod role;

pub use authenticator::{Authenticator, SECRET_OCTETS, scannable};
pub use country::COUNTRIES;
pub use details::{Details, Email};
pub use letter::Letter;
pub use password::{Judgement, MOST_CHARACTERS, Profile, judge};
pub use permission::Permission;
pub use region::Region;
pub use role::Role;
