//! Which recipients of a message get the same copy of it.

/// The most copies that are made of one message: each takes a session to the next hop.
pub const MOST_COPIES: usize = 8;

/// The copies of a message, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies<T> {
    /// What makes each copy; `None`: it is the message as it came. That of the most recipients stands first.
    pub made_by: Vec<Option<T>>,
    /// For each recipient its copy, by place in `made_by`.
    pub of: Vec<usize>,
}

impl<T: Eq + Clone> Copies<T> {
    /// `wanted`: what each recipient is to get, `None` for nothing. Where that is more than [`MOST_COPIES`], what the fewest
    /// recipients would get is not made, and these get the message as it came.
    pub fn of(wanted: &[Option<T>]) -> Copies<T> {
        let mut kinds: Vec<(&Option<T>, usize)> = Vec::new();
        for kind in wanted {
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, recipients)) => *recipients += 1,
                None => kinds.push((kind, 1)),
            }
        }
        kinds.sort_by_key(|(_, recipients)| std::cmp::Reverse(*recipients));
        if kinds.len() > MOST_COPIES {
            kinds.retain(|(kind, _)| kind.is_some());
            kinds.truncate(MOST_COPIES - 1);
            kinds.push((&None, 0));
        }
        let place = |kind| kinds.iter().position(|(known, _)| *known == kind).unwrap_or(kinds.len().saturating_sub(1));
        Copies {
            of: wanted.iter().map(place).collect(),
            made_by: kinds.into_iter().map(|(kind, _)| kind.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_of_the_same_share_a_copy() {
        let cases: [(&str, &str, &[usize]); 6] = [
            ("", "", &[]),
            ("aaa", "a", &[0, 0, 0]),
            ("a-a", "a-", &[0, 1, 0]),
            ("ab", "ab", &[0, 1]),
            ("abb-b", "ba-", &[1, 0, 0, 2, 0]),
            // The unsigned copy is the last where there are too many, whoever is in it.
            ("--hhabbccddeeffgg", "hbcdefg-", &[7, 7, 0, 0, 7, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]),
        ];
        for (wanted, made_by, of) in cases {
            let wanted: Vec<Option<char>> = wanted.chars().map(|kind| (kind != '-').then_some(kind)).collect();
            let copies = Copies::of(&wanted);
            let shown: String = copies.made_by.iter().map(|kind| kind.unwrap_or('-')).collect();
            assert_eq!((shown.as_str(), copies.of.as_slice()), (made_by, of));
        }
    }
}
