//! Code pages by their numbers (Windows), for texts that are looked at and never written back.

use encoding_rs::Encoding;

/// The encoding of a code page; `None` where there is no reader for it.
pub(super) fn encoding(code_page: u32) -> Option<&'static Encoding> {
    Encoding::for_label(label(code_page)?.as_bytes())
}

/// The name of a code page as a charset.
pub fn label(code_page: u32) -> Option<&'static str> {
    Some(match code_page {
        // A superset of ASCII that no reader knows: nothing but ASCII is written in it.
        437 | 720 | 737 | 775 | 850 | 852 | 855 | 857 | 858 | 860..=865 | 869 => "oem",
        1252 => "windows-1252",
        20127 => "us-ascii",
        28591 => "iso-8859-1",
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 | 20936 => "gbk",
        949 | 51949 => "euc-kr",
        950 => "big5",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        20866 => "koi8-r",
        20932 | 51932 => "euc-jp",
        21866 => "koi8-u",
        28592 => "iso-8859-2",
        28593 => "iso-8859-3",
        28594 => "iso-8859-4",
        28595 => "iso-8859-5",
        28596 => "iso-8859-6",
        28597 => "iso-8859-7",
        28598 => "iso-8859-8",
        28599 => "windows-1254",
        28603 => "iso-8859-13",
        28605 => "iso-8859-15",
        38598 => "iso-8859-8-i",
        50220..=50222 => "iso-2022-jp",
        51936 => "gb2312",
        54936 => "gb18030",
        65001 => "utf-8",
        _ => return None,
    })
}

/// The code page of a character set of a font (RTF specification, `\fcharset`).
pub(super) fn of_font(character_set: i32) -> Option<u32> {
    Some(match character_set {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}
