//! 发展党员 — one applicant's way into the Party. The steps are records of their own; the program reminds and files,
//! it decides nothing.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Life, Record, record};
use crate::records::PersonId;
use crate::refusal::{Code, Refusal, Result};

record! { Recruit(RecruitId) in "recruit" index(person) {
    person: PersonId,
    /// 递交入党申请书.
    applied_on: Option<Date>,
    /// 终止: the way ended before it was gone.
    ended_on: Option<Date>,
    ended_why: Option<String>,
} }

impl Life for Recruit {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let Some(on) = self.applied_on.filter(|on| *on > view.today) {
            return Err(Refusal::new(Code::FutureDate).with("on", on).into());
        }
        let open = view.select::<Recruit>(
            "person = ?1 AND ended_on IS NULL AND id <> ?2",
            (self.person.0.as_bytes(), self.id.0.as_bytes()),
        )?;
        match open.first().filter(|_| self.ended_on.is_none()) {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", Recruit::KIND)
                .with("what", "person")
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }
}
