//! 党组织年度工作总结 as a paper: the year's counts in sentences and two tables. What was not written down says 未填报.

use chrono::NaiveDateTime;
use lianhu_ledger::codes;
use lianhu_ledger::text::Lang;

use super::structure::Band;
use super::summary::YearFigures;
use crate::document::{Document, Level, Signature, date_text};
use crate::table::{Column, Table, TableCell, rate_text};

#[derive(Clone, Debug, PartialEq)]
pub struct YearPaper {
    pub village: String,
    pub township: Option<String>,
    pub figures: YearFigures,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

impl YearPaper {
    pub fn document(&self) -> Document {
        let figures = &self.figures;
        let mut paper = Document::official(format!("{}党组织{}年工作总结", self.village, figures.year), self.made_at);
        let to = self.township.as_ref().map_or_else(|| "报送：镇党委".to_owned(), |t| format!("报送：{t}党委"));
        paper.head = vec![vec![to, format!("截至：{}", date_text(figures.as_of))]];
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        members(&mut paper, figures);
        branch_life(&mut paper, figures);
        dues(&mut paper, figures);
        study(&mut paper, figures);
        households(&mut paper, figures);
        meetings(&mut paper, figures);
        stars_and_decisions(&mut paper, figures);
        let places = ["填报人：", "审核人：", "党组织书记（签字）：", "（盖章）"].map(String::from).to_vec();
        paper.signature = Some(Signature { places, organ: Some(format!("{}党组织", self.village)), date: None });
        paper
    }
}

fn members(paper: &mut Document, figures: &YearFigures) {
    paper.heading(Level::One, "一、党员队伍");
    let of = &figures.structure;
    paper.para(format!(
        "党员{}名，其中预备党员{}名、妇女{}名、少数民族{}名、流动党员{}名。",
        of.members, of.probationary, of.women, of.minority, of.floating
    ));
    let events: Vec<String> = codes::set("member_event")
        .into_iter()
        .flat_map(|set| &set.codes)
        .filter_map(|code| Some(format!("{}{}名", code.zh, figures.changes.get(&code.code)?)))
        .collect();
    match events.is_empty() {
        true => paper.para("党员变动：未填报。"),
        false => paper.para(format!("党员变动：{}。", events.join("、"))),
    }
    let columns = vec![
        Column::new("年龄", 34).left(),
        Column::new("人数", 14).right(),
        Column::new("文化程度", 34).left(),
        Column::new("人数", 14).right(),
        Column::new("党龄", 34).left(),
        Column::new("人数", 14).right(),
    ];
    let mut table = Table::new("表1 党员结构", columns);
    let bands: [(&[Band], &str); 3] = [(&of.ages, "岁"), (&of.schooling, ""), (&of.years, "年")];
    let longest = bands.iter().map(|(bands, _)| bands.len()).max().unwrap_or(0);
    for i in 0..longest {
        let cells = bands.iter().flat_map(|(bands, unit)| match bands.get(i) {
            Some(band) => [TableCell::text(band.words(unit)), TableCell::Count(i64::from(band.n))],
            None => [TableCell::Blank, TableCell::Blank],
        });
        table.row(cells.collect());
    }
    paper.table(table);
}

fn branch_life(paper: &mut Document, figures: &YearFigures) {
    paper.heading(Level::One, "二、组织生活");
    let columns =
        vec![Column::new("类型", 50).left(), Column::new("应开", 20).right(), Column::new("已开", 20).right()];
    let mut table = Table::new("表2 组织生活", columns);
    let mut kinds: Vec<&str> = Vec::new();
    for row in &figures.board.rows {
        if !kinds.contains(&row.kind.as_str()) {
            kinds.push(&row.kind);
        }
    }
    for kind in kinds {
        let (held, due) = figures.board.total(kind);
        let known = due > 0 || held > 0;
        let count = |n: u32| if known { TableCell::Count(i64::from(n)) } else { TableCell::Unknown };
        table.row(vec![TableCell::text(codes::label("meeting_kind", kind, Lang::ZhCn)), count(due), count(held)]);
    }
    paper.table(table);
    if figures.absent > 0 {
        paper.para(format!("缺席{}人次，已补课{}人次。", figures.absent, figures.made_up));
    }
    match &figures.grades {
        None => paper.para("民主评议党员：未填报。"),
        Some(grades) => {
            let told: Vec<String> = codes::set("appraisal_grade")
                .into_iter()
                .flat_map(|set| &set.codes)
                .map(|code| format!("{}{}名", code.zh, grades.get(&code.code).copied().unwrap_or(0)))
                .collect();
            paper.para(format!("民主评议党员：{}。", told.join("、")));
        }
    }
    match figures.talked_with {
        0 => paper.para("谈心谈话：未填报。"),
        n => paper.para(format!("谈心谈话：已谈{}名党员。", rate_text(n, figures.structure.members))),
    }
}

fn dues(paper: &mut Document, figures: &YearFigures) {
    match figures.dues {
        None => paper.para("党费收缴：未填报。"),
        Some((due, paid)) => paper.para(format!("党费收缴：应交{due}人次，已交{}。", rate_text(paid, due))),
    }
}

fn study(paper: &mut Document, figures: &YearFigures) {
    paper.heading(Level::One, "三、教育培训与承诺");
    match figures.courses {
        0 => paper.para("培训：未填报。"),
        n => paper.para(format!("组织参加培训{n}次，{}人次。", figures.trained)),
    }
    paper.para(format!("达到规定学时的党员{}。", rate_text(figures.studied, figures.structure.members)));
    match figures.pledges {
        (0, _) => paper.para("岗位承诺：未填报。"),
        (n, kept) => paper.para(format!("岗位承诺{n}条，已兑现{}。", rate_text(kept, n))),
    }
}

fn households(paper: &mut Document, figures: &YearFigures) {
    paper.heading(Level::One, "四、联系群众");
    let links = figures.links;
    match links.members {
        0 => paper.para("党员联户：未填报。"),
        n => paper.para(format!("联户党员{n}名，联系{}户，走访{}次。", links.households, links.visits)),
    }
    let aid = figures.aid;
    match aid.households {
        0 => paper.para("结对帮扶：未填报。"),
        n => paper.para(format!(
            "结对帮扶{n}户，走访{}户、{}次；同吃一餐饭{}次，做一次家务{}次，明确发展门路{}次。",
            aid.visited, aid.visits, aid.meals, aid.chores, aid.ways
        )),
    }
    let (raised, closed) = figures.matters;
    match raised {
        0 => paper.para("群众事项：未填报。"),
        n => paper.para(format!("群众事项{n}件，办结{}。", rate_text(closed, n))),
    }
}

fn meetings(paper: &mut Document, figures: &YearFigures) {
    paper.heading(Level::One, "五、群众大会与述评");
    let of = &figures.assemblies;
    if of.mass + of.yard == 0 {
        return paper.para("未填报。");
    }
    let uncounted =
        if of.uncounted > 0 { format!("（另有{}场未记人数）", of.uncounted) } else { String::new() };
    paper.para(format!("召开群众大会{}场、院坝会{}场，参与{}人次{uncounted}。", of.mass, of.yard, of.present));
    if !of.pairs.is_empty() {
        let told: Vec<String> =
            of.pairs.iter().map(|(who, satisfied, valid)| format!("{who}{}", rate_text(*satisfied, *valid))).collect();
        paper.para(format!("全年评议满意率（好和较好占有效票）：{}。", told.join("；")));
    }
}

fn stars_and_decisions(paper: &mut Document, figures: &YearFigures) {
    paper.heading(Level::One, "六、五星文明户与民主决策");
    match &figures.stars {
        None => paper.para("五星文明户：未填报。"),
        Some(stars) => {
            let [unrated, one, two, three, four, five] = stars.levels;
            paper.para(format!(
                "{}五星文明户：五星{five}户、四星{four}户、三星{three}户、二星{two}户、一星{one}户，未评{unrated}户。",
                stars.cycle
            ));
        }
    }
    if figures.decisions.is_empty() {
        return paper.para("村级事项：未填报。");
    }
    let told: Vec<String> = figures
        .decisions
        .iter()
        .map(|(id, (n, over))| {
            let name = lianhu_ledger::procedure::procedure(id, figures.as_of).map_or(id.as_str(), |p| p.zh.as_str());
            format!("{name}{n}件，办完{over}件")
        })
        .collect();
    paper.para(format!("村级事项：{}。", told.join("；")));
}
