//! 字体 — the faces that the PDF is set in. By default the bundled ones alone, so that a paper
//! looks the same on every computer and an archive copy can be made again byte for byte.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Serialize;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst_kit::fonts::FontStore;

const BUNDLED: [&[u8]; 8] = [
    include_bytes!("../../../assets/fonts/lianhu-fang.otf"),
    include_bytes!("../../../assets/fonts/lianhu-kai.otf"),
    include_bytes!("../../../assets/fonts/lianhu-hei.otf"),
    include_bytes!("../../../assets/fonts/lianhu-song.otf"),
    include_bytes!("../../../assets/fonts/lianhu-title.otf"),
    include_bytes!("../../../assets/fonts/lianhu-rare-kai.ttf"),
    include_bytes!("../../../assets/fonts/lianhu-latin.ttf"),
    include_bytes!("../../../assets/fonts/lianhu-signs.ttf"),
];

/// Names under which an office computer may hold the real thing. A font has one name for us,
/// normally the English one.
const OFFICE_FANG: [&str; 3] = ["FangSong_GB2312", "FangSong", "STFangsong"];
const OFFICE_KAI: [&str; 3] = ["KaiTi_GB2312", "KaiTi", "STKaiti"];
const OFFICE_HEI: [&str; 2] = ["SimHei", "STHeiti"];
const OFFICE_SONG: [&str; 2] = ["SimSun", "STSong"];
const OFFICE_TITLE: [&str; 2] = ["FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"];
const OFFICE_LATIN: [&str; 1] = ["Times New Roman"];

/// Where letters are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FontChoice {
    /// The fonts that come with the program: the same bytes everywhere.
    #[default]
    Bundled,
    /// The computer's own 仿宋, 小标宋 … first, where it has them.
    Computer,
}

static HOUSE: LazyLock<FontStore> = LazyLock::new(|| {
    let mut store = FontStore::new();
    store.extend(bundled());
    store
});

/// Scanning a computer's fonts takes a moment, so it is done once.
static COMPUTER: LazyLock<FontStore> = LazyLock::new(|| {
    let mut store = FontStore::new();
    store.extend(bundled());
    store.extend(typst_kit::fonts::system());
    store
});

fn bundled() -> impl Iterator<Item = (Font, typst::text::FontInfo)> {
    BUNDLED
        .into_iter()
        .filter_map(|face| Font::new(Bytes::new(face), 0))
        .map(|font| (font.clone(), font.info().clone()))
}

pub(crate) fn store(choice: FontChoice) -> &'static FontStore {
    match choice {
        FontChoice::Bundled => &HOUSE,
        FontChoice::Computer => &COMPUTER,
    }
}

/// One link of a chain: the Latin face is asked for letters and figures only, or it would set
/// the Chinese quotation marks and dashes too.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Face {
    Whole(String),
    Part { name: String, covers: &'static str },
}

#[derive(Debug, Serialize)]
pub(crate) struct Roles {
    fang: Vec<Face>,
    kai: Vec<Face>,
    hei: Vec<Face>,
    song: Vec<Face>,
    title: Vec<Face>,
}

impl Roles {
    /// Figures in titles and first headings are those of their own heavy faces; elsewhere they
    /// are Times, since 仿宋 has a typewriter's. Only families that are there: the engine warns of each one it does not know.
    pub fn of(choice: FontChoice) -> Self {
        let book = store(choice).book();
        Self {
            fang: with_times(book, &OFFICE_FANG, "Lianhu Fang"),
            kai: with_times(book, &OFFICE_KAI, "Lianhu Kai"),
            hei: chain(book, &OFFICE_HEI, "Lianhu Hei"),
            song: with_times(book, &OFFICE_SONG, "Lianhu Song"),
            title: chain(book, &OFFICE_TITLE, "Lianhu Title"),
        }
    }
}

fn with_times(book: &FontBook, office: &[&str], ours: &str) -> Vec<Face> {
    let times = present(book, &[&OFFICE_LATIN[..], &["Lianhu Latin"]].concat());
    let part = |name| Face::Part { name, covers: "latin-in-cjk" };
    times.into_iter().map(part).chain(chain(book, office, ours)).collect()
}

fn chain(book: &FontBook, office: &[&str], ours: &str) -> Vec<Face> {
    let whole = [office, &[ours, "Lianhu Rare Kai", "Lianhu Song", "Lianhu Signs"]].concat();
    present(book, &whole).into_iter().map(Face::Whole).collect()
}

fn present(book: &FontBook, names: &[&str]) -> Vec<String> {
    names.iter().map(|n| n.to_lowercase()).filter(|n| book.contains_family(n)).collect()
}

/// Characters of the text that no face can print.
pub(crate) fn missing(choice: FontChoice, text: &str) -> Vec<char> {
    let book = store(choice).book();
    let wanted: BTreeSet<char> = text.chars().collect();
    let known = |c: char| {
        let mut infos = (0..).map_while(|at| book.info(at));
        !is_private(c) && infos.any(|info| info.coverage.contains(u32::from(c)))
    };
    wanted.into_iter().filter(|c| *c > ' ' && !known(*c)).collect()
}

/// Some old fonts have shapes there, but every one its own: another computer would print
/// another name.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &[char]) {
        assert_eq!(missing(FontChoice::Bundled, text), wanted);
    }

    #[test]
    fn every_bundled_face_is_read() {
        assert_eq!(bundled().count(), BUNDLED.len());
    }

    #[test]
    fn rare_names_and_form_signs_are_covered() {
        check("喆堃昇珺玥焜翀旻赟婳晞燚犇骉堉祎芃瑄璟頔䶮㛃𬱖𫟦張鳳龍", &[]);
        check("①⑳√×□☑■〔〕‘’“”—……㎡㎏℃‰·《》【】＋＝％～０９ＡｚabcXYZ0189%+-*/@#", &[]);
    }

    #[test]
    fn what_cannot_be_printed_is_named() {
        check("张\u{e000}三😀", &['\u{e000}', '😀']);
    }
}
