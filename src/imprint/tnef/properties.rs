//! The properties in an attribute (MS-OXTNEF section 2.1.3.4): a count, and for each its type, id, for some a name, and
//! values, all in steps of four octets.

use std::ops::Range;

use super::{Cursor, TnefError};

/// Ids from here on have a name (MS-OXPROPS section 1.3.2).
const FIRST_NAMED: u16 = 0x8000;
/// Of a type whose properties have any number of values.
const MULTIPLE: u16 = 0x1000;
/// Of a name that is a text.
const NAME_IS_TEXT: u32 = 1;
const GUID_OCTETS: usize = 16;

/// One property, as ranges of the attribute's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// As in MS-OXCDATA section 2.11.1, such as `0x0102` for octets.
    pub kind: u16,
    pub id: u16,
    /// Each without what fills it up to four octets.
    pub values: Vec<Range<usize>>,
}

/// The properties in the data of one attribute.
#[derive(Debug, Clone)]
pub struct Properties<'a> {
    data: &'a [u8],
    all: Vec<Property>,
}

impl<'a> Properties<'a> {
    /// # Errors
    /// [`TnefError::Truncated`], [`TnefError::UnknownType`]: what follows cannot be found then.
    pub fn read(data: &'a [u8]) -> Result<Properties<'a>, TnefError> {
        let mut cursor = Cursor::new(data);
        let count = cursor.size()?;
        // The shortest property has eight octets: a count promises no more than what is there.
        let mut all = Vec::with_capacity(count.min(cursor.left() / 8));
        for _ in 0..count {
            all.push(property(&mut cursor)?);
        }
        Ok(Properties { data, all })
    }

    pub fn all(&self) -> &[Property] {
        &self.all
    }

    pub fn octets(&self, value: &Range<usize>) -> &'a [u8] {
        self.data.get(value.clone()).unwrap_or_default()
    }

    /// The only value of the first property with this id.
    pub fn only(&self, id: u16) -> Option<&'a [u8]> {
        match &self.all.iter().find(|one| one.id == id)?.values[..] {
            [value] => Some(self.octets(value)),
            _ => None,
        }
    }

    /// A number of four octets or fewer.
    pub fn number(&self, id: u16) -> Option<u32> {
        let octets = self.only(id)?;
        let padded: Vec<u8> = octets.iter().copied().chain([0; 4]).take(4).collect();
        (octets.len() <= 4).then(|| padded.try_into().map(u32::from_le_bytes).ok()).flatten()
    }

    /// The data with another only value in some properties, by their ids, filled up with zeros; all other octets are as
    /// they came. `None`: there is none with such an id that has one value with a length of its own.
    pub fn with(&self, changes: &[(u16, &[u8])]) -> Option<Vec<u8>> {
        let mut found = Vec::with_capacity(changes.len());
        for (id, value) in changes {
            let property = self.all.iter().find(|one| one.id == *id)?;
            match &property.values[..] {
                [place] if has_length(property.kind) => found.push((place.clone(), *value)),
                _ => return None,
            }
        }
        found.sort_unstable_by_key(|(place, _)| place.start);
        let mut written =
            Vec::with_capacity(self.data.len() + changes.iter().map(|(_, value)| value.len() + 3).sum::<usize>());
        let mut from = 0;
        for (place, value) in found {
            let length = u32::try_from(value.len()).ok()?;
            written.extend_from_slice(self.data.get(from..place.start - 4)?);
            written.extend_from_slice(&length.to_le_bytes());
            written.extend_from_slice(value);
            written.resize(written.len() + padding(value.len()), 0);
            from = (place.end + padding(place.len())).min(self.data.len());
        }
        written.extend_from_slice(self.data.get(from..)?);
        Some(written)
    }
}

fn property(cursor: &mut Cursor<'_>) -> Result<Property, TnefError> {
    let (kind, id) = (cursor.u16()?, cursor.u16()?);
    if id >= FIRST_NAMED {
        cursor.take(GUID_OCTETS)?;
        if cursor.u32()? == NAME_IS_TEXT {
            value_with_length(cursor)?;
        } else {
            cursor.u32()?;
        }
    }
    let count = match has_count(kind) {
        true => cursor.size()?,
        false => 1,
    };
    let mut values = Vec::with_capacity(count.min(cursor.left() / 4));
    for _ in 0..count {
        values.push(match fixed_octets(kind)? {
            Some(octets) => {
                let start = cursor.at;
                cursor.take(octets + padding(octets))?;
                start..start + octets
            }
            None => value_with_length(cursor)?,
        });
    }
    Ok(Property { kind, id, values })
}

fn value_with_length(cursor: &mut Cursor<'_>) -> Result<Range<usize>, TnefError> {
    let octets = cursor.size()?;
    let start = cursor.at;
    cursor.take(octets)?;
    // Some senders leave out what would fill up the last one.
    cursor.take(padding(octets).min(cursor.left()))?;
    Ok(start..start + octets)
}

fn padding(octets: usize) -> usize {
    octets.wrapping_neg() % 4
}

/// Octets of a value; `None` where each says its own length.
fn fixed_octets(kind: u16) -> Result<Option<usize>, TnefError> {
    match kind & !MULTIPLE {
        // PtypInteger16, PtypBoolean.
        0x0002 | 0x000B => Ok(Some(2)),
        // PtypInteger32, PtypFloating32, PtypErrorCode.
        0x0003 | 0x0004 | 0x000A => Ok(Some(4)),
        // PtypFloating64, PtypCurrency, PtypFloatingTime, PtypInteger64, PtypTime.
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Ok(Some(8)),
        // PtypGuid.
        0x0048 => Ok(Some(16)),
        // PtypObject, PtypString8, PtypString, PtypBinary.
        0x000D | 0x001E | 0x001F | 0x0102 => Ok(None),
        _ => Err(TnefError::UnknownType),
    }
}

fn has_length(kind: u16) -> bool {
    fixed_octets(kind) == Ok(None)
}

/// How many values there are stands before them where there may be several, and where they have lengths of their own.
fn has_count(kind: u16) -> bool {
    kind & MULTIPLE != 0 || has_length(kind)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HTML: u16 = 0x1013;
    const CODE_PAGE: u16 = 0x3FDE;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
        digits.chunks(2).map(|two| u8::from_str_radix(&two.iter().collect::<String>(), 16).unwrap()).collect()
    }

    /// A flag, a code page, a named number, a name that is a text, a list of texts, and a body of six octets.
    fn sample() -> Vec<u8> {
        hex("06000000
             0B00 1B0E 01000000
             0300 DE3F E9FD0000
             0300 0180 000102030405060708090A0B0C0D0E0F 00000000 10850000 2A000000
             1F00 0280 000102030405060708090A0B0C0D0E0F 01000000 06000000 580059000000 0000 01000000 04000000 61000000
             1E10 0160 02000000 01000000 41000000 05000000 4243444546000000
             0201 1310 01000000 06000000 3C623E4869210000")
    }

    #[test]
    fn every_kind_of_property_is_read() {
        let data = sample();
        let read = Properties::read(&data).unwrap();
        let all: Vec<(u16, u16, Vec<&[u8]>)> = read
            .all()
            .iter()
            .map(|one| (one.kind, one.id, one.values.iter().map(|value| read.octets(value)).collect()))
            .collect();
        let expected: [(u16, u16, Vec<&[u8]>); 6] = [
            (0x000B, 0x0E1B, vec![&[1, 0]]),
            (0x0003, CODE_PAGE, vec![&[0xE9, 0xFD, 0, 0]]),
            (0x0003, 0x8001, vec![&[0x2A, 0, 0, 0]]),
            (0x001F, 0x8002, vec![&[0x61, 0, 0, 0]]),
            (0x101E, 0x6001, vec![b"A", b"BCDEF"]),
            (0x0102, HTML, vec![b"<b>Hi!"]),
        ];
        assert_eq!(all, expected);
        assert_eq!((read.number(CODE_PAGE), read.number(0x0E1B), read.number(HTML)), (Some(65001), Some(1), None));
        assert_eq!((read.only(HTML), read.only(0x6001)), (Some(&b"<b>Hi!"[..]), None));
    }

    #[test]
    fn a_changed_value_is_filled_up_and_the_others_are_as_they_came() {
        let data = sample();
        let read = Properties::read(&data).unwrap();
        assert_eq!(read.with(&[]).unwrap(), data);
        let body = data.len() - 12;
        for (value, written) in
            [("", "00000000"), ("abcd", "04000000 61626364"), ("abcde", "05000000 6162636465000000")]
        {
            let changed = read.with(&[(HTML, value.as_bytes())]).unwrap();
            assert_eq!(changed, [&data[..body], &hex(written)].concat(), "{value:?}");
            assert_eq!(Properties::read(&changed).unwrap().only(HTML), Some(value.as_bytes()));
        }
        let both = read.with(&[(HTML, b"x"), (0x8002, b"y")]).unwrap();
        let both = Properties::read(&both).unwrap();
        assert_eq!((both.only(HTML), both.only(0x8002)), (Some(&b"x"[..]), Some(&b"y"[..])));
        for id in [CODE_PAGE, 0x6001, 0x1000] {
            assert_eq!(read.with(&[(id, b"x")]), None, "{id:x}");
        }
    }

    #[test]
    fn what_is_no_list_is_told() {
        let data = sample();
        let whole = data.len();
        for end in 0..whole - 2 {
            assert_eq!(Properties::read(&data[..end]).map(|_| ()), Err(TnefError::Truncated), "{end}");
        }
        // What fills up the last value may be missing.
        let unfilled = Properties::read(&data[..whole - 2]).unwrap();
        assert_eq!(unfilled.with(&[(HTML, b"<b>Hi!")]).unwrap(), data);
        for (bomb, why) in [
            ("FFFFFFFF", TnefError::Truncated),
            ("01000000 0201 1310 FFFFFFFF 00000000", TnefError::Truncated),
            ("01000000 0310 1310 FFFFFFFF 00000000", TnefError::Truncated),
            ("01000000 0201 1310 01000000 FFFFFFFF 00", TnefError::Truncated),
            ("01000000 7700 1310 00000000", TnefError::UnknownType),
        ] {
            assert_eq!(Properties::read(&hex(bomb)).map(|_| ()), Err(why), "{bomb}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_as_it_came(mut data in proptest::collection::vec(any::<u8>(), 4..200), at in 0..100_usize, octet: u8) {
            let _ = Properties::read(&data).map(|read| read.all().len());
            data = sample();
            let place = at % data.len();
            data[place] = octet;
            if let Ok(read) = Properties::read(&data) {
                prop_assert_eq!(read.with(&[]), Some(data.clone()));
                if let Some(changed) = read.with(&[(HTML, b"changed")]) {
                    prop_assert_eq!(Properties::read(&changed).map(|again| again.only(HTML) == Some(b"changed")), Ok(true));
                }
            }
        }
    }
}
