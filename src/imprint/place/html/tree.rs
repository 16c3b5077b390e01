//! The stack of open elements, as far as the place of a signature depends on it (HTML standard section 13.2.6).
//!
//! End tags that are left out (`</p>`, `</li>`, `</td>`) are implied, end tags that match nothing are ignored, and an
//! end tag inside a table cell closes nothing outside it. Elements that are not known here are looked through. Every
//! operation costs amortised constant time, whatever the depth.

use super::marks;

/// The elements that matter. The order is that of [`NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Html,
    Head,
    Body,
    /// `div` and everything else that holds blocks and is no more than that.
    Div,
    Block(u8),
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

/// A place for the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub offset: usize,
    pub bears: Bears,
    /// The mark of an element that was climbed out of on the way.
    pub named: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub element: Element,
    pub start: usize,
    pub flags: Flags,
    /// How everything open from here down bears a block.
    bears: Bears,
    /// Closed out of order.
    gone: bool,
    /// Elements below this one that only their own end tag closes.
    specials: usize,
    /// Height of the stack at the innermost table cell.
    barrier: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flags {
    pub hidden: bool,
    /// A signature of ours.
    pub ours: bool,
    pub section: bool,
    /// Begins a quote, but is no proof of one.
    pub named: Option<&'static str>,
}

#[derive(Debug)]
pub(super) struct Tree {
    stack: Vec<Open>,
    /// Positions in the stack, by [`Element::slot`].
    places: Vec<Vec<usize>>,
    pub hidden: usize,
    pub ours: usize,
    pub preformatted: usize,
    pub quirks: bool,
}

impl Tree {
    pub fn new() -> Tree {
        Tree { stack: Vec::new(), places: vec![Vec::new(); SLOTS], hidden: 0, ours: 0, preformatted: 0, quirks: true }
    }

    /// Whether an element of this kind is open.
    pub fn is_open(&self, element: Element) -> bool {
        element.slot().and_then(|slot| self.places.get(slot)).is_some_and(|places| !places.is_empty())
    }

    pub fn named_open(&self) -> bool {
        self.stack.last().is_some_and(|open| open.flags.named.is_some())
    }

    pub fn open(&mut self, element: Element, start: usize, flags: Flags) {
        self.imply(element);
        if !element.is_kept() {
            return;
        }
        if matches!(element, Element::Html | Element::Body) && self.is_open(element) {
            return;
        }
        let below = self.stack.last().copied();
        let bears = match element.bears() {
            // What is inside a cell does not close what is outside the table.
            Bears::Block if element == Element::Cell => Bears::Block,
            own => own.max(below.map_or(Bears::Block, |below| below.inherited())),
        };
        let specials = below.map_or(0, |below| below.specials + usize::from(below.element.is_special()));
        let barrier = match below {
            Some(below) if below.element == Element::Cell => self.stack.len(),
            Some(below) => below.barrier,
            None => 0,
        };
        if let Some(places) = element.slot().and_then(|slot| self.places.get_mut(slot)) {
            places.push(self.stack.len());
        }
        self.count(&flags, element, true);
        self.stack.push(Open { element, start, flags, bears, gone: false, specials, barrier });
    }

    /// Closes an element; answers with what was closed, if it was open.
    pub fn close(&mut self, element: Element) -> Option<Open> {
        // `</body>` and `</html>` leave everything open: what follows is still shown inside.
        if matches!(element, Element::Html | Element::Body) {
            return None;
        }
        let slot = element.slot()?;
        let at = *self.places.get(slot)?.last()?;
        let top = *self.stack.last()?;
        let target = *self.stack.get(at)?;
        let tabular = matches!(element, Element::Table | Element::Rows | Element::Row | Element::Cell);
        if !tabular && at < top.barrier.max(if top.element == Element::Cell { self.stack.len() } else { 0 }) {
            return None;
        }
        match element {
            Element::Formatting(_) | Element::A => {
                self.forget(at, slot);
                Some(target)
            }
            Element::Span | Element::Inline(_)
                if top.specials + usize::from(top.element.is_special()) > target.specials =>
            {
                None
            }
            _ => {
                self.pop_to(at);
                Some(target)
            }
        }
    }

    /// The place for something that begins at `at`, when all that is visible before ends at `visible` or earlier:
    /// before the outermost element that begins with it, but inside the body and a section of Word.
    pub fn spot(&self, at: usize, visible: usize) -> Spot {
        let here = |offset, level: usize, named| {
            let bears = match level.checked_sub(1).and_then(|below| self.stack.get(below)) {
                Some(below) => below.bears,
                None => Bears::Block,
            };
            Spot { offset, bears, named }
        };
        let mut named = None;
        let mut best = here(at, self.stack.len(), None);
        for (level, open) in self.stack.iter().enumerate().rev() {
            let root = matches!(open.element, Element::Html | Element::Head | Element::Body) || open.flags.section;
            if root || open.start < visible {
                break;
            }
            if open.gone {
                continue;
            }
            named = open.flags.named.or(named);
            let spot = here(open.start, level, named);
            if spot.bears <= best.bears {
                best = spot;
            }
        }
        best.named = best.named.or(named);
        best
    }

    /// How what is open now bears a block.
    pub fn bears(&self) -> Bears {
        self.stack.last().map_or(Bears::Block, |open| open.bears)
    }

    /// Start tags that close what is open: blocks close a paragraph, items and cells their like.
    fn imply(&mut self, element: Element) {
        let closes_paragraph = match element {
            Element::Table => !self.quirks,
            Element::Div | Element::Block(_) | Element::Item | Element::P | Element::Pre => true,
            Element::Heading | Element::List | Element::Hr => true,
            _ => false,
        };
        if closes_paragraph {
            self.close(Element::P);
        }
        match element {
            Element::Item => self.close_within(Element::Item, Element::List),
            Element::Cell => self.close_within(Element::Cell, Element::Table),
            Element::Row => {
                self.close_within(Element::Cell, Element::Table);
                self.close_within(Element::Row, Element::Table);
            }
            Element::Rows => {
                self.close_within(Element::Cell, Element::Table);
                self.close_within(Element::Row, Element::Table);
                self.close_within(Element::Rows, Element::Table);
            }
            Element::A => drop(self.close(Element::A)),
            Element::Body => drop(self.close(Element::Head)),
            _ => {}
        }
    }

    /// Closes the innermost of these, unless a container of them was opened after it.
    fn close_within(&mut self, element: Element, container: Element) {
        let innermost = |element: Element| element.slot().and_then(|slot| self.places.get(slot)?.last().copied());
        if let Some(at) = innermost(element)
            && innermost(container).is_none_or(|container| container < at)
        {
            self.pop_to(at);
        }
    }

    fn pop_to(&mut self, at: usize) {
        while self.stack.len() > at {
            let Some(open) = self.stack.pop() else { return };
            if open.gone {
                continue;
            }
            if let Some(places) = open.element.slot().and_then(|slot| self.places.get_mut(slot)) {
                places.pop();
            }
            self.count(&open.flags, open.element, false);
        }
    }

    /// A formatting element ends while blocks in it stay open.
    fn forget(&mut self, at: usize, slot: usize) {
        if at + 1 == self.stack.len() {
            return self.pop_to(at);
        }
        if let Some(places) = self.places.get_mut(slot) {
            places.pop();
        }
        let Some(open) = self.stack.get_mut(at) else { return };
        open.gone = true;
        let (flags, element) = (open.flags, open.element);
        self.count(&flags, element, false);
    }

    fn count(&mut self, flags: &Flags, element: Element, opened: bool) {
        let step = |count: &mut usize| *count = if opened { *count + 1 } else { count.saturating_sub(1) };
        if flags.hidden || matches!(element, Element::Head | Element::Template) {
            step(&mut self.hidden);
        }
        if flags.ours {
            step(&mut self.ours);
        }
        if element == Element::Pre {
            step(&mut self.preformatted);
        }
    }
}

impl Open {
    /// What an element inside this one has to bear with. Between rows and items nothing stands, but the next cell or
    /// item does.
    fn inherited(&self) -> Bears {
        self.bears
    }
}

impl Element {
    /// The element of a tag name, in any case.
    pub fn of(name: &str) -> Element {
        let mut lower = [0u8; 10];
        let Some(lower) = lower.get_mut(..name.len()) else { return Element::Unknown };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        match &*lower {
            b"html" => Element::Html,
            b"head" => Element::Head,
            b"body" => Element::Body,
            b"div" => Element::Div,
            b"blockquote" => Element::Block(0),
            b"center" => Element::Block(1),
            b"section" => Element::Block(2),
            b"article" => Element::Block(3),
            b"form" => Element::Block(4),
            b"main" => Element::Block(5),
            b"header" => Element::Block(6),
            b"footer" => Element::Block(7),
            b"fieldset" => Element::Block(8),
            b"address" => Element::Block(9),
            b"aside" => Element::Block(10),
            b"li" | b"dd" | b"dt" => Element::Item,
            b"p" => Element::P,
            b"pre" | b"listing" => Element::Pre,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Element::Heading,
            b"ul" | b"ol" | b"dl" | b"dir" | b"menu" => Element::List,
            b"table" => Element::Table,
            b"tbody" | b"thead" | b"tfoot" => Element::Rows,
            b"tr" => Element::Row,
            b"td" | b"th" | b"caption" => Element::Cell,
            b"a" => Element::A,
            b"b" => Element::Formatting(0),
            b"i" => Element::Formatting(1),
            b"u" => Element::Formatting(2),
            b"font" => Element::Formatting(3),
            b"strong" => Element::Formatting(4),
            b"em" => Element::Formatting(5),
            b"big" => Element::Formatting(6),
            b"small" => Element::Formatting(7),
            b"tt" => Element::Formatting(8),
            b"code" => Element::Formatting(9),
            b"s" | b"strike" => Element::Formatting(10),
            b"nobr" => Element::Formatting(11),
            b"span" => Element::Span,
            b"sub" => Element::Inline(0),
            b"sup" => Element::Inline(1),
            b"label" => Element::Inline(2),
            b"cite" => Element::Inline(3),
            b"q" => Element::Inline(4),
            b"template" => Element::Template,
            b"br" => Element::Br,
            b"hr" => Element::Hr,
            b"img" | b"input" | b"embed" | b"object" | b"button" | b"select" => Element::Image,
            b"area" | b"base" | b"col" | b"link" | b"meta" | b"param" | b"source" | b"wbr" => Element::Void,
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

    fn is_kept(self) -> bool {
        !matches!(self, Element::Br | Element::Hr | Element::Image | Element::Void | Element::Unknown)
    }

    fn is_special(self) -> bool {
        !matches!(self, Element::A | Element::Formatting(_) | Element::Span | Element::Inline(_))
    }

    fn bears(self) -> Bears {
        match self {
            Element::P | Element::A | Element::List | Element::Table | Element::Rows | Element::Row => Bears::Nothing,
            Element::Pre | Element::Heading | Element::Formatting(_) | Element::Span | Element::Inline(_) => {
                Bears::Inline
            }
            _ => Bears::Block,
        }
    }

    fn slot(self) -> Option<usize> {
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
            Element::Block(which) => 16 + usize::from(which),
            Element::Formatting(which) => 32 + usize::from(which),
            Element::Inline(which) => 48 + usize::from(which),
            _ => return None,
        })
    }
}

/// One more than the largest slot.
const SLOTS: usize = 64;

/// Flags that the attributes of an element set.
pub(super) fn flags(element: Element, attributes: &super::token::Attributes<'_>) -> Flags {
    Flags {
        hidden: attributes.hidden || attributes.style.is_some_and(marks::hides),
        ours: attributes.class.is_some_and(|class| marks::signature_words(class).next().is_some()),
        section: element == Element::Div && attributes.class.is_some_and(marks::is_section),
        named: marks::container(attributes),
    }
}
