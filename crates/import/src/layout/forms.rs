//! 七本台账的栏目 — the columns of the seven ledgers and the words clerks head them with.

use super::Column;
use serde::{Deserialize, Serialize};

/// Which ledger a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 农户台账
    Households,
    /// 结对帮扶台账
    Pairings,
    /// 党员联系户台账
    MemberLinks,
    /// 党员花名册
    Members,
    /// 走访记录
    Visits,
    /// 四述四评（群众大会）台账
    Meetings,
    /// 五星文明户评定表
    Stars,
}

impl Kind {
    /// The ledger's name in the clerk's words.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Households => "农户台账",
            Kind::Pairings => "结对帮扶台账",
            Kind::MemberLinks => "党员联系户台账",
            Kind::Members => "党员花名册",
            Kind::Visits => "走访记录",
            Kind::Meetings => "四述四评台账",
            Kind::Stars => "五星文明户评定表",
        }
    }
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Seq,
    HouseholdNumber,
    Group,
    Head,
    HeadId,
    Size,
    Address,
    HouseholdPhone,
    Vacant,
    Class,
    Name,
    Relation,
    Sex,
    Ethnic,
    Id,
    Born,
    Political,
    Education,
    Health,
    Phone,
    Away,
    Note,
    Helper,
    Unit,
    Role,
    From,
    Until,
    Member,
    Cell,
    JoinedOn,
    FullOn,
    MemberClass,
    Floating,
    On,
    Visitor,
    SharedMeal,
    DidChore,
    OpportunityGiven,
    Opportunity,
    Need,
    Place,
    Host,
    Expected,
    Present,
    Who,
    Said,
    What,
    Issued,
    Best,
    Good,
    Fair,
    Poor,
    Opinions,
    Wealth,
    Law,
    Virtue,
    Clean,
    Honest,
    Stars,
    UnratedReason,
}

impl Field {
    /// The name of the record's field whose text may be kept as typed.
    pub fn column(self) -> Option<&'static str> {
        Some(match self {
            Field::Id => "id_number",
            Field::Born => "born",
            Field::Sex => "sex",
            Field::Ethnic => "ethnic",
            Field::Relation => "relation",
            Field::Education => "education",
            Field::Political => "political",
            Field::Health => "health",
            Field::Phone | Field::HouseholdPhone => "phone",
            Field::Away => "away",
            Field::Class | Field::MemberClass => "class",
            Field::Vacant => "vacant",
            Field::JoinedOn => "joined_on",
            Field::FullOn => "full_on",
            Field::Floating => "floating",
            Field::SharedMeal => "shared_meal",
            Field::DidChore => "did_chore",
            Field::OpportunityGiven => "opportunity_given",
            Field::Expected => "expected",
            Field::Present => "present",
            Field::Opinions => "opinions",
            Field::Wealth => "wealth",
            Field::Law => "law",
            Field::Virtue => "virtue",
            Field::Clean => "clean",
            Field::Honest => "honest",
            Field::Stars => "stars",
            _ => return None,
        })
    }
}

/// One ledger's columns: without `needed` a sheet is not this ledger.
pub struct Form {
    pub kind: Kind,
    pub needed: &'static [Field],
    pub words: &'static [(Field, &'static [&'static str])],
}

const SEQ: (Field, &[&str]) = (Field::Seq, &["序号", "编号", "序", "No"]);
const GROUP: (Field, &[&str]) =
    (Field::Group, &["村民组", "村民小组", "组别", "组", "所在组", "所属组", "小组", "自然村", "所在村民组"]);
const NOTE: (Field, &[&str]) = (Field::Note, &["备注", "说明", "附注"]);
const UNIT: (Field, &[&str]) =
    (Field::Unit, &["工作单位", "单位", "所在单位", "单位名称", "责任人单位", "走访人单位", "派出单位"]);
const PHONE: (Field, &[&str]) = (
    Field::Phone,
    &["联系电话", "电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系手机", "本人电话", "责任人电话"],
);
const SEX: (Field, &[&str]) = (Field::Sex, &["性别"]);
const ETHNIC: (Field, &[&str]) = (Field::Ethnic, &["民族"]);
const BORN: (Field, &[&str]) = (Field::Born, &["出生年月", "出生日期", "出生年月日", "出生时间", "生日"]);
const EDUCATION: (Field, &[&str]) = (Field::Education, &["文化程度", "学历", "文化", "教育程度", "受教育程度"]);
const ID: (Field, &[&str]) = (
    Field::Id,
    &[
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号码",
        "公民身份证号",
        "身份证",
        "证件号码",
        "证件号",
        "居民身份证号码",
        "居民身份证号",
        "身份号码",
    ],
);
const HEAD_ID: (Field, &[&str]) = (
    Field::HeadId,
    &[
        "户主身份证号",
        "户主身份证号码",
        "户主身份证",
        "户主公民身份号码",
        "户主证件号码",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号码",
        "身份证",
        "证件号码",
        "居民身份证号码",
        "帮扶户身份证号",
        "联系户身份证号",
        "农户身份证号",
        "农户身份证号码",
    ],
);
const HEAD: (Field, &[&str]) = (
    Field::Head,
    &[
        "户主姓名",
        "户主",
        "姓名",
        "户主名",
        "户名",
        "农户姓名",
        "帮扶户户主",
        "帮扶户",
        "帮扶户姓名",
        "帮扶对象",
        "帮扶对象姓名",
        "联系户户主",
        "联系户",
        "联系户姓名",
        "被联系户",
        "被走访户",
        "走访户",
        "走访户户主",
        "走访对象",
        "受访户",
        "贫困户姓名",
        "脱贫户姓名",
        "农户户主",
    ],
);

/// In the order in which they are tried; the form that explains most columns wins.
pub static FORMS: &[Form] = &[
    Form {
        kind: Kind::Households,
        needed: &[Field::Name, Field::Relation],
        words: &[
            SEQ,
            GROUP,
            NOTE,
            SEX,
            ETHNIC,
            BORN,
            EDUCATION,
            PHONE,
            ID,
            (Field::HouseholdNumber, &["户编号", "户号", "农户编号", "户口编号", "门牌编号"]),
            (Field::Head, &["户主姓名", "户主", "户主名", "户名", "农户姓名"]),
            (Field::HeadId, &["户主身份证号", "户主身份证号码", "户主公民身份号码"]),
            (Field::Size, &["家庭人口数", "家庭人口", "人口数", "人数", "户籍人口", "家庭人数"]),
            (Field::Address, &["家庭住址", "住址", "地址", "家庭地址", "详细地址"]),
            (Field::HouseholdPhone, &["户主电话", "户主联系电话", "家庭电话", "户联系电话", "户主手机"]),
            (Field::Vacant, &["是否空挂户", "空挂户", "是否空户"]),
            (
                Field::Class,
                &[
                    "户类型",
                    "户类别",
                    "农户类型",
                    "农户类别",
                    "户属性",
                    "脱贫户属性",
                    "户别",
                    "类型",
                    "监测对象类型",
                    "农户属性",
                ],
            ),
            (
                Field::Name,
                &["姓名", "家庭成员姓名", "成员姓名", "家庭成员", "人员姓名", "家庭成员情况姓名", "家庭成员信息姓名"],
            ),
            (
                Field::Relation,
                &["与户主关系", "与户主的关系", "家庭关系", "关系", "和户主关系", "同户主关系", "与户主之关系"],
            ),
            (Field::Political, &["政治面貌", "政治面目"]),
            (Field::Health, &["健康状况", "健康情况", "身体状况", "健康"]),
            (Field::Away, &["是否外出", "外出", "是否外出务工", "外出务工", "是否常年外出", "是否在外"]),
            (Field::Unit, &["工作单位", "务工单位", "就业单位"]),
        ],
    },
    Form {
        kind: Kind::Pairings,
        needed: &[Field::Helper, Field::Head],
        words: &[
            SEQ,
            GROUP,
            NOTE,
            UNIT,
            PHONE,
            HEAD,
            HEAD_ID,
            (
                Field::Helper,
                &[
                    "帮扶责任人",
                    "帮扶责任人姓名",
                    "责任人",
                    "责任人姓名",
                    "帮扶人",
                    "帮扶人姓名",
                    "帮扶干部",
                    "结对干部",
                    "结对责任人",
                    "帮扶干部姓名",
                    "结对帮扶责任人",
                    "包保责任人",
                    "结对人",
                ],
            ),
            (Field::Role, &["类别", "帮扶类别", "责任人类别", "人员类别", "帮扶类型", "身份类别"]),
            (Field::From, &["结对时间", "结对日期", "帮扶开始时间", "开始时间", "结对起始时间", "帮扶时间"]),
            (Field::Until, &["结束时间", "解除时间", "终止时间", "帮扶结束时间"]),
        ],
    },
    Form {
        kind: Kind::MemberLinks,
        needed: &[Field::Member, Field::Head],
        words: &[
            SEQ,
            GROUP,
            NOTE,
            HEAD,
            HEAD_ID,
            (Field::Member, &["党员姓名", "党员", "联户党员", "联系党员", "联系人党员", "联户党员姓名", "责任党员"]),
            (Field::Id, &["党员身份证号", "党员身份证号码", "党员公民身份号码"]),
            (Field::Phone, &["党员电话", "党员联系电话"]),
            (Field::Cell, &["所在党小组", "党小组", "所属党小组", "党小组名称"]),
            (Field::From, &["联系时间", "结对时间", "开始时间", "联户时间"]),
            (Field::Until, &["结束时间", "终止时间"]),
        ],
    },
    Form {
        kind: Kind::Members,
        needed: &[Field::Name, Field::JoinedOn],
        words: &[
            SEQ,
            GROUP,
            NOTE,
            SEX,
            ETHNIC,
            BORN,
            EDUCATION,
            PHONE,
            ID,
            UNIT,
            (Field::Name, &["姓名", "党员姓名"]),
            (
                Field::JoinedOn,
                &["入党时间", "入党日期", "入党年月", "加入党组织日期", "加入中国共产党时间", "加入党组织时间"],
            ),
            (Field::FullOn, &["转正时间", "转正日期", "转正年月", "转为正式党员日期", "转为正式党员时间"]),
            (Field::MemberClass, &["党员类别", "人员类别", "类别", "党员类型", "正式或预备"]),
            (Field::Cell, &["所在党小组", "党小组", "所属党小组", "党小组名称"]),
            (Field::Floating, &["是否流动", "流动党员", "是否流动党员", "是否为流动党员"]),
        ],
    },
    Form {
        kind: Kind::Visits,
        needed: &[Field::On, Field::Visitor, Field::Head],
        words: &[
            SEQ,
            GROUP,
            NOTE,
            UNIT,
            PHONE,
            HEAD,
            HEAD_ID,
            (Field::On, &["走访日期", "走访时间", "日期", "入户日期", "入户时间", "时间", "走访年月日"]),
            (Field::Visitor, &["走访人", "走访人姓名", "走访干部", "入户人", "走访人员", "帮扶责任人", "责任人"]),
            (Field::SharedMeal, &["同吃一餐饭", "吃一餐饭", "同吃一顿饭", "同餐", "同吃", "一餐饭"]),
            (Field::DidChore, &["做一次家务", "做家务", "干一次家务", "家务", "同做家务"]),
            (
                Field::OpportunityGiven,
                &["明确一条发展门路", "发展门路", "谋一条发展门路", "是否明确发展门路", "找一条发展门路", "一条门路"],
            ),
            (Field::Opportunity, &["门路内容", "发展门路内容", "门路", "具体门路"]),
            (
                Field::Need,
                &[
                    "反映的困难诉求",
                    "困难诉求",
                    "反映问题",
                    "反映的问题",
                    "诉求",
                    "困难",
                    "存在困难",
                    "群众诉求",
                    "反映的困难",
                ],
            ),
        ],
    },
    Form {
        kind: Kind::Meetings,
        needed: &[Field::On, Field::Who],
        words: &[
            SEQ,
            NOTE,
            (Field::On, &["会议日期", "会议时间", "日期", "召开日期", "召开时间", "时间", "开会日期"]),
            (Field::Place, &["地点", "会议地点", "召开地点"]),
            (Field::Host, &["主持人", "主持", "会议主持人"]),
            (Field::Expected, &["应到户数", "应到人数", "应到", "应到会人数"]),
            (Field::Present, &["实到人数", "实到户数", "实到", "到会人数", "参会人数", "实到会人数"]),
            (Field::Who, &["述评对象", "述的对象", "述职对象", "对象", "述职人", "述评人", "述的主体"]),
            (Field::Said, &["述的内容", "述职内容", "述评内容", "述"]),
            (Field::What, &["评议内容", "评的内容", "评议事项", "评"]),
            (Field::Issued, &["发出票数", "发票数", "发放票数", "发出测评票", "票数", "发出票"]),
            (Field::Best, &["好", "好票", "满意", "优秀"]),
            (Field::Good, &["较好", "较好票", "比较满意", "良好"]),
            (Field::Fair, &["一般", "一般票", "基本满意"]),
            (Field::Poor, &["差", "差票", "不满意", "较差"]),
            (Field::Opinions, &["群众意见", "群众意见条", "意见条数", "群众意见条数", "收集意见", "意见数"]),
        ],
    },
    Form {
        kind: Kind::Stars,
        needed: &[Field::Head, Field::Wealth, Field::Law, Field::Virtue],
        words: &[
            SEQ,
            GROUP,
            NOTE,
            HEAD,
            HEAD_ID,
            (Field::Wealth, &["致富星", "致富", "勤劳致富星"]),
            (Field::Law, &["守法星", "守法", "遵纪守法星", "爱国守法星"]),
            (Field::Virtue, &["美德星", "美德", "家庭美德星"]),
            (Field::Clean, &["卫生星", "卫生", "环境卫生星", "清洁卫生星"]),
            (Field::Honest, &["诚信星", "诚信", "诚实守信星"]),
            (Field::Stars, &["星级", "评定星级", "得星", "星数", "获得星级", "合计星数"]),
            (Field::UnratedReason, &["未评原因", "未评定原因", "不参评原因", "未参评原因"]),
        ],
    },
];

impl Form {
    /// The column a header names, trying the words from the most to the least specific.
    pub fn field(&self, header: &str) -> Option<Field> {
        let hit = |(_, words): &&(Field, &[&str])| words.contains(&header);
        self.words.iter().find(hit).map(|(field, _)| *field)
    }

    pub fn of(kind: Kind) -> &'static Form {
        FORMS.iter().find(|form| form.kind == kind).expect("every ledger has its form")
    }

    /// What its columns can mean.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.words.iter().map(|(field, _)| *field)
    }

    /// What is needed and no column means.
    pub fn missing(&self, columns: &[Column]) -> Vec<Field> {
        let there = |field: &&Field| columns.iter().any(|c| c.field == Some(**field));
        self.needed.iter().filter(|field| !there(field)).copied().collect()
    }

    pub fn is_complete(&self, columns: &[Column]) -> bool {
        self.missing(columns).is_empty()
    }
}
