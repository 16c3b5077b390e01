//! The elements that matter for the place of a signature, and what each of them does to it.
//!
//! Every other element is looked through: it neither ends a line nor keeps a block from standing inside it
//! (HTML standard sections 13.1.2 and 13.2.4.2).

/// An element. Elements with a number are told apart by it; numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Html,
    Head,
    Body,
    /// `div` and everything else that holds blocks and is no more than that.
    Div,
    Block(u8),
    Blockquote,
    Item,
    P,
    Pre,
    Heading,
    List,
    Table,
    Rows,
    Row,
    Cell,
    A,
    Formatting(u8),
    Span,
    Inline(u8),
    Template,
    Br,
    Hr,
    Image,
    /// Void elements that show nothing.
    Void,
    Unknown,
}

/// How well a place bears a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bears {
    /// A block stands well here.
    Block,
    /// Inside a `span`, `font`, `pre` or heading: a block is shown, but takes their looks.
    Inline,
    /// A block here would close or leave what is open: inside `p`, `a`, between the rows of a table.
    Nothing,
}

impl Element {
    /// The element of a tag name, in any case.
    pub fn of(name: &str) -> Element {
        let mut lower = [0u8; 10];
        let Some(lower) = lower.get_mut(..name.len()) else { return Element::Unknown };
        lower.iter_mut().zip(name.bytes()).for_each(|(lower, byte)| *lower = byte.to_ascii_lowercase());
        if lower.len() <= 3 { Element::short(lower) } else { Element::long(lower) }
    }

    /// Names of up to three letters.
    fn short(name: &[u8]) -> Element {
        match name {
            b"p" => Element::P,
            b"a" => Element::A,
            b"b" => Element::Formatting(0),
            b"i" => Element::Formatting(1),
            b"u" => Element::Formatting(2),
            b"s" => Element::Formatting(10),
            b"q" => Element::Inline(4),
            b"li" | b"dd" | b"dt" => Element::Item,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Element::Heading,
            b"ul" | b"ol" | b"dl" => Element::List,
            b"tr" => Element::Row,
            b"td" | b"th" => Element::Cell,
            b"em" => Element::Formatting(5),
            b"tt" => Element::Formatting(8),
            b"br" => Element::Br,
            b"hr" => Element::Hr,
            b"div" => Element::Div,
            b"pre" => Element::Pre,
            b"dir" => Element::List,
            b"big" => Element::Formatting(6),
            b"sub" => Element::Inline(0),
            b"sup" => Element::Inline(1),
            b"img" => Element::Image,
            b"col" | b"wbr" => Element::Void,
            _ => Element::Unknown,
        }
    }

    fn long(name: &[u8]) -> Element {
        match name {
            b"html" => Element::Html,
            b"head" => Element::Head,
            b"body" => Element::Body,
            b"form" => Element::Block(4),
            b"main" => Element::Block(5),
            b"menu" => Element::List,
            b"font" => Element::Formatting(3),
            b"code" => Element::Formatting(9),
            b"nobr" => Element::Formatting(11),
            b"span" => Element::Span,
            b"cite" => Element::Inline(3),
            b"area" | b"base" | b"link" | b"meta" => Element::Void,
            b"aside" => Element::Block(10),
            b"table" => Element::Table,
            b"tbody" | b"thead" | b"tfoot" => Element::Rows,
            b"small" => Element::Formatting(7),
            b"label" => Element::Inline(2),
            b"input" | b"embed" => Element::Image,
            b"param" => Element::Void,
            b"center" => Element::Block(1),
            b"header" => Element::Block(6),
            b"footer" => Element::Block(7),
            b"strong" => Element::Formatting(4),
            b"strike" => Element::Formatting(10),
            b"object" | b"button" | b"select" => Element::Image,
            b"source" => Element::Void,
            b"section" => Element::Block(2),
            b"article" => Element::Block(3),
            b"address" => Element::Block(9),
            b"listing" => Element::Pre,
            b"caption" => Element::Cell,
            b"fieldset" => Element::Block(8),
            b"template" => Element::Template,
            b"blockquote" => Element::Blockquote,
            _ => Element::Unknown,
        }
    }

    /// Whether a tag of this element ends a line of text.
    pub fn breaks_line(self) -> bool {
        !matches!(
            self,
            Element::A
                | Element::Formatting(_)
                | Element::Span
                | Element::Inline(_)
                | Element::Unknown
                | Element::Cell
                | Element::Image
                | Element::Void
        )
    }

    /// Whether its start tag ends a paragraph; a table does not in a text without doctype.
    pub fn closes_paragraph(self, quirks: bool) -> bool {
        match self {
            Element::Table => !quirks,
            Element::Div | Element::Block(_) | Element::Blockquote | Element::Item | Element::P | Element::Pre => true,
            Element::Heading | Element::List | Element::Hr => true,
            _ => false,
        }
    }

    /// Whether it stands on the stack while it is open.
    pub fn is_kept(self) -> bool {
        !matches!(self, Element::Br | Element::Hr | Element::Image | Element::Void | Element::Unknown)
    }

    /// Whether only its own end tag, or that of a block around it, closes it.
    pub fn is_special(self) -> bool {
        !matches!(self, Element::A | Element::Formatting(_) | Element::Span | Element::Inline(_))
    }

    pub fn bears(self) -> Bears {
        match self {
            Element::P | Element::A | Element::List | Element::Table | Element::Rows | Element::Row => Bears::Nothing,
            Element::Pre | Element::Heading | Element::Formatting(_) | Element::Span | Element::Inline(_) => {
                Bears::Inline
            }
            _ => Bears::Block,
        }
    }

    /// Which of [`SLOTS`] lists it is counted in.
    pub fn slot(self) -> Option<usize> {
        Some(match self {
            Element::Html => 0,
            Element::Head => 1,
            Element::Body => 2,
            Element::Div => 3,
            Element::Item => 4,
            Element::P => 5,
            Element::Pre => 6,
            Element::Heading => 7,
            Element::List => 8,
            Element::Table => 9,
            Element::Rows => 10,
            Element::Row => 11,
            Element::Cell => 12,
            Element::A => 13,
            Element::Span => 14,
            Element::Template => 15,
            Element::Blockquote => 16,
            Element::Block(which) => 16 + usize::from(which),
            Element::Formatting(which) => 32 + usize::from(which),
            Element::Inline(which) => 48 + usize::from(which),
            _ => return None,
        })
    }
}

/// One more than the largest slot.
pub(super) const SLOTS: usize = 64;
