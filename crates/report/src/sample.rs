//! Documents for the tests: one with every kind of block, one form, one typed by an enemy.

use chrono::{NaiveDate, NaiveDateTime};

use crate::document::{Block, Document, Level, Orientation, Signature};
use lianhu_ledger::records::meeting::Edits;
use lianhu_ledger::records::village::Grades;

use crate::minutes::{Item, Minutes, Opinion, Round, Tally};
use crate::signin::{self, SignIn};
use crate::table::{Chart, ChartKind, Column, Series, Table, TableCell};
use crate::visit_sheet::{self, VisitSheet};

pub fn made_at() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a real day");
    day.and_hms_opt(9, 30, 0).expect("a real time")
}

pub fn chart() -> Chart {
    let months = ["7月", "8月", "9月", "10月"];
    let rates = [(121, 132), (110, 121), (109, 118), (137, 150)];
    Chart {
        title: "图1 帮扶措施满意率".into(),
        kind: ChartKind::Columns,
        over: "月份".into(),
        labels: months.map(String::from).to_vec(),
        series: vec![Series {
            name: "满意率（好+较好/有效票）".into(),
            values: rates.map(|(num, den)| TableCell::Rate { num, den }).to_vec(),
        }],
    }
}

pub fn evaluation() -> Table {
    let mut table = Table::new(
        "表2 四述四评",
        vec![
            Column::new("述评对象", 26).left(),
            Column::new("人次", 8),
            Column::new("发", 8).under("评议票"),
            Column::new("收", 8).under("评议票"),
            Column::new("有效", 8).under("评议票"),
            Column::new("满意率", 26),
            Column::new("环比", 10),
        ],
    );
    let pairs = ["驻村干部述帮扶措施", "村“两委”述履职情况", "帮扶干部述“三到家”"];
    for (at, pair) in pairs.iter().enumerate() {
        let n = at as i64;
        table.row(vec![
            (*pair).into(),
            TableCell::Count(3 + n),
            TableCell::Count(151),
            TableCell::Count(150),
            TableCell::Count(150 - n),
            TableCell::Rate { num: 137, den: 150 - at as u32 },
            TableCell::Change { units: 12 - 9 * n, places: 1 },
        ]);
    }
    table.row(vec![
        "脱贫户代表述脱贫情况".into(),
        TableCell::NotHeld("农忙".into()),
        TableCell::Unknown,
        TableCell::Unknown,
        TableCell::Unknown,
        TableCell::Unknown,
        TableCell::Blank,
    ]);
    table.note("注：满意率＝（好＋较好）÷有效票；分母不足10的只印件数。");
    table
}

/// The report's skeleton in small, with every kind of block.
pub fn every_block() -> Document {
    let mut paper = Document::official("禾坪村党组织", made_at());
    paper.title.push("2026年10月工作月报".into());
    paper.author = "禾坪村党支部".into();
    paper.head.push(vec!["报送:松河镇党委".into(), "期号：2026-10".into(), "状态：已锁定".into()]);
    paper.heading(Level::One, "一、基本情况");
    paper.para("本村826户3362人，8个村民小组；党员46名（预备2名），本月转入0名、转出1名、发展0名;脱贫户118户486人,监测户9户(未消除6户)。");
    paper.heading(Level::Two, "（一）四述四评与群众大会");
    paper.para(
        "本月召开群众大会1场、院坝会1场，参与171人次，覆盖8/8个组。名字里的生僻字：喆堃昇珺玥䶮㛃骉赟，繁体張鳳。",
    );
    paper.table(evaluation());
    paper.heading(Level::Three, "1. 群众意见");
    paper.blocks.push(Block::List(vec!["三组断水，已接通。".into(), "五组路灯不亮，未结。".into()]));
    paper.heading(Level::Four, "（1）说明");
    paper.blocks.push(Block::Chart(chart()));
    paper.blocks.push(Block::Note("数据说明：截止2026年10月31日在册；补录2条，更正1条。".into()));
    paper.blocks.push(Block::PageBreak);
    paper.heading(Level::One, "二、存在问题与下月安排");
    paper.para("第一行。\n第二行另起一段。");
    paper.blocks.push(Block::SignatureRow(vec!["主持人：".into(), "记录人：".into()]));
    paper.signature = Some(Signature {
        places: ["填报人：", "审核人：", "党组织书记（签字）：", "（盖章）"].map(String::from).to_vec(),
        organ: Some("中共禾坪村支部委员会".into()),
        date: NaiveDate::from_ymd_opt(2026, 11, 1),
    });
    paper.check_code = Some("1f2e3d4c".into());
    paper
}

/// A form that fits on one page, so that no heading is repeated.
pub fn short_form() -> Document {
    let mut paper = form();
    if let Some(Block::Table(table)) = paper.blocks.first_mut() {
        table.rows.truncate(8);
    }
    paper
}

pub fn form() -> Document {
    let mut paper = Document::sheet("禾坪村走访登记表", Orientation::Landscape, made_at());
    paper.head.push(vec!["走访人：".into(), "2026年11月".into()]);
    let mut table = Table::new(
        "",
        vec![
            Column::new("序号", 6),
            Column::new("户主", 12),
            Column::new("①同吃一餐饭（自费）", 14).under("三到家"),
            Column::new("②做一次家务", 14).under("三到家"),
            Column::new("备注", 40).left(),
        ],
    );
    table.row_mm = Some(11);
    table.band("一组");
    for n in 1..=40 {
        table.row(vec![TableCell::Count(n), "张建国".into(), "□".into(), "☑".into(), TableCell::Blank]);
    }
    paper.table(table);
    paper.note("填写说明：在方框内打√。");
    paper
}

/// Names and notes that would be markup, template code, formulas or a reversed line elsewhere.
pub fn hostile() -> Document {
    let nasty = [
        "<w:br/>",
        "{{ 7*7 }}",
        "]]>",
        "#panic()",
        "$x$ *b* _i_ `c` @a <l> \\",
        "=1+1",
        "\u{202e}反向",
        "a\u{0}b\u{1}",
        "\"&amp;'",
    ];
    let mut paper = Document::official("=cmd|' /C calc'!A0", made_at());
    paper.author = "<&>".into();
    paper.head.push(vec!["#let x = 1".into()]);
    let mut table = Table::new("[表]/\\*?:", vec![Column::new("=A1", 1), Column::new("#x", 3)]);
    for text in nasty {
        paper.heading(Level::Two, text);
        paper.para(text);
        table.row(vec![text.into(), text.into()]);
    }
    table.band("@SUM(1)");
    paper.table(table);
    paper.check_code = Some("<>".into());
    paper
}

pub fn minutes() -> Minutes {
    let tally = Tally { issued: Some(151), returned: Some(150), valid: 150, best: 101, good: 36, fair: 9, poor: 4 };
    let round = |pair: u32, subject: &str, speaker: &str| Round {
        pair,
        subject: subject.into(),
        speaker: Some(speaker.into()),
        said: Some("本月走访结对户98户，同吃一餐饭51户，帮做家务54户，明确发展门路70条。".into()),
        tally: Some(tally),
    };
    Minutes {
        time: Some("上午9时".into()),
        place: Some("村委会院坝".into()),
        host: Some("李书记".into()),
        recorder: Some("王文书".into()),
        expected: Some(551),
        by_households: true,
        present: Some(148),
        women: Some(61),
        party_members: Some(21),
        agenda: vec![
            Item {
                heading: "通报上月工作".into(),
                said: Some("上月整改2条，已完成2条。\n第二件事：秋收。".into()),
                rounds: vec![],
            },
            Item {
                heading: "四述四评".into(),
                said: None,
                rounds: vec![
                    round(1, "驻村干部述帮扶措施", "赵队长"),
                    Round { tally: None, ..round(2, "村“两委”干部述履职情况", "李书记") },
                ],
            },
        ],
        opinions_noted: None,
        opinions: vec![
            Opinion {
                key: "a".into(),
                who: Some("三组村民".into()),
                said: "水管坏了".into(),
                answer: Some("本周内修好。".into()),
            },
            Opinion { key: "b".into(), who: None, said: "路灯不亮。".into(), answer: None },
        ],
        ..bare_minutes()
    }
}

pub fn bare_minutes() -> Minutes {
    Minutes {
        village: "禾坪村".into(),
        kind: "群众大会".into(),
        held_on: made_at().date(),
        time: None,
        place: None,
        host: None,
        recorder: None,
        expected: None,
        by_households: true,
        present: None,
        women: None,
        party_members: None,
        agenda: vec![],
        opinions: vec![],
        resolutions: Vec::new(),
        absent: Vec::new(),
        opinions_noted: None,
        grades: Grades::default(),
        edits: Edits::default(),
        corrected: None,
        watermark: None,
        made_at: made_at(),
    }
}

pub fn signin() -> SignIn {
    let household = |head: &str, people| signin::Household { head: head.into(), people };
    SignIn {
        of_persons: false,
        village: "禾坪村".into(),
        meeting: "群众大会".into(),
        held_on: Some(made_at().date()),
        place: Some("村委会院坝".into()),
        groups: vec![
            signin::Group {
                name: "一组".into(),
                households: vec![
                    household("张建国", Some(5)),
                    household("李珺玥", Some(4)),
                    household("欧阳春花", Some(3)),
                ],
            },
            signin::Group {
                name: "二组".into(),
                households: vec![
                    household("王喆", Some(2)),
                    household("买买提·艾力", None),
                    household("赵堃", Some(6)),
                    household("张建国", Some(1)),
                ],
            },
        ],
        side_by_side: true,
        watermark: None,
        made_at: made_at(),
    }
}

pub fn visit_sheet() -> VisitSheet {
    let household = |at: usize| visit_sheet::Household {
        head: ["张建国", "李珺玥", "欧阳春花", "王喆"][at % 4].into(),
        group: ["一组", "二组"][at % 2].into(),
    };
    VisitSheet {
        village: "禾坪村".into(),
        period: "2026年11月".into(),
        visitor: None,
        households: (0..22).map(household).collect(),
        spare_rows: 3,
        watermark: None,
        made_at: made_at(),
    }
}
