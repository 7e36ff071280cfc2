//! 组织机构 — the branch's tree (支部, 党小组, 网格, 村民小组) and who holds which office in it: 支委会, 村委会, 村务监督委员会,
//! 村民代表, 组长, 驻村工作队. What the rules say of such a body stands beside it, met or not.

mod checks;
mod office;
#[cfg(test)]
mod tests;
mod tree;

pub use checks::BodyCheck;
pub use office::{BodyOffices, EndOffice, HandOffice, NewOffice, OfficeLine, end, hand, new};
pub use tree::{UnitLine, UnitsOfRoll, take_from_roll};

use lianhu_ledger::dates::Date;
use serde::Serialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OrganisationPage {
    pub today: Date,
    /// From the top down, each below what it belongs to.
    pub units: Vec<UnitLine>,
    /// 党小组 that the members' roll names and the tree does not have.
    pub only_on_roll: Vec<String>,
    /// 村民小组 and the households of each.
    pub groups: Vec<tree::GroupLine>,
    pub bodies: Vec<BodyOffices>,
}

pub fn look(desk: &Desk, _: Nothing) -> Result<OrganisationPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        Ok(OrganisationPage {
            today: view.today,
            units: tree::lines(view)?,
            only_on_roll: tree::only_on_roll(view)?,
            groups: tree::groups(view)?,
            bodies: office::bodies(view)?,
        })
    })
}
