//! What a clerk types and whom it finds first.

use super::*;

const VILLAGE: [(&str, u16, bool); 21] = [
    ("张建国", 3, true),
    ("张健", 3, false),
    ("张佳", 1, false),
    ("张 三", 3, true),
    ("赵家贵", 2, true),
    ("郑吉刚", 2, false),
    ("单建国", 1, true),
    ("解文", 1, false),
    ("查理", 4, true),
    ("仇明国", 7, true),
    ("区永贵", 1, true),
    ("曾文建", 5, true),
    ("尉迟恭", 5, false),
    ("吕小布", 6, true),
    ("黑建国", 6, false),
    ("欧阳花菊", 6, true),
    ("丁丹", 8, false),
    ("单丹", 8, false),
    ("宁玲", 8, true),
    ("阿依·古丽", 4, true),
    ("单花", 7, false),
];

fn village() -> Index<usize> {
    let phone = |at: usize| format!("1005645{:04}", 3000 + at);
    let id = |at: usize| format!("99010119680315{:03}X", at);
    let numbers: Vec<(String, String)> = (0..VILLAGE.len()).map(|at| (phone(at), id(at))).collect();
    let entry = |(handle, (name, group, head)): (usize, (&'static str, u16, bool))| Entry {
        handle,
        name,
        group,
        phone: &numbers[handle].0,
        id: &numbers[handle].1,
        head,
        weight: 0,
    };
    Index::build(VILLAGE.into_iter().enumerate().map(entry))
}

fn found(query: &str, spelling: Spelling) -> Vec<(&'static str, Reason)> {
    let hits = village().find_spelled(query, 10, spelling);
    hits.into_iter().map(|hit| (VILLAGE[hit.handle].0, hit.reason)).collect()
}

fn check(queries: &[&str], first: &str, reason: Reason) {
    for query in queries {
        assert_eq!(found(query, Spelling::Standard).first(), Some(&(first, reason)), "{query}");
    }
}

fn check_names(query: &str, names: &[&str]) {
    let all: Vec<&str> = found(query, Spelling::Standard).into_iter().map(|(name, _)| name).collect();
    assert_eq!(all, names, "{query}");
}

#[test]
fn a_person_is_found_however_the_name_is_typed() {
    check(&["张建国", " 张 建国 "], "张建国", Reason::Exact);
    check(&["张建"], "张建国", Reason::HanPrefix);
    check(&["zhangjianguo", "ZhangJianGuo", "zhang jian guo", "张jianguo"], "张建国", Reason::Pinyin);
    check(&["zhangjiangu", "张建gu"], "张建国", Reason::PinyinPrefix);
    check(&["zhangjg", "张jg", "张j国"], "张建国", Reason::SurnameInitials);
    check(&["zjg", "ZJG", "ｚｊｇ", "z jg", "zhjg", "zh j g", "z建国"], "张建国", Reason::Initials);
    check(&["建国3组", "3组jianguo"], "张建国", Reason::Within);
    check(&["3组jg"], "张建国", Reason::InitialsWithin);
}

#[test]
fn a_name_typed_to_its_end_goes_before_one_that_goes_on() {
    check_names("zj", &["张佳", "张健", "张建国", "赵家贵", "郑吉刚"]);
    check(&["sh"], "单花", Reason::Initials);
    check_names("zhangjia", &["张佳", "张建国", "张健"]);
}

#[test]
fn heads_of_household_go_first_among_equals() {
    check_names("zjg", &["张建国", "赵家贵", "郑吉刚"]);
    check_names("张", &["张建国", "张 三", "张佳", "张健"]);
}

#[test]
fn the_heavier_goes_first_among_heads() {
    let entry = |handle, name, weight| Entry { handle, name, group: 1, phone: "", id: "", head: true, weight };
    let index = Index::build([entry(1, "张安", 0), entry(2, "张本", 9), entry(3, "张才", 1)].into_iter());
    let order: Vec<u32> = index.find("z", 9).iter().map(|hit| hit.handle).collect();
    assert_eq!(order, [2, 3, 1]);
}

#[test]
fn a_surname_is_read_as_a_surname_first() {
    check(&["shanjianguo"], "单建国", Reason::Pinyin);
    check(&["shanjg"], "单建国", Reason::SurnameInitials);
    check(&["xie"], "解文", Reason::PinyinPrefix);
    check(&["zha"], "查理", Reason::PinyinPrefix);
    check(&["qiumg"], "仇明国", Reason::SurnameInitials);
    check(&["ouyonggui"], "区永贵", Reason::Pinyin);
    check(&["zengwenjian"], "曾文建", Reason::Pinyin);
    check(&["yuchigong"], "尉迟恭", Reason::Pinyin);
    check(&["ycg"], "尉迟恭", Reason::Initials);
    check(&["hejianguo"], "黑建国", Reason::Pinyin);
    check(&["oyhj"], "欧阳花菊", Reason::Initials);
}

#[test]
fn every_other_reading_still_leads_there_but_last() {
    check(&["danjianguo", "djg"], "单建国", Reason::OtherReading);
    check(&["jiewen"], "解文", Reason::OtherReading);
    check(&["weichi"], "尉迟恭", Reason::OtherReading);
    check_names("dan", &["丁丹", "单丹", "单建国", "单花"]);
}

#[test]
fn u_umlaut_is_typed_as_v_or_u_or_yu() {
    check(&["lvxiaobu", "luxiaobu", "lyuxiaobu", "lüxiaobu", "lu:xiaobu"], "吕小布", Reason::Pinyin);
    check(&["lvxb", "lyuxb"], "吕小布", Reason::SurnameInitials);
}

#[test]
fn a_group_narrows_the_search() {
    check_names("3组", &["张建国", "张 三", "张健"]);
    check_names("3组张", &["张建国", "张 三", "张健"]);
    check_names("三组z", &["张建国", "张 三", "张健"]);
    check_names("第三村民小组 zj", &["张健", "张建国"]);
    check_names("9组", &[]);
    check_names("2组张", &[]);
}

#[test]
fn the_end_of_a_number_finds_its_owner() {
    check(&["3009", "10056453009"], "仇明国", Reason::Number);
    check(&["009x", "009X", "99010119680315009x"], "仇明国", Reason::Number);
    check(&["仇3009", "3009 仇"], "仇明国", Reason::HanPrefix);
    check(&["3009 q"], "仇明国", Reason::Initials);
    check_names("3008 仇", &[]);
}

#[test]
fn marks_in_a_name_do_not_hide_it() {
    check(&["阿依古丽", "阿依·古丽", "阿依 古丽"], "阿依·古丽", Reason::Exact);
    check(&["ayigl"], "阿依·古丽", Reason::SurnameInitials);
    check(&["张三"], "张 三", Reason::Exact);
}

#[test]
fn dialect_is_off_until_asked_for() {
    check_names("lingning", &[]);
    let spoken = found("lingning", Spelling::Dialect);
    assert_eq!(spoken.first(), Some(&("宁玲", Reason::Pinyin)));
    assert_eq!(found("zangjianguo", Spelling::Dialect).first(), Some(&("张建国", Reason::Pinyin)));
    check_names("zangjianguo", &[]);
}

#[test]
fn nonsense_and_nothing_find_nobody() {
    for query in ["", "  ", "qqqq", "张建国啊", "zhangv", "zjgg", "鱻"] {
        check_names(query, &[]);
    }
    assert!(village().find("z", 0).is_empty());
    let empty: Index<u32> = Index::build(std::iter::empty());
    assert!(empty.is_empty() && empty.find("zjg", 10).is_empty());
}

#[test]
fn the_limit_keeps_the_best() {
    let hits = village().find("z", 2);
    let names: Vec<&str> = hits.iter().map(|hit| VILLAGE[hit.handle].0).collect();
    assert_eq!(names, ["曾文建", "查理"]);
}

#[test]
fn a_name_without_a_letter_is_kept_but_never_found() {
    let entry = Entry { handle: 1u32, name: "——", group: 2, phone: "", id: "", head: true, weight: 0 };
    let index = Index::build(std::iter::once(entry));
    assert_eq!((index.len(), index.find("z", 5).len(), index.find("2组", 5).len()), (1, 0, 1));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(name in ".{0,12}", query in ".{0,80}", number in ".{0,20}") {
        let entry = Entry { handle: 0u32, name: &name, group: 1, phone: &number, id: &number, head: true, weight: 0 };
        Index::build(std::iter::once(entry)).find_spelled(&query, 5, Spelling::Dialect);
    }

    #[test]
    fn a_name_of_characters_finds_itself(name in "[\u{4e00}-\u{9fa5}]{1,6}") {
        proptest::prop_assume!(!name.contains('组'));
        let entry = Entry { handle: 7u32, name: &name, group: 1, phone: "", id: "", head: true, weight: 0 };
        let index = Index::build(std::iter::once(entry));
        proptest::prop_assert_eq!(index.find(&name, 1).first().map(|hit| hit.reason), Some(Reason::Exact));
        let typed = initials(&name);
        proptest::prop_assert_eq!(index.find(&typed, 1).len(), 1);
    }
}
