//! The stack of open elements, as far as the place of a signature depends on it (HTML standard section 13.2.6).
//!
//! End tags that are left out (`</p>`, `</li>`, `</td>`) are implied, end tags that match nothing are ignored, and an
//! end tag inside a table cell closes nothing outside it. Elements that are not known here are looked through. Every
//! operation costs amortised constant time, whatever the depth.

use super::element::{Bears, Element, SLOTS};
use super::marks;
use super::token::Attributes;
use crate::imprint::place::steps;

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
    /// Its start tag closed a link, item or cell: what stands before the tag stands inside that.
    crowded: bool,
    /// Elements below this one that only their own end tag closes.
    specials: usize,
    /// Height of the stack at the innermost table cell.
    barrier: usize,
    /// Where the element of the same slot stands that was innermost before.
    outer: usize,
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

/// No place in the stack.
const NONE: usize = usize::MAX;

#[derive(Debug)]
pub(super) struct Tree {
    stack: Vec<Open>,
    /// Where the innermost element of each [`Element::slot`] stands, or [`NONE`].
    innermost: [usize; SLOTS],
    /// A bit for each slot that has one.
    open: u64,
    pub hidden: usize,
    pub ours: usize,
    /// Open elements that carry a name of [`Flags::named`].
    pub named: usize,
    pub preformatted: usize,
    pub quirks: bool,
    /// The start tag just read closed a link, item or cell.
    crowded: bool,
}

impl Tree {
    pub fn new() -> Tree {
        Tree {
            stack: Vec::new(),
            innermost: [NONE; SLOTS],
            open: 0,
            hidden: 0,
            ours: 0,
            named: 0,
            preformatted: 0,
            quirks: true,
            crowded: false,
        }
    }

    /// Whether an element of this kind is open.
    #[inline]
    pub fn is_open(&self, element: Element) -> bool {
        element.slot().is_some_and(|slot| self.open & (1 << slot) != 0)
    }

    /// Where the innermost element of this kind stands.
    fn innermost(&self, element: Element) -> Option<usize> {
        let at = self.innermost.get(element.slot()?).copied();
        at.filter(|at| *at != NONE)
    }

    /// Puts an element on the stack, after [`imply`](Self::imply) made room for it.
    pub fn open(&mut self, element: Element, start: usize, flags: Flags) {
        let crowded = std::mem::take(&mut self.crowded);
        // The standard drops cells and rows outside of a table.
        let stray = matches!(element, Element::Rows | Element::Row | Element::Cell) && !self.is_open(Element::Table);
        if stray || !element.is_kept() {
            return;
        }
        if matches!(element, Element::Html | Element::Body) && self.is_open(element) {
            return;
        }
        let below = self.stack.last().copied();
        let bears = match element.bears() {
            // What is inside a cell does not close what is outside the table.
            Bears::Block if element == Element::Cell => Bears::Block,
            own => own.max(below.map_or(Bears::Block, |below| below.bears)),
        };
        let specials = below.map_or(0, |below| below.specials + usize::from(below.element.is_special()));
        let barrier = match below {
            Some(below) if below.element == Element::Cell => self.stack.len(),
            Some(below) => below.barrier,
            None => 0,
        };
        let mut outer = NONE;
        if let Some(slot) = element.slot()
            && let Some(innermost) = self.innermost.get_mut(slot)
        {
            outer = std::mem::replace(innermost, self.stack.len());
            self.open |= 1 << slot;
        }
        self.count(&flags, element, true);
        self.stack.push(Open { element, start, flags, bears, gone: false, crowded, specials, barrier, outer });
    }

    /// Closes an element; answers with what was closed, if it was open.
    pub fn close(&mut self, element: Element) -> Option<Open> {
        // `</body>` and `</html>` leave everything open: what follows is still shown inside.
        if matches!(element, Element::Html | Element::Body) {
            return None;
        }
        let at = self.innermost(element)?;
        let top = *self.stack.last()?;
        let target = *self.stack.get(at)?;
        let tabular = matches!(element, Element::Table | Element::Rows | Element::Row | Element::Cell);
        if !tabular && at < top.barrier.max(if top.element == Element::Cell { self.stack.len() } else { 0 }) {
            return None;
        }
        match element {
            Element::Formatting(_) | Element::A => {
                self.forget(at);
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
        if self.crowded {
            best.bears = Bears::Nothing;
        }
        for (level, open) in self.stack.iter().enumerate().rev() {
            steps::add(1);
            let root = matches!(open.element, Element::Html | Element::Head | Element::Body) || open.flags.section;
            if root || open.start < visible {
                break;
            }
            if open.gone {
                continue;
            }
            named = open.flags.named.or(named);
            let spot = here(open.start, level, named);
            if spot.bears <= best.bears && !open.crowded {
                best = spot;
            }
        }
        best.named = best.named.or(named);
        best
    }

    /// What the attributes of an element say, were it opened now.
    pub fn flags(&self, element: Element, attributes: &Attributes<'_>) -> Flags {
        let class = attributes.class;
        let root = self.stack.last().is_none_or(|open| matches!(open.element, Element::Html | Element::Body));
        Flags {
            hidden: attributes.hidden || attributes.style.is_some_and(marks::hides),
            ours: attributes.telling_class.is_some_and(|class| marks::signature_words(class).next().is_some()),
            section: root && element == Element::Div && class.is_some_and(marks::is_section),
            named: marks::container(attributes),
        }
    }

    /// How what is open now bears a block.
    #[cfg(test)]
    pub fn bears(&self) -> Bears {
        self.stack.last().map_or(Bears::Block, |open| open.bears)
    }

    /// Start tags that close what is open: blocks close a paragraph, items and cells their like.
    pub fn imply(&mut self, element: Element) {
        if self.is_open(Element::Head)
            && !matches!(element, Element::Void | Element::Unknown | Element::Template | Element::Head | Element::Html)
        {
            self.close(Element::Head);
        }
        if self.is_open(Element::P) && element.closes_paragraph(self.quirks) {
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
            Element::A => self.crowded |= self.close(Element::A).is_some(),
            _ => {}
        }
    }

    /// Closes the innermost of these, unless a container of them was opened after it.
    fn close_within(&mut self, element: Element, container: Element) {
        if let Some(at) = self.innermost(element)
            && self.innermost(container).is_none_or(|container| container < at)
        {
            self.crowded = true;
            self.pop_to(at);
        }
    }

    fn pop_to(&mut self, at: usize) {
        while self.stack.len() > at {
            steps::add(1);
            let Some(open) = self.stack.pop() else { return };
            if open.gone {
                continue;
            }
            self.leave(&open);
        }
    }

    /// A formatting element ends while blocks in it stay open.
    fn forget(&mut self, at: usize) {
        if at + 1 == self.stack.len() {
            return self.pop_to(at);
        }
        let Some(open) = self.stack.get_mut(at) else { return };
        open.gone = true;
        let open = *open;
        self.leave(&open);
    }

    /// An element, the innermost of its slot, is open no more.
    fn leave(&mut self, open: &Open) {
        if let Some(slot) = open.element.slot()
            && let Some(innermost) = self.innermost.get_mut(slot)
        {
            *innermost = open.outer;
            if open.outer == NONE {
                self.open &= !(1 << slot);
            }
        }
        self.count(&open.flags, open.element, false);
    }

    fn count(&mut self, flags: &Flags, element: Element, opened: bool) {
        let step = |count: &mut usize| *count = if opened { *count + 1 } else { count.saturating_sub(1) };
        if flags.hidden || matches!(element, Element::Head | Element::Template) {
            step(&mut self.hidden);
        }
        if flags.ours {
            step(&mut self.ours);
        }
        if flags.named.is_some() {
            step(&mut self.named);
        }
        if element == Element::Pre {
            step(&mut self.preformatted);
        }
    }
}
