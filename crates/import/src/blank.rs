//! 样表 — the seven ledgers as empty workbooks, headed as the importer reads them. The example stands on a sheet of its
//! own, down the page and not across: on the first sheet it would be imported as somebody.

use crate::layout::Kind;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// A column's header and what may stand in it.
type Example = (&'static str, &'static str);

const HOUSEHOLDS: &[Example] = &[
    ("村民组", "一组"),
    ("户编号", "12"),
    ("户主姓名", "罗德福"),
    ("姓名", "罗德福"),
    ("与户主关系", "户主（家里别的人写：配偶、长子、儿媳……）"),
    ("性别", "男"),
    ("民族", "汉族"),
    ("身份证号码", "18 位，先把这一栏设成文本"),
    ("出生年月", "1970-05"),
    ("文化程度", "初中"),
    ("政治面貌", "群众"),
    ("健康状况", "健康"),
    ("联系电话", "13800001234"),
    ("是否外出务工", "否"),
    ("户类型", "一般农户"),
    ("家庭住址", "一组 12 号"),
    ("备注", ""),
];
const PAIRINGS: &[Example] = &[
    ("帮扶责任人", "黄海燕"),
    ("工作单位", "镇农业服务中心"),
    ("联系电话", "13800001234"),
    ("村民组", "一组"),
    ("户主姓名", "罗德福"),
    ("户主身份证号码", ""),
    ("结对时间", "2026-03-01"),
    ("备注", ""),
];
const MEMBER_LINKS: &[Example] = &[
    ("党员姓名", "韦志强"),
    ("所在党小组", "第一党小组"),
    ("村民组", "一组"),
    ("户主姓名", "罗德福"),
    ("户主身份证号码", ""),
    ("联系时间", "2026-03-01"),
    ("备注", ""),
];
const MEMBERS: &[Example] = &[
    ("姓名", "韦志强"),
    ("性别", "男"),
    ("民族", "汉族"),
    ("身份证号码", "18 位，先把这一栏设成文本"),
    ("文化程度", "高中"),
    ("入党时间", "2005-07-01"),
    ("转正时间", "2006-07-01"),
    ("党员类别", "正式党员"),
    ("所在党小组", "第一党小组"),
    ("是否流动党员", "否"),
    ("联系电话", "13800001234"),
    ("备注", ""),
];
const VISITS: &[Example] = &[
    ("走访日期", "2026-11-03"),
    ("走访人", "黄海燕"),
    ("工作单位", "镇农业服务中心"),
    ("村民组", "一组"),
    ("户主姓名", "罗德福"),
    ("户主身份证号码", ""),
    ("同吃一餐饭", "是"),
    ("做一次家务", "是"),
    ("发展门路", "否"),
    ("门路内容", ""),
    ("困难诉求", ""),
    ("备注", ""),
];
const MEETINGS: &[Example] = &[
    ("会议日期", "2026-11-18"),
    ("地点", "村部"),
    ("主持人", "韦志强"),
    ("应到户数", "58"),
    ("实到人数", "46"),
    ("述评对象", "村“两委”"),
    ("述的内容", "本月工作"),
    ("评的内容", "工作落实"),
    ("发出票数", "46"),
    ("好", "41"),
    ("较好", "4"),
    ("一般", "1"),
    ("差", "0"),
    ("群众意见条数", "5"),
    ("备注", ""),
];
const STARS: &[Example] = &[
    ("村民组", "一组"),
    ("户主姓名", "罗德福"),
    ("户主身份证号码", ""),
    ("致富星", "√"),
    ("守法星", "√"),
    ("美德星", "√"),
    ("卫生星", ""),
    ("诚信星", "√"),
    ("星级", "4"),
    ("未评原因", ""),
    ("备注", ""),
];

pub const KINDS: [Kind; 7] =
    [Kind::Households, Kind::Members, Kind::Pairings, Kind::MemberLinks, Kind::Visits, Kind::Meetings, Kind::Stars];

fn columns(kind: Kind) -> &'static [Example] {
    match kind {
        Kind::Households => HOUSEHOLDS,
        Kind::Pairings => PAIRINGS,
        Kind::MemberLinks => MEMBER_LINKS,
        Kind::Members => MEMBERS,
        Kind::Visits => VISITS,
        Kind::Meetings => MEETINGS,
        Kind::Stars => STARS,
    }
}

/// Rows of the first sheet in which long numbers stay text.
const ROWS: u32 = 2000;
const TITLE_ROW: u32 = 0;
const HEADER_ROW: u32 = 1;

/// The empty workbook of one ledger. The title names the year, which ratings are read by.
pub fn blank(kind: Kind, year: i32) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let columns = columns(kind);
    let sheet = book.add_worksheet();
    sheet.set_name(kind.title())?;
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let last = columns.len() as u16 - 1;
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, &format!("{year}年度{}", kind.title()), &title)?;
    for (at, (header, example)) in columns.iter().enumerate() {
        sheet.write_string_with_format(HEADER_ROW, at as u16, *header, &head())?;
        sheet.set_column_width(at as u16, wide(header, example))?;
        sheet.set_column_format(at as u16, &Format::new().set_num_format("@"))?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    sheet.set_repeat_rows(TITLE_ROW, HEADER_ROW)?;
    sheet.set_print_area(TITLE_ROW, 0, ROWS, last)?;
    explain(book.add_worksheet(), columns)?;
    book.save_to_buffer()
}

fn head() -> Format {
    let head = Format::new().set_bold().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0x00EE_EAE1));
    head.set_align(FormatAlign::Center).set_text_wrap()
}

fn explain(sheet: &mut Worksheet, columns: &[Example]) -> Result<(), XlsxError> {
    sheet.set_name("填写说明")?;
    sheet.write_string_with_format(0, 0, "栏目", &head())?;
    sheet.write_string_with_format(0, 1, "例子", &head())?;
    for (at, (header, example)) in columns.iter().enumerate() {
        sheet.write_string(at as u32 + 1, 0, *header)?;
        sheet.write_string(at as u32 + 1, 1, *example)?;
    }
    sheet.set_column_width(0, 20)?;
    sheet.set_column_width(1, 48)?;
    Ok(())
}

fn wide(header: &str, example: &str) -> f64 {
    let of = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let most = if header.contains("身份证") { 22 } else { of(example).min(18) };
    (of(header) + 2).max(most) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Retyped, read_bytes};
    use crate::{Grade, understand};

    /// A blank with its own example typed in is a ledger of its kind, every column known; without, it holds no row.
    fn check(kind: Kind) {
        let book = read_bytes("样表.xlsx", &blank(kind, 2026).expect("a workbook")).expect("readable");
        let parsed = understand(&book).expect("a ledger");
        let section = parsed.sections.first().expect("one sheet is a ledger");
        assert_eq!((parsed.sections.len(), section.kind), (1, kind));
        assert!(section.columns.iter().all(|c| c.field.is_some()), "{kind:?}: {:?}", section.columns);
        assert!(parsed.findings.iter().all(|f| f.grade == Grade::Notice), "{:?}", parsed.findings);
        let type_in = |(at, (header, example)): (usize, &Example)| Retyped {
            sheet: kind.title().to_owned(),
            row: 3,
            column: at as u32,
            text: match *header {
                "身份证号码" => "990101199102116656".to_owned(),
                "与户主关系" => "户主".to_owned(),
                "出生年月" => "1991-02".to_owned(),
                _ => (*example).to_owned(),
            },
        };
        let cells: Vec<Retyped> = columns(kind).iter().enumerate().map(type_in).collect();
        let filled = understand(&book.retyped(&cells)).expect("a ledger");
        let odd: Vec<_> = filled.findings.iter().filter(|f| f.grade == Grade::Doubt).collect();
        assert!(odd.is_empty(), "{kind:?}: {odd:?}");
    }

    #[test]
    fn every_blank_ledger_is_read_as_what_it_is() {
        KINDS.into_iter().for_each(check);
    }
}
