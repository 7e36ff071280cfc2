//! 五、五星文明户 · 六、组织生活 · 七、驻村与重点任务 · 八、存在问题与下月安排

use super::{cell, day, heading, rate_cell, said};
use crate::document::{Block, Document};
use crate::figures::{Cadence, Figures, Stage};
use crate::mask;
use crate::table::{Column, Table, TableCell};

pub(super) fn stars(paper: &mut Document, figures: &Figures) {
    let stars = &figures.stars;
    heading(paper, "五、五星文明户");
    let Some(cycle) = &stars.cycle else {
        return paper.para("评定批次未填报。");
    };
    let reasons: Vec<String> =
        stars.unrated.iter().map(|(why, n)| format!("{}{n}户", mask::text(why).as_str())).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!("（{}）", reasons.join("、")) };
    let low = stars.level(2) + stars.level(1);
    let stage = stars.stage.as_deref().map_or_else(|| "未填报".to_owned(), |s| mask::text(s).as_str().to_owned());
    paper.para(format!(
        "当前批次：{cycle}，环节：{stage}；五星{}户、四星{}户、三星{}户，二星及以下{low}户，未评{}户{reasons}。",
        stars.level(5),
        stars.level(4),
        stars.level(3),
        stars.level(0),
    ));
    if let (Some(from), Some(until)) = (stars.notice_from, stars.notice_until) {
        let number = |n: Option<i64>| n.map_or_else(|| "未填报".to_owned(), |n| format!("{n}件"));
        paper.para(format!(
            "公示{}至{}，异议{}，处理{}。",
            day(from),
            day(until),
            number(stars.objections),
            number(stars.objections_settled)
        ));
    }
    if stars.up.known().is_some() {
        paper.para(format!(
            "动态调整：升星{}、降星{}、摘牌{}。",
            said(&stars.up, "户"),
            said(&stars.down, "户"),
            said(&stars.withdrawn, "户")
        ));
    }
    paper.table(by_group(figures));
}

fn by_group(figures: &Figures) -> Table {
    let mut columns = vec![Column::new("村民小组", 22).left()];
    columns
        .extend(["五星", "四星", "三星", "二星", "一星", "未评", "合计"].map(|title| Column::new(title, 11).right()));
    let mut table = Table::new("表4 各组星级分布", columns);
    let row = |name: &str, levels: &[i64]| {
        let mut cells = vec![TableCell::text(name)];
        cells.extend(levels.iter().rev().map(|n| TableCell::Count(*n)));
        cells.push(TableCell::Count(levels.iter().sum()));
        cells
    };
    let mut total = [0; 6];
    for group in &figures.stars.groups {
        total.iter_mut().zip(group.levels).for_each(|(sum, n)| *sum += n);
        table.row(row(&group.group, &group.levels));
    }
    table.row(row("合计", &total));
    table
}

pub(super) fn branch(paper: &mut Document, figures: &Figures) {
    heading(paper, "六、组织生活");
    let columns = vec![
        Column::new("类型", 24).left(),
        Column::new("周期", 14),
        Column::new("应开", 12).right(),
        Column::new("已开", 20).right(),
        Column::new("到会率", 30).right(),
    ];
    let mut table = Table::new("表5 三会一课与主题党日", columns);
    for row in &figures.branch.cadences {
        table.row(vec![
            TableCell::text(&row.name),
            TableCell::text(&row.period),
            row.due.into(),
            cell(&row.held),
            rate_cell(row.present, row.expected),
        ]);
    }
    paper.table(table);
    let sentences: Vec<String> = figures.branch.cadences.iter().filter_map(standing).collect();
    if !sentences.is_empty() {
        paper.para(format!("{}。", sentences.join("；")));
    }
    let absences = &figures.branch.absences;
    if !absences.why.is_empty() {
        let why: Vec<String> =
            absences.why.iter().map(|(why, n)| format!("{}{n}人次", mask::text(why).as_str())).collect();
        paper.para(format!("缺席：{}；已补课{}人次。", why.join("、"), absences.made_up));
    }
    paper.para(recruits(figures.branch.recruits.as_deref()));
    match figures.branch.dues {
        None => paper.para("党费收缴：未填报。"),
        Some(heads) => paper.para(format!("党费收缴：应交{}人，已交{}人。", heads.due, heads.paid)),
    }
}

/// How many stand in which stage: no name, who applies is the branch's business.
fn recruits(stages: Option<&[Stage]>) -> String {
    let Some(stages) = stages else { return "发展党员：未填报。".into() };
    if stages.is_empty() {
        return "发展党员：本月没有正在办理的。".into();
    }
    let entered = |n: i64| if n > 0 { format!("（本月进入{n}人）") } else { String::new() };
    let told: Vec<String> = stages.iter().map(|s| format!("{}{}人{}", s.name, s.n, entered(s.entered))).collect();
    format!("发展党员：{}。", told.join("、"))
}

fn standing(row: &Cadence) -> Option<String> {
    let held = row.held.known()?;
    let state = if held >= row.due { "达标".to_owned() } else { format!("欠{}次", row.due - held) };
    Some(format!("{}{}应开{}次、已开{held}次，{state}", row.name, row.period, row.due))
}

/// Registers that this release does not keep are named, not passed over.
pub(super) fn stationed(paper: &mut Document) {
    heading(paper, "七、驻村与重点任务");
    paper.para("驻村在岗、实事项目、矛盾调处、服务事项、整顿问题：未填报。");
}

pub(super) fn plans(paper: &mut Document, figures: &Figures) {
    heading(paper, "八、存在问题与下月安排");
    match figures.plans.is_empty() {
        true => paper.para("未填报。"),
        false => {
            paper.blocks.push(Block::List(figures.plans.iter().map(|p| mask::text(p).as_str().to_owned()).collect()))
        }
    }
    if !figures.due.is_empty() {
        let due: Vec<String> =
            figures.due.iter().map(|d| format!("{}：{}", day(d.on), mask::text(&d.what).as_str())).collect();
        paper.para("下月到期：");
        paper.blocks.push(Block::List(due));
    }
}
