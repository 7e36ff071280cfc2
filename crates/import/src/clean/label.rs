//! 名目 — words that stand for a code: 性别, 民族, 关系, 政治面貌, 文化程度, 健康状况, 户类型, 党员类别 (domain: GB/T 2261,
//! 3304, 4658, 4761, 4762). A usual short form is brought to the full word; a word not listed is kept as typed.

use super::{Clean, folded, says_nothing};
use crate::finding::{Remark, What};
use crate::grid::Cell;

/// One list of words and the usual other ways of saying them.
pub struct Words {
    known: &'static [&'static str],
    usual: &'static [(&'static str, &'static str)],
    /// A suffix people leave out: 汉 for 汉族.
    suffix: &'static str,
}

pub static SEX: Words = Words { known: &["男", "女"], usual: &[("男性", "男"), ("女性", "女")], suffix: "" };

pub static ETHNIC: Words = Words {
    known: &[
        "汉族",
        "蒙古族",
        "回族",
        "藏族",
        "维吾尔族",
        "苗族",
        "彝族",
        "壮族",
        "布依族",
        "朝鲜族",
        "满族",
        "侗族",
        "瑶族",
        "白族",
        "土家族",
        "哈尼族",
        "哈萨克族",
        "傣族",
        "黎族",
        "傈僳族",
        "佤族",
        "畲族",
        "高山族",
        "拉祜族",
        "水族",
        "东乡族",
        "纳西族",
        "景颇族",
        "柯尔克孜族",
        "土族",
        "达斡尔族",
        "仫佬族",
        "羌族",
        "布朗族",
        "撒拉族",
        "毛南族",
        "仡佬族",
        "锡伯族",
        "阿昌族",
        "普米族",
        "塔吉克族",
        "怒族",
        "乌孜别克族",
        "俄罗斯族",
        "鄂温克族",
        "德昂族",
        "保安族",
        "裕固族",
        "京族",
        "塔塔尔族",
        "独龙族",
        "鄂伦春族",
        "赫哲族",
        "门巴族",
        "珞巴族",
        "基诺族",
    ],
    usual: &[],
    suffix: "族",
};

pub static RELATION: Words = Words {
    known: &[
        "户主",
        "配偶",
        "夫",
        "妻",
        "子",
        "独生子",
        "长子",
        "次子",
        "三子",
        "四子",
        "五子",
        "养子",
        "继子",
        "女婿",
        "女",
        "独生女",
        "长女",
        "次女",
        "三女",
        "四女",
        "五女",
        "养女",
        "继女",
        "儿媳",
        "孙子",
        "孙女",
        "外孙子",
        "外孙女",
        "孙媳",
        "孙女婿",
        "曾孙子",
        "曾孙女",
        "父亲",
        "母亲",
        "公公",
        "婆婆",
        "岳父",
        "岳母",
        "继父",
        "继母",
        "祖父",
        "祖母",
        "外祖父",
        "外祖母",
        "曾祖父",
        "曾祖母",
        "兄",
        "弟",
        "姐",
        "妹",
        "嫂",
        "弟媳",
        "姐夫",
        "妹夫",
        "伯父",
        "叔父",
        "姑母",
        "舅父",
        "姨母",
        "侄子",
        "侄女",
        "外甥",
        "外甥女",
        "其他亲属",
        "非亲属",
        "其他",
    ],
    usual: &[
        ("本人", "户主"),
        ("户主本人", "户主"),
        ("妻子", "妻"),
        ("之妻", "妻"),
        ("丈夫", "夫"),
        ("之夫", "夫"),
        ("儿子", "子"),
        ("之子", "子"),
        ("女儿", "女"),
        ("之女", "女"),
        ("大儿子", "长子"),
        ("二子", "次子"),
        ("二儿子", "次子"),
        ("大女儿", "长女"),
        ("二女", "次女"),
        ("二女儿", "次女"),
        ("之长子", "长子"),
        ("之次子", "次子"),
        ("之长女", "长女"),
        ("之次女", "次女"),
        ("父", "父亲"),
        ("之父", "父亲"),
        ("母", "母亲"),
        ("之母", "母亲"),
        ("孙", "孙子"),
        ("之孙", "孙子"),
        ("之孙子", "孙子"),
        ("之孙女", "孙女"),
        ("外孙", "外孙子"),
        ("媳妇", "儿媳"),
        ("之儿媳", "儿媳"),
        ("儿媳妇", "儿媳"),
        ("爷爷", "祖父"),
        ("奶奶", "祖母"),
        ("外公", "外祖父"),
        ("外婆", "外祖母"),
        ("哥哥", "兄"),
        ("弟弟", "弟"),
        ("姐姐", "姐"),
        ("妹妹", "妹"),
    ],
    suffix: "",
};

pub static POLITICAL: Words = Words {
    known: &[
        "中共党员",
        "中共预备党员",
        "共青团员",
        "民革党员",
        "民盟盟员",
        "民建会员",
        "民进会员",
        "农工党党员",
        "致公党党员",
        "九三学社社员",
        "台盟盟员",
        "无党派人士",
        "群众",
    ],
    usual: &[("党员", "中共党员"), ("预备党员", "中共预备党员"), ("团员", "共青团员"), ("正式党员", "中共党员")],
    suffix: "",
};

pub static EDUCATION: Words = Words {
    known: &[
        "博士研究生",
        "硕士研究生",
        "研究生",
        "本科",
        "大专",
        "中专",
        "职高",
        "技校",
        "高中",
        "初中",
        "小学",
        "文盲或半文盲",
        "学龄前儿童",
        "其他",
    ],
    usual: &[
        ("博士", "博士研究生"),
        ("硕士", "硕士研究生"),
        ("大学本科", "本科"),
        ("专科", "大专"),
        ("大学专科", "大专"),
        ("普通高中", "高中"),
        ("职业高中", "职高"),
        ("文盲", "文盲或半文盲"),
        ("半文盲", "文盲或半文盲"),
        ("文盲半文盲", "文盲或半文盲"),
        ("文盲/半文盲", "文盲或半文盲"),
        ("学龄前", "学龄前儿童"),
        ("学前儿童", "学龄前儿童"),
    ],
    suffix: "",
};

pub static HEALTH: Words = Words {
    known: &["健康", "长期慢性病", "患有大病", "残疾"],
    usual: &[("良好", "健康"), ("慢性病", "长期慢性病"), ("大病", "患有大病"), ("患大病", "患有大病")],
    suffix: "",
};

pub static CLASS: Words = Words {
    known: &["一般户", "脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "低保户", "特困供养户", "易搬户"],
    usual: &[
        ("一般农户", "一般户"),
        ("建档立卡户", "脱贫户"),
        ("建档立卡脱贫户", "脱贫户"),
        ("脱贫不稳定", "脱贫不稳定户"),
        ("边缘易致贫", "边缘易致贫户"),
        ("边缘户", "边缘易致贫户"),
        ("突发严重困难", "突发严重困难户"),
        ("低保", "低保户"),
        ("特困", "特困供养户"),
        ("特困户", "特困供养户"),
        ("五保户", "特困供养户"),
        ("特困供养", "特困供养户"),
        ("易地搬迁户", "易搬户"),
        ("易地扶贫搬迁户", "易搬户"),
    ],
    suffix: "",
};

pub static MEMBER_CLASS: Words = Words {
    known: &["正式党员", "预备党员"],
    usual: &[("正式", "正式党员"), ("预备", "预备党员"), ("中共正式党员", "正式党员"), ("中共预备党员", "预备党员")],
    suffix: "",
};

/// One word.
pub fn clean(cell: &Cell, words: &Words) -> Clean<String> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    if says_nothing(&typed) && typed.trim() != "无" {
        return Clean::blank();
    }
    words.read(&typed).unwrap_or_else(|| Clean::doubtful(&typed, What::LabelUnknown))
}

/// Several words in one cell: 脱贫户、低保户.
pub fn several(cell: &Cell, words: &Words) -> Clean<Vec<String>> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    if says_nothing(&typed) {
        return Clean::blank();
    }
    let parts = typed.split(['、', '，', ',', ';', '；', '/', ' ', '\n', '+']).filter(|p| !says_nothing(p));
    let read: Option<Vec<Clean<String>>> = parts.map(|p| words.read(p)).collect();
    let Some(read) = read else {
        return Clean::doubtful(&typed, What::LabelUnknown);
    };
    let mut out = Clean::sure(Vec::new());
    for one in read {
        out.remarks.extend(one.remarks);
        out.value.get_or_insert_default().extend(one.value);
    }
    out
}

impl Words {
    fn read(&self, typed: &str) -> Option<Clean<String>> {
        let word = folded(typed);
        if self.known.contains(&word.as_str()) {
            return Some(Clean::sure(word));
        }
        let full = self.usual.iter().find(|(usual, _)| *usual == word).map(|(_, full)| (*full).to_owned());
        let full =
            full.or_else(|| Some(format!("{word}{}", self.suffix)).filter(|f| self.known.contains(&f.as_str())))?;
        let remark = Remark::repaired(What::LabelUsual, &full);
        Some(Clean::sure(full).with(remark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_we_bring_a_cell_to_is_one_the_ledger_knows() {
        let lists = [
            ("sex", &SEX),
            ("ethnic", &ETHNIC),
            ("relation", &RELATION),
            ("political", &POLITICAL),
            ("education", &EDUCATION),
            ("health", &HEALTH),
            ("household_class", &CLASS),
            ("political", &MEMBER_CLASS),
        ];
        for (set, words) in lists {
            let unknown: Vec<_> =
                words.known.iter().filter(|word| lianhu_ledger::codes::find(set, word).is_none()).collect();
            assert!(unknown.is_empty(), "{set}: {unknown:?}");
        }
    }

    fn check(typed: &str, words: &Words, word: Option<&str>, whats: &[What]) {
        let cleaned = clean(&Cell::Text(typed.into()), words);
        assert_eq!(cleaned.value.as_deref(), word, "{typed:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{typed:?}");
    }

    #[test]
    fn a_listed_word_passes_and_a_usual_one_is_brought_to_it() {
        check("布依族", &ETHNIC, Some("布依族"), &[]);
        check("汉", &ETHNIC, Some("汉族"), &[What::LabelUsual]);
        check("本人", &RELATION, Some("户主"), &[What::LabelUsual]);
        check("党员", &POLITICAL, Some("中共党员"), &[What::LabelUsual]);
    }

    #[test]
    fn an_unlisted_word_is_kept_as_typed() {
        check("监测户", &CLASS, None, &[What::LabelUnknown]);
        check("干儿子", &RELATION, None, &[What::LabelUnknown]);
    }

    #[test]
    fn several_classes_in_one_cell_are_several() {
        let read = several(&Cell::Text("脱贫户、低保".into()), &CLASS);
        assert_eq!(read.value, Some(vec!["脱贫户".to_owned(), "低保户".to_owned()]));
    }
}
