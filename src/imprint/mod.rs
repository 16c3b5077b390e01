//! One message and one stamp make the same message, signed. Pure: bytes in, bytes out, no clock, no socket, no log.
//!
//! Every byte that is not the signature leaves as it came (design: hold, decide, release).

mod headers;
pub mod place;
mod reason;
mod stamp;
pub mod stamp_field;
mod step;

pub use headers::{Field, HeaderBlock};
pub use reason::Reason;
pub use stamp::{Image, Piece, Place, Stamp};
pub use stamp_field::StampKey;
pub use step::{Additions, BodyFacts, EditedPart, Fate, Kind, Outcome, Output, Step};
