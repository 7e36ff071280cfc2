//! 一、基本情况 · 三、结对帮扶与“三到家” · 四、党员联户

use super::{cell, day, heading, rate, rate_cell, said};
use crate::document::{Document, date_text};
use crate::figures::{Amount, Figure, Figures, Roll};
use crate::table::{Column, Table, TableCell};

pub(super) fn basics(paper: &mut Document, figures: &Figures) {
    let roll = &figures.roll;
    heading(paper, &format!("一、基本情况（口径：{}在册）", date_text(figures.as_of)));
    paper.para(format!("{}；{}；{}。", households(roll), members(roll), classes(roll)));
    paper.table(organisation(figures));
}

fn households(roll: &Roll) -> String {
    match roll.households.known() {
        None => "本村户、人口、村民小组未填报".to_owned(),
        Some(n) => {
            format!("本村{n}户{}，{}村民小组", said(&roll.people, "人"), said(&roll.groups, "个"))
        }
    }
}

fn members(roll: &Roll) -> String {
    match roll.members.known() {
        None => "党员未填报".to_owned(),
        Some(n) => format!(
            "党员{n}名（预备{}），本月转入{}、转出{}、发展{}",
            said(&roll.probationary, "名"),
            said(&roll.came, "名"),
            said(&roll.left, "名"),
            said(&roll.admitted, "名")
        ),
    }
}

fn classes(roll: &Roll) -> String {
    match roll.lifted.known() {
        None => "户类型未填报".to_owned(),
        Some(n) => format!(
            "脱贫户{n}户{}，监测户{}（未消除{}）",
            said(&roll.lifted_people, "人"),
            said(&roll.monitored, "户"),
            said(&roll.monitored_open, "户")
        ),
    }
}

/// 表1: the change against last month is shown only where last month was closed.
fn organisation(figures: &Figures) -> Table {
    let (roll, before) = (&figures.roll, figures.roll.before.as_ref());
    let mut columns = vec![Column::new("项目", 40).left(), Column::new("数量", 30).right()];
    columns.extend(before.map(|_| Column::new("比上月", 30).right()));
    let mut table = Table::new("表1 组织与人口", columns);
    let mut row = |name: &str, figure: &Figure, was: Option<i64>| {
        let change = match (figure.known(), was) {
            (Some(now), Some(was)) => TableCell::Change { units: now - was, places: 0 },
            _ => TableCell::Blank,
        };
        let mut cells = vec![TableCell::text(name), cell(figure)];
        cells.extend(before.map(|_| change));
        table.row(cells);
    };
    row("农户（户）", &roll.households, before.and_then(|b| b.households));
    row("人口（人）", &roll.people, before.and_then(|b| b.people));
    row("党员（名）", &roll.members, before.and_then(|b| b.members));
    row("其中预备党员（名）", &roll.probationary, before.and_then(|b| b.probationary));
    row("脱贫户（户）", &roll.lifted, before.and_then(|b| b.lifted));
    row("脱贫人口（人）", &roll.lifted_people, before.and_then(|b| b.lifted_people));
    row("监测户（户）", &roll.monitored, before.and_then(|b| b.monitored));
    row("其中风险未消除（户）", &roll.monitored_open, before.and_then(|b| b.monitored_open));
    table
}

pub(super) fn aid(paper: &mut Document, figures: &Figures) {
    let aid = &figures.aid;
    heading(paper, "三、结对帮扶与“三到家”");
    if let Amount::NotHeld(_) | Amount::Unknown = aid.visits.amount {
        paper.para(format!("结对{}，本月走访{}。", said(&aid.households, "户"), said(&aid.visits, "次")));
        return;
    }
    paper.para(format!(
        "结对{}，本月走访{}、{}，到访率{}；三项齐备{}；连续{}个月未到户{}。",
        said(&aid.households, "户"),
        said(&aid.visited, "户"),
        said(&aid.visits, "次"),
        rate(aid.visited.known(), aid.households.known()),
        said(&aid.all_three, "户"),
        figures.rules.unvisited_months,
        said(&aid.unvisited_long, "户"),
    ));
    paper.para(format!(
        "同吃一餐饭{}（自费{}），做家务{}，明确发展门路{}，其中落实{}；群众反映困难诉求{}。",
        said(&aid.meals, "次"),
        said(&aid.self_paid, "次"),
        said(&aid.chores, "次"),
        said(&aid.ways, "条"),
        said(&aid.ways_done, "条"),
        said(&aid.needs, "件"),
    ));
    paper.table(helpers(figures));
}

fn helpers(figures: &Figures) -> Table {
    let columns = vec![
        Column::new("责任人", 14).left(),
        Column::new("结对户", 10).right(),
        Column::new("已走访户", 11).right(),
        Column::new("到访率", 22).right(),
        Column::new("同餐", 9).right(),
        Column::new("家务", 9).right(),
        Column::new("发展门路", 11).right(),
        Column::new("未到户", 10).right(),
    ];
    let mut table = Table::new("表3 结对帮扶走访情况", columns);
    for row in &figures.aid.helpers {
        table.row(vec![
            TableCell::text(&row.name),
            row.households.into(),
            row.visited.into(),
            rate_cell(Some(row.visited), Some(row.households)),
            row.meals.into(),
            row.chores.into(),
            row.ways.into(),
            row.unvisited.into(),
        ]);
    }
    table.note("按台账顺序排列，不作排名；一户有两名责任人的，分别计入。");
    table
}

pub(super) fn links(paper: &mut Document, figures: &Figures) {
    let links = &figures.links;
    heading(paper, "四、党员联户");
    let span = match (links.least, links.most) {
        (Some(least), Some(most)) => format!("，每名党员联系{least}—{most}户"),
        _ => String::new(),
    };
    let round = match links.visited.known() {
        Some(_) => {
            let part = rate(links.visited.known(), links.households.known());
            format!("本月大走访{}（{part}）", said(&links.visited, "户"))
        }
        None => format!("本月大走访{}", said(&links.visited, "户")),
    };
    paper.para(format!(
        "联户党员{}，联系{}{span}；{round}，收集事项{}，办结{}。",
        said(&links.members, "名"),
        said(&links.households, "户"),
        said(&links.matters, "件"),
        said(&links.matters_done, "件"),
    ));
}

/// 附1 speaks of members beyond the band; the text does not.
pub(super) fn beyond_band(figures: &Figures) -> Option<String> {
    let (below, above) = (figures.links.below.known()?, figures.links.above.known()?);
    let (min, max) = (figures.rules.links_min, figures.rules.links_max);
    (below + above > 0).then(|| format!("联户少于{min}户的党员{below}名，多于{max}户的{above}名。"))
}

/// Last visits are printed without a year within the year of the report.
pub(super) fn last_visit(on: Option<chrono::NaiveDate>, year: i32) -> String {
    use chrono::Datelike;
    match on {
        Some(on) if on.year() == year => day(on),
        Some(on) => date_text(on),
        None => "无记录".to_owned(),
    }
}
