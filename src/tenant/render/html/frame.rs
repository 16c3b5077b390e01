//! What holds other blocks, and what stands between them: columns, rows with a frame, lines and spaces.

use std::fmt::Write;

use super::super::escape::push_attribute;
use super::{Content, Look, Page};
use crate::tenant::design::{Align, Column, Columns, Divider, Frame, Rows, Vertical};

impl Page<'_> {
    pub(super) fn columns(&mut self, columns: &Columns, look: &Look) -> Content {
        let start = self.out.len();
        self.open_cell(columns.align);
        self.open_table(columns.width);
        self.out.push_str("<tr>");
        let mut drawn = Content::None;
        for column in &columns.columns {
            if self.is_over(drawn) {
                break;
            }
            let begin = self.out.len();
            let first = drawn == Content::None;
            self.open_column(column, first, columns.gap);
            let content = self.blocks(&column.blocks, look, 0);
            self.out.push_str("</td>");
            if content == Content::Some {
                drawn = content;
            } else {
                // Spaces alone, or a line, are no column: its rule would stand beside nothing.
                self.out.truncate(begin);
            }
        }
        self.out.push_str("</tr>");
        self.close_table();
        self.out.push_str("</td>");
        if drawn == Content::None {
            self.out.truncate(start);
        }
        drawn
    }

    fn open_column(&mut self, column: &Column, first: bool, gap: u16) {
        let valign = match column.vertical {
            Vertical::Top => "top",
            Vertical::Middle => "middle",
            Vertical::Bottom => "bottom",
        };
        let rule = column.rule.as_ref().filter(|_| !first);
        let framed = column.frame.is_some();
        if !first && gap > 0 && (rule.is_some() || framed) {
            // Space before a line or a coloured field is a cell of its own: padding lies inside them.
            let _ = write!(self.out, "<td width=\"{gap}\" style=\"width:{gap}px;font-size:0\">&#160;</td>");
        }
        let _ = write!(self.out, "<td valign=\"{valign}\"");
        if let Some(width) = column.width {
            let _ = write!(self.out, " width=\"{width}\"");
        }
        if let Some(background) = column.frame.as_ref().and_then(|frame| frame.background.as_ref()) {
            self.out.push_str(" bgcolor=\"");
            push_attribute(&mut self.out, background);
            self.out.push('"');
        }
        let _ = write!(self.out, " style=\"vertical-align:{valign}");
        if let Some(frame) = &column.frame {
            self.out.push(';');
            self.frame_css(frame);
        } else {
            self.out.push_str(";padding:0");
            if !first && gap > 0 {
                let _ = write!(self.out, ";padding-{}:{gap}px", self.flow.start());
            }
        }
        if let Some(rule) = rule {
            let _ = write!(self.out, ";border-{}:1px solid ", self.flow.start());
            push_attribute(&mut self.out, rule);
        }
        self.out.push_str("\">");
    }

    pub(super) fn framed_rows(&mut self, rows: &Rows, look: &Look) -> Content {
        let start = self.out.len();
        self.open_cell(rows.align);
        let framed = rows.frame.is_some() || rows.width.is_some();
        if framed {
            self.open_table(rows.width);
            self.out.push_str("<tr><td");
            let frame = rows.frame.clone().unwrap_or_default();
            if let Some(background) = &frame.background {
                self.out.push_str(" bgcolor=\"");
                push_attribute(&mut self.out, background);
                self.out.push('"');
            }
            let align = self.flow.align(rows.align);
            // No text-align: with it browsers would no longer move the table inside.
            let _ = write!(self.out, " align=\"{align}\" style=\"");
            self.frame_css(&frame);
            self.out.push_str("\">");
        }
        let drawn = self.blocks(&rows.blocks, look, rows.gap);
        if framed {
            self.out.push_str("</td></tr>");
            self.close_table();
        }
        self.out.push_str("</td>");
        if drawn == Content::None {
            self.out.truncate(start);
        }
        drawn
    }

    /// Declarations of a frame, without a semicolon at either end.
    fn frame_css(&mut self, frame: &Frame) {
        let sides = frame.sides.unwrap_or(frame.padding);
        let _ = write!(self.out, "padding:{}px {sides}px", frame.padding);
        for (name, colour) in [("background-color:", &frame.background), ("border:1px solid ", &frame.border)] {
            if let Some(colour) = colour {
                self.out.push(';');
                self.out.push_str(name);
                push_attribute(&mut self.out, colour);
            }
        }
        if frame.radius > 0 {
            let _ = write!(self.out, ";border-radius:{}px", frame.radius);
        }
        if let Some(bar) = &frame.bar {
            let _ = write!(self.out, ";border-{}:{}px solid ", self.flow.side(bar.side), bar.thickness);
            push_attribute(&mut self.out, &bar.colour);
        }
    }

    pub(super) fn divider(&mut self, divider: &Divider) -> Content {
        let line = |page: &mut Self| {
            let _ = write!(page.out, "<td height=\"{0}\" style=\"border-top:{0}px solid ", divider.thickness);
            push_attribute(&mut page.out, &divider.colour);
            page.out.push_str(";font-size:0;line-height:0\">&#160;</td>");
        };
        if let Some(width) = divider.width {
            self.open_cell(divider.align);
            self.open_table(Some(width));
            self.out.push_str("<tr>");
            line(self);
            self.out.push_str("</tr>");
            self.close_table();
            self.out.push_str("</td>");
        } else {
            line(self);
        }
        Content::Decoration
    }

    pub(super) fn space(&mut self, height: u16) {
        let _ = write!(
            self.out,
            "<td height=\"{height}\" style=\"height:{height}px;font-size:0;line-height:0\">&#160;</td>"
        );
    }

    /// A cell for a table that stands at one side of it.
    pub(super) fn open_cell(&mut self, align: Align) {
        match align {
            Align::Left => self.out.push_str("<td>"),
            Align::Centre | Align::Right => {
                let _ = write!(self.out, "<td align=\"{}\">", self.flow.align(align));
            }
        }
    }
}
