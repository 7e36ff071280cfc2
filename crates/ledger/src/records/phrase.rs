//! 常用语 — a sentence the village writes again and again, kept to be put into a text with one key. A record each, so
//! that two computers that add one merge without a question.

use crate::query::View;
use crate::record::{Life, record};
use crate::refusal::{Code, Refusal, Result};

record! { Phrase(PhraseId) in "phrase" {
    text: String,
} }

impl Life for Phrase {
    fn check(&self, view: &View<'_>) -> Result<()> {
        let same = view.select::<Phrase>("text = ?1 AND id <> ?2", (&self.text, self.id.0.as_bytes()))?;
        match same.first() {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", "phrase")
                .with("what", &self.text)
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }
}
