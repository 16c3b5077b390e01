//! Lines of text, and buttons.

use std::fmt::Write;

use super::super::direction;
use super::super::escape::{push_attribute, push_html};
use super::super::merge::{self, Run};
use super::picture::radius;
use super::{Content, Look, Page};
use crate::tenant::design::{Button, Style, Text, Weight};

impl Page<'_> {
    pub(super) fn text(&mut self, text: &Text, look: &Look) -> Content {
        let lines = merge::lines(&text.lines, self.view);
        if lines.is_empty() {
            return Content::None;
        }
        self.cell(text.align, &look.css());
        for (number, runs) in lines.iter().enumerate() {
            if number > 0 {
                self.out.push_str("<br>");
            }
            for run in runs {
                self.run(run, look);
            }
        }
        self.out.push_str("</td>");
        Content::Some
    }

    fn run(&mut self, run: &Run<'_>, look: &Look) {
        let own = run.style.filter(|style| **style != Style::default()).map(|style| look.with(style));
        if let Some(link) = &run.link {
            let look = own.as_ref().unwrap_or(look);
            self.open_link(link, &format!("color:{};text-decoration:{}", look.colour, look.decoration()), None);
        }
        // Blanks in a row are drawn as one; a design that writes three means three.
        let text = run.text.replace("  ", " \u{a0}");
        let other = direction::of(&text).filter(|direction| *direction != self.flow);
        // Blanks at its ends stay outside of what is set apart: inside they would change sides with it.
        let inner = if other.is_some() { text.trim() } else { text.as_str() };
        let (lead, tail) = text.split_once(inner).unwrap_or_default();
        push_html(&mut self.out, lead);
        let spans = own.is_some() || other.is_some();
        if spans {
            self.out.push_str("<span");
            if let Some(direction) = other {
                let _ = write!(self.out, " dir=\"{}\"", direction.word());
            }
            if let Some(own) = &own {
                self.out.push_str(" style=\"");
                push_attribute(&mut self.out, &own.css());
                self.out.push('"');
            }
            self.out.push('>');
        }
        push_html(&mut self.out, inner);
        if spans {
            self.out.push_str("</span>");
        }
        push_html(&mut self.out, tail);
        if run.link.is_some() {
            self.out.push_str("</a>");
        }
    }

    /// The cell is the button, for Outlook pads no link; the link fills the cell in all others.
    pub(super) fn button(&mut self, button: &Button, look: &Look) -> Content {
        let Some(link) = merge::link(&button.link, self.view) else { return Content::None };
        let text = merge::alt(&button.text, self.view);
        if text.is_empty() {
            return Content::None;
        }
        let mut colour = String::new();
        push_attribute(&mut colour, &button.colour);
        let face = if button.outline { colour.clone() } else { "#ffffff".to_owned() };
        let style = Style { colour: Some(face), weight: Some(Weight::Bold), ..Style::default() };
        let look = look.with(&style).with(&button.style);
        self.open_cell(button.align);
        self.open_table(None);
        self.out.push_str("<tr><td align=\"center\" style=\"padding:8px 18px;");
        if button.outline {
            let _ = write!(self.out, "border:1px solid {colour};border-radius:{}\">", radius(button.shape, 36));
        } else {
            let _ = write!(
                self.out,
                "background-color:{colour};border-radius:{}\" bgcolor=\"{colour}\">",
                radius(button.shape, 36)
            );
        }
        self.open_link(&link, &format!("display:inline-block;text-decoration:none;{}", look.css()), None);
        push_html(&mut self.out, &text);
        self.out.push_str("</a></td></tr>");
        self.close_table();
        self.out.push_str("</td>");
        Content::Some
    }
}
