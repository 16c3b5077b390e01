//! The social networks of the icons.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! networks {
    ($($name:ident $word:literal $title:literal $glyph:literal $colour:literal,)*) => {
        /// A social network. The icon is drawn with the network's colour and a glyph, so that it shows even where
        /// pictures are blocked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "lowercase")]
        pub enum Network { $($name,)* }

        impl Network {
            pub const ALL: &'static [Network] = &[$(Network::$name,)*];

            /// The name in the tenant file.
            pub fn word(self) -> &'static str {
                match self { $(Network::$name => $word,)* }
            }

            /// The name for people to read.
            pub fn title(self) -> &'static str {
                match self { $(Network::$name => $title,)* }
            }

            pub(in crate::tenant) fn glyph(self) -> &'static str {
                match self { $(Network::$name => $glyph,)* }
            }

            pub(in crate::tenant) fn colour(self) -> &'static str {
                match self { $(Network::$name => $colour,)* }
            }
        }
    };
}

networks! {
    Linkedin "linkedin" "LinkedIn" "in" "#0a66c2",
    Facebook "facebook" "Facebook" "f" "#1877f2",
    X "x" "X" "X" "#000000",
    Instagram "instagram" "Instagram" "ig" "#c13584",
    Youtube "youtube" "YouTube" "\u{25b6}" "#cc0000",
    Xing "xing" "XING" "xi" "#006567",
    Mastodon "mastodon" "Mastodon" "m" "#563acc",
    Bluesky "bluesky" "Bluesky" "b" "#0a66e0",
    Threads "threads" "Threads" "@" "#101010",
    Tiktok "tiktok" "TikTok" "\u{266a}" "#111111",
    Whatsapp "whatsapp" "WhatsApp" "wa" "#128c4a",
    Telegram "telegram" "Telegram" "t" "#1b7fb8",
    Pinterest "pinterest" "Pinterest" "P" "#bd081c",
    Github "github" "GitHub" "gh" "#24292f",
    Vimeo "vimeo" "Vimeo" "v" "#12759c",
    Website "website" "Website" "www" "#4a5568",
}
