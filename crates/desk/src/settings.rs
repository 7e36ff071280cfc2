//! 设置 — what differs from computer to computer: type size, contrast, language, who sits here. A damaged file is set
//! aside and the usual settings hold; nothing of the village is kept here.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::problem::Result;

const FILE: &str = "settings.json";

/// 字号.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    #[default]
    Standard,
    Large,
    Huge,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub fn lang(self) -> lianhu_ledger::text::Lang {
        match self {
            Language::Chinese => lianhu_ledger::text::Lang::ZhCn,
            Language::English => lianhu_ledger::text::Lang::En,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    pub size: Size,
    pub high_contrast: bool,
    pub language: Language,
    /// 谁在用这台电脑.
    pub user: Option<String>,
    /// Where papers are put; none means the usual folder.
    pub papers: Option<String>,
    /// The ledger that was open last.
    #[ts(type = "string | null")]
    pub ledger: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn read(dir: &Path) -> Settings {
        let path = dir.join(FILE);
        let Ok(bytes) = std::fs::read(&path) else { return Settings::default() };
        serde_json::from_slice(&bytes).unwrap_or_else(|_| {
            let _ = std::fs::rename(&path, dir.join("settings.json.bad"));
            Settings::default()
        })
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).expect("settings are plain data");
        files::write(dir, FILE, &text).map(|_| ())
    }
}

/// What of the settings is to change.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(optional_fields)]
pub struct SetSettings {
    pub size: Option<Size>,
    pub high_contrast: Option<bool>,
    pub language: Option<Language>,
    /// An empty name means: the clerk of the ledger.
    pub user: Option<String>,
    /// An empty path means: the usual folder.
    pub papers: Option<String>,
}

pub fn save(desk: &Desk, ask: SetSettings) -> Result<Settings> {
    let filled = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    desk.set(|settings| {
        settings.size = ask.size.unwrap_or(settings.size);
        settings.high_contrast = ask.high_contrast.unwrap_or(settings.high_contrast);
        settings.language = ask.language.unwrap_or(settings.language);
        if let Some(user) = ask.user {
            settings.user = filled(user);
        }
        if let Some(papers) = ask.papers {
            settings.papers = filled(papers);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expect: Settings) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), file).unwrap();
        assert_eq!(Settings::read(dir.path()), expect, "{file}");
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_the_usual_settings_hold() {
        check(r#"{"size":"large"}"#, Settings { size: Size::Large, ..Settings::default() });
        check(r#"{"size":"enormous"}"#, Settings::default());
        check(r#"{"size":"#, Settings::default());
        check("\0\0\0", Settings::default());
        check(r#"{"of_a_newer_release":1}"#, Settings::default());
    }
}
