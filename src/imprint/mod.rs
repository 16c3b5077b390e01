//! One message and one stamp make the same message, signed. Pure: bytes in, bytes out, no clock, no socket, no log.
//!
//! Every byte that is not the signature leaves as it came (design: hold, decide, release). The way through:
//! `imprinter` asks and answers; `head_scan` and `walk` find the header block and the parts; `group` knows which text
//! leaves are the body; `leaf`, `text`, `compose`, `charset` and `transfer` put a piece into one, `alternative` HTML beside a
//! plain text; `images` carries pictures, of which `reuse` finds those that the message has already; `seen` tells whether a
//! signature stands there; `subject` takes a rule's keyword out; `decision` makes all edits of a stamp; `script` hands the
//! input on around them.
//! A body of Microsoft's own form is a `tnef_leaf`: `tnef` reads and writes the encapsulation, `rtf` the rich text in it.

mod alternative;
mod charset;
mod compose;
mod content;
mod decision;
mod delimiter;
mod encoded_word;
pub mod file;
#[doc(hidden)]
pub mod fuzz;
mod group;
mod head_scan;
mod header_edit;
mod headers;
mod hold;
mod images;
mod imprinter;
mod kind;
mod leaf;
mod part;
pub mod place;
mod protect;
mod reason;
mod reuse;
mod rich;
pub mod rtf;
mod script;
mod seen;
mod splice;
mod stamp;
pub mod stamp_field;
mod step;
mod subject;
#[cfg(test)]
mod tests;
mod text;
pub mod tnef;
mod tnef_held;
mod tnef_leaf;
mod to_html;
mod transfer;
mod walk;
mod wiped;

pub use alternative::ALTERNATIVE_BYTES;
pub use headers::{Field, HeaderBlock, unfold};
pub use imprinter::{Imprinter, Limits};
pub use reason::Reason;
pub use seen::{Quoted, Seen, Wording};
pub use stamp::{Image, Piece, Place, RichText, Stamp};
pub use stamp_field::StampKey;
pub use step::{Additions, BodyFacts, EditedPart, Fate, Kind, Outcome, Output, Step};
