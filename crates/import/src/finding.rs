//! 疑点 — everything a person may want to know about a cell: what was repaired, what was kept as typed because it has
//! more than one reading, and what was noticed about the file. One list, so that nothing goes missing in silence.

use serde::Serialize;

/// How much a finding asks of the clerk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Had one reading and was brought into form.
    Repaired,
    /// Needs a person: kept as typed, or not taken in.
    Doubt,
    /// Good to know; nothing to do.
    Notice,
}

/// One finding, with the place the clerk can go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub grade: Grade,
    pub file: String,
    pub sheet: String,
    /// 1-based as in Excel; 0 when the finding is about the whole sheet.
    pub row: u32,
    /// Column letters as in Excel; empty when about the whole row or sheet.
    pub column: String,
    pub header: String,
    pub as_typed: String,
    pub what: What,
    /// What is wrong.
    pub sentence: String,
    /// What was done about it.
    pub done: String,
}

macro_rules! whats {
    ($($name:ident $code:literal $sentence:literal,)*) => {
        /// What is odd, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum What { $($name,)* }

        impl What {
            /// The code as scripts see it.
            pub fn code(self) -> &'static str {
                match self { $(What::$name => $code,)* }
            }

            /// What is wrong, for the clerk.
            pub fn sentence(self) -> &'static str {
                match self { $(What::$name => $sentence,)* }
            }
        }
    };
}

whats! {
    Apostrophe "apostrophe" "号码前面多打了一个单引号",
    IdSpace "id_space" "身份证号里夹着空格或换行",
    IdFullwidth "id_fullwidth" "身份证号是全角数字",
    IdLower "id_lower" "身份证号末位的 x 是小写",
    Id15 "id_15" "是 15 位的老身份证号",
    IdNumber "id_number" "身份证号存成了数字，后几位已经丢失",
    IdBad "id_bad" "身份证号的校验码不对，可能抄错了一位",
    IdLength "id_length" "身份证号的位数不对",
    IdDate "id_date" "身份证号里的出生日期不存在",
    IdNone "id_none" "这一格写的不是身份证号",
    IdMissing "id_missing" "没有填身份证号",
    IdTwice "id_twice" "这个身份证号在本表里出现了两次",
    IdTaken "id_taken" "这个身份证号在台账里是另一个人的",
    SexClash "sex_clash" "性别和身份证号对不上",
    BirthSerial "birth_serial" "出生年月是 Excel 的日期格式",
    BirthCn "birth_cn" "出生年月写成了“某年某月”",
    BirthImpossible "birth_impossible" "出生年月里写的这一天不存在",
    BirthClash "birth_clash" "出生年月和身份证号对不上",
    DateNumber "date_number" "日期存成了数字",
    DateImpossible "date_impossible" "这一天不存在",
    DateFuture "date_future" "这一天还没有到",
    DateUnclear "date_unclear" "看不出是哪一天",
    MonthUnclear "month_unclear" "存成数字后分不清是 1 月还是 10 月",
    NameSpace "name_space" "姓名中间夹着空格",
    NameHidden "name_hidden" "姓名里有看不见的字符",
    NameGlyph "name_glyph" "姓名里有电脑认不出的字",
    NameTwo "name_two" "一格里写了不止一个人",
    PhoneNumber "phone_number" "电话存成了数字",
    PhoneTwo "phone_two" "一格里写了不止一个电话",
    PhoneForm "phone_form" "电话里夹着横线、空格或区号前缀",
    PhoneBad "phone_bad" "电话的位数不对",
    CountText "count_text" "数字后面带着单位或空格",
    CountUnclear "count_unclear" "看不出是多少",
    TickUnclear "tick_unclear" "看不出是“是”还是“否”",
    LabelUsual "label_usual" "用的是习惯叫法",
    LabelUnknown "label_unknown" "这个叫法不在通用的名目里",
    ErrorCell "error_cell" "这一格是公式错误，没有内容",
    FormulaEmpty "formula_empty" "这一格的公式没有存下结果",
    TextTrimmed "text_trimmed" "前后多了空格或换行",
    HeadMissing "head_missing" "这一户没有户主",
    HeadTwice "head_twice" "这一户有两个户主",
    HeadDiffers "head_differs" "户主姓名和“户主”那一行不是同一个人",
    SizeDiffers "size_differs" "填的人口数和下面列出的人数不一样",
    NoHousehold "no_household" "看不出这个人是哪一户的",
    RowWithoutName "row_without_name" "这一行没有填姓名",
    RowIncomplete "row_incomplete" "这一行缺少必填的内容",
    ClassExtra "class_extra" "台账里这一户还有别的户类型，表里没有",
    HouseholdNowhere "household_nowhere" "台账里找不到这一户",
    HouseholdAmbiguous "household_ambiguous" "台账里有几户都对得上",
    IdNameClash "id_name_clash" "身份证号和姓名在台账里不是同一个人",
    MatchedByName "matched_by_name" "身份证号在农户台账里对不上，是按姓名和组认出来的",
    PersonAmbiguous "person_ambiguous" "有几个人都对得上",
    PersonNowhere "person_nowhere" "找不到这个人",
    PersonAlone "person_alone" "农户台账里没有这个人",
    LedgerDiffers "ledger_differs" "和农户台账里写的不一样",
    RoundUnknown "round_unknown" "述评对象不是四述四评里的哪一方",
    RoundTwice "round_twice" "同一次会上这一方写了两行",
    TallySum "tally_sum" "各等次的票加起来比发出的多",
    TallyPart "tally_part" "各等次的票没有填齐",
    StarsMismatch "stars_mismatch" "星级和打勾的个数对不上",
    RatedTwice "rated_twice" "这一户在本表里评了两次",
    RowTwice "row_twice" "和本表前面的一行完全一样",
    ColumnUnknown "column_unknown" "这一栏系统里没有",
    SheetSkipped "sheet_skipped" "这个工作表不是台账",
    SheetHidden "sheet_hidden" "这个工作表是隐藏的",
    RowSkipped "row_skipped" "这一行不是台账内容",
    FileNotice "file_notice" "文件里还有别的东西",
}

impl Serialize for What {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A remark on one cell, before it is known where the cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub grade: Grade,
    pub what: What,
    pub done: String,
}

impl Remark {
    /// Brought into form; `into` is what it became.
    pub fn repaired(what: What, into: &str) -> Self {
        Remark { grade: Grade::Repaired, what, done: format!("已改为 {into}") }
    }

    /// Left as it was typed.
    pub fn kept(what: What) -> Self {
        Remark { grade: Grade::Doubt, what, done: "按原样保留，请核对".to_owned() }
    }

    /// A doubt with its own account of what was done.
    pub fn doubt(what: What, done: impl Into<String>) -> Self {
        Remark { grade: Grade::Doubt, what, done: done.into() }
    }
}
