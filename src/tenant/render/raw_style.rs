//! Values of attributes and styles that HTML of the tenant file may carry: colours, sizes and a list of declarations.
//! None can load, run, hide, or reach out of the place it stands in.

/// Declarations that may stand. Nothing that positions, floats or loads.
const PROPERTIES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "direction",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "mso-line-height-rule",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
];

/// The declarations that may stand, `None` when none is left.
pub(super) fn style(text: &str) -> Option<String> {
    let kept: Vec<String> = text
        .split(';')
        .filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().replace('"', "'"));
            let value = value.as_str();
            (PROPERTIES.contains(&name.as_str()) && is_harmless(value)).then(|| format!("{name}:{value}"))
        })
        .collect();
    (!kept.is_empty()).then(|| kept.join(";"))
}

fn is_harmless(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " #%.,-()'!".contains(c);
    let mut functions = value.split('(');
    let last = functions.next_back().is_some();
    (1..=200).contains(&value.len())
        && value.chars().all(plain)
        && last
        // No function but those of colours; no number below zero, which could move text over its surroundings.
        && functions.all(|before| before.ends_with("rgb") || before.ends_with("rgba"))
        && !value.starts_with('-')
        && !value.contains(" -")
}

/// `#abc`, `#aabbcc` or a name.
pub(super) fn colour(value: &str) -> Option<String> {
    let digits = value.strip_prefix('#');
    let is_hex = digits.is_some_and(|d| matches!(d.len(), 3 | 6) && d.chars().all(|c| c.is_ascii_hexdigit()));
    let is_name = (1..=20).contains(&value.len()) && value.chars().all(|c| c.is_ascii_alphabetic());
    (is_hex || is_name).then(|| value.to_owned())
}

/// A number of pixels or percent.
pub(super) fn dimension(value: &str) -> Option<String> {
    let number = value.strip_suffix("px").or_else(|| value.strip_suffix('%')).unwrap_or(value);
    let fits = (1..=4).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    fits.then(|| value.to_owned())
}

/// A word of letters.
pub(super) fn word(value: &str) -> Option<String> {
    let fits = (1..=20).contains(&value.len()) && value.chars().all(|c| c.is_ascii_alphabetic());
    fits.then(|| value.to_owned())
}
