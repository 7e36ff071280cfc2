//! 积分项目 — what points are for.

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::PointItem;
use lianhu_ledger::records::point_item::PointSort;
use lianhu_ledger::{Fields, Record};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PointItemLine {
    pub id: Uuid,
    pub name: String,
    #[ts(type = "'gain' | 'loss' | 'spend'")]
    pub sort: PointSort,
    /// Without a sign.
    pub points: u32,
    pub rule: String,
    pub from: Date,
    pub until: Option<Date>,
    /// Holds today.
    pub active: bool,
}

/// Those that hold first, in the order in which they were made.
pub(super) fn lines(view: View<'_>) -> Result<Vec<PointItemLine>> {
    let mut items = view.all::<PointItem>()?;
    items.sort_by_key(|item| (!item.holds_on(view.today), item.sort, item.id));
    let line = |item: PointItem| PointItemLine {
        id: item.id.0,
        active: item.holds_on(view.today),
        name: item.name,
        sort: item.sort,
        points: item.points,
        rule: item.rule,
        from: item.from,
        until: item.until,
    };
    Ok(items.into_iter().map(line).collect())
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveItem {
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<Uuid>,
    pub name: String,
    #[ts(type = "'gain' | 'loss' | 'spend'")]
    pub sort: PointSort,
    pub points: u32,
    pub rule: String,
    pub from: Date,
    #[serde(default)]
    pub until: Option<Date>,
    /// What the form had shown.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
}

pub fn save_item(desk: &Desk, ask: SaveItem) -> Result<Done<Uuid>> {
    desk.edit("point_item", |draft| {
        let fields = [
            ("name", json!(ask.name)),
            ("sort", json!(ask.sort)),
            ("points", json!(ask.points)),
            ("rule", json!(ask.rule)),
            ("from", json!(ask.from)),
            ("until", json!(ask.until)),
        ];
        let fields: Fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let Some(id) = ask.id else { return draft.create(PointItem::KIND, fields) };
        unchanged_since(draft, PointItem::KIND, id, ask.seen.as_ref())?;
        draft.patch(PointItem::KIND, id, fields)?;
        Ok(id)
    })
}
