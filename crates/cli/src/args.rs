//! The command line itself.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use lianhu_ledger::dates::Month;
use lianhu_ledger::text::Lang;
use lianhu_sync::lan;
use uuid::Uuid;

/// 联户：村党支部的台账与月报（命令行） · the village ledger and its monthly report
#[derive(Parser)]
#[command(name = "lianhu", version)]
pub struct Args {
    /// 台账文件 · the ledger
    #[arg(long, global = true, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// 密钥文件：32 字节或 64 位十六进制；没有则台账不加密 · key of an encrypted ledger
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// 操作人；缺省为台账里的文书 · who does it
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub author: Option<String>,
    /// 固定时钟，供测试用，如 2026-11-05T09:00 · a fixed clock, China time
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    /// 提示语言 · language of what is said
    #[arg(long, global = true, value_enum, default_value = "zh")]
    pub lang: Tongue,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Tongue {
    Zh,
    En,
}

impl Args {
    pub fn lang(&self) -> Lang {
        match self.lang {
            Tongue::Zh => Lang::ZhCn,
            Tongue::En => Lang::En,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Docx,
    Xlsx,
    Pdf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DetailsChoice {
    None,
    Masked,
    Full,
}

#[derive(Subcommand)]
pub enum Command {
    /// 新建台账 · make a new ledger
    New {
        #[arg(long)]
        village: String,
        /// 12 位统计用区划代码 · the village's 12-digit code
        #[arg(long)]
        code: String,
        #[arg(long)]
        township: String,
        #[arg(long)]
        clerk: String,
        /// 样例台账：所有纸面带“样例数据”水印 · a sample, watermarked as such
        #[arg(long)]
        sample: bool,
    },
    /// 导入 Excel 台账（.xlsx .xls .csv） · take in Excel ledgers
    Import {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// 只看会改什么，不写入 · show what would change
        #[arg(long)]
        dry_run: bool,
        /// 疑问清单和标色副本放到这里 · where doubts and marked copies go
        #[arg(long, value_name = "DIR")]
        doubts: Option<PathBuf>,
        #[arg(long)]
        json: bool,
        /// 作为更正写入已月结的月份，并写明原因 · correct closed months, with the reason
        #[arg(long, value_name = "REASON")]
        correct: Option<String>,
    },
    /// 新增或修改一条记录 · write the named fields of a new or standing record
    Put {
        kind: String,
        /// 字段，如 {"id": …, "phone": "…"}；- 表示从标准输入读 · the fields; - reads standard input
        #[arg(long, value_name = "JSON")]
        json: String,
        /// 作为更正写入已月结的月份，并写明原因 · correct a closed month, with the reason
        #[arg(long, value_name = "REASON")]
        correct: Option<String>,
    },
    /// 作废一条记录 · void a record
    Void {
        kind: String,
        id: Uuid,
        #[arg(long)]
        reason: String,
        #[arg(long, value_name = "REASON")]
        correct: Option<String>,
    },
    /// 恢复作废的记录 · take a voiding back
    Restore { kind: String, id: Uuid },
    /// 查看一条记录 · show one record
    Get {
        kind: String,
        id: Uuid,
        #[arg(long)]
        json: bool,
    },
    /// 列出一类记录 · list the records of a kind
    List {
        kind: String,
        /// 列出作废的 · the voided ones
        #[arg(long)]
        voided: bool,
        #[arg(long)]
        json: bool,
    },
    /// 按姓名、拼音、组、号码尾数查找 · find people and households
    Find {
        text: String,
        #[arg(long, default_value_t = 20)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// 一个月的数据 · the figures of a month
    Month {
        month: Month,
        #[arg(long)]
        json: bool,
    },
    /// 生成月报 · write the monthly report
    Report {
        month: Month,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[arg(long, value_enum, value_delimiter = ',', default_values = ["docx", "xlsx", "pdf"])]
        format: Vec<Format>,
        /// 表格附原始明细：不附、遮盖证件号、完整 · details in the spreadsheet
        #[arg(long, value_enum, default_value = "none")]
        details: DetailsChoice,
        /// 不报镇的版本，不附未到户清单 · a copy that names no household
        #[arg(long)]
        without_names: bool,
        /// 使用本机字体 · use this computer's own fonts in the PDF
        #[arg(long)]
        system_fonts: bool,
        #[arg(long)]
        json: bool,
    },
    /// 打印会议记录、签到表、走访登记表（PDF） · minutes, sign-in sheet, visit sheet as PDF
    Print {
        #[command(subcommand)]
        what: Print,
    },
    /// 月结 · close a month
    Close {
        month: Month,
        #[arg(long)]
        json: bool,
    },
    /// 操作历史 · what was done, by whom
    History {
        id: Option<Uuid>,
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// 撤销一步操作 · take an action back
    Undo {
        batch: String,
        #[arg(long, value_name = "REASON")]
        correct: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 待核对的事 · what a merge left questionable
    Findings {
        #[arg(long)]
        json: bool,
    },
    /// 逐行输出全部有效记录 · every live record, one canonical line each
    Dump,
    /// 检查台账 · check file, log and tables
    Verify {
        #[arg(long)]
        json: bool,
    },
    /// 由变更记录重建各表 · make the tables anew from the log
    Rebuild,
    /// 用接入码加入镇里；台账里已有的全部记录随后上报 · this ledger joins its township
    Enrol {
        /// 镇里发的接入码 · the township's code
        code: String,
        /// 谁的电脑；缺省为操作人 · whose computer this is
        #[arg(long)]
        who: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 在另一台电脑上取来本村台账 · a new ledger on a further computer, fetched from the township
    Join {
        /// 接入码；接着上次没取完的可以不写 · may be left out to go on with one that was cut
        code: Option<String>,
        #[arg(long)]
        who: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 上报并取来镇里的记录；全部有回执才算完成 · report and fetch; done only when everything has its receipt
    Sync {
        /// 照片也传；选一次就记住 · pictures travel too, and the choice is remembered
        #[arg(long, value_name = "yes|no", num_args = 0..=1, default_missing_value = "yes")]
        pictures: Option<YesNo>,
        #[arg(long)]
        json: bool,
    },
    /// 看哪些电脑等着加入；写上对方屏幕上的核对码就同意它 · who waits to come in; with its six digits, lets it in
    Approve {
        /// 对方屏幕上的六位核对码 · the six digits on its screen
        short: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 局域网互传：同村两台电脑，不用 U 盘也不用镇里 · two computers of a village in one room
    Lan {
        #[command(subcommand)]
        what: LanCommand,
    },
    /// 数据包（.lhb）：用 U 盘报送或交换 · a package for a stick
    Package {
        #[command(subcommand)]
        what: PackageCommand,
    },
    /// 哪些已送达，哪些还在等 · what was received and what waits
    Status {
        #[arg(long)]
        json: bool,
    },
    /// 两台电脑同时改过的地方 · what two computers changed at the same time
    Conflicts {
        #[arg(long)]
        json: bool,
    },
    /// 选定一处：留现在的，或用另一个 · keep what stands, or take the other
    Settle {
        id: String,
        #[arg(value_enum)]
        take: Side,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    Mine,
    Theirs,
}

#[derive(Subcommand)]
pub enum LanCommand {
    /// 开门等对方来传 · open the door and wait
    Serve {
        /// 来过几台就关门；缺省一直开着 · close after so many guests
        #[arg(long)]
        guests: Option<usize>,
        /// 在哪里等；缺省任意空闲端口 · where to wait
        #[arg(long, value_name = "HOST:PORT", default_value = "0.0.0.0:0")]
        listen: SocketAddr,
        /// 在哪里听喊话 · where to hear who calls
        #[arg(long, value_name = "HOST:PORT", default_value_t = SocketAddr::from(([0, 0, 0, 0], lan::PORT)))]
        ears: SocketAddr,
    },
    /// 找到开着门的电脑，互传 · find who has the door open, and exchange
    Find {
        /// 向哪里喊；缺省整个局域网 · where to call
        #[arg(long, value_name = "HOST:PORT", default_value_t = SocketAddr::from(([255, 255, 255, 255], lan::PORT)))]
        to: SocketAddr,
        /// 喊几遍，每遍半秒 · how often to call, half a second each
        #[arg(long, default_value_t = 8)]
        calls: u32,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

#[derive(Subcommand)]
pub enum PackageCommand {
    /// 打包 · write one
    Make { file: PathBuf },
    /// 读入 · take one in
    Read { file: PathBuf },
    /// 没有镇里时，新电脑写加入申请 · a further computer of a village without township asks to join
    Request {
        file: PathBuf,
        #[arg(long)]
        who: String,
    },
    /// 村里第一台电脑收下申请，写好答复 · the first computer lets it in and writes the answer
    Admit {
        request: PathBuf,
        answer: PathBuf,
        #[arg(long, default_value = "cadre")]
        role: String,
    },
    /// 新电脑读入答复；核对码照第一台电脑上的输 · the further computer reads the answer, with the digits of the first
    Join {
        answer: PathBuf,
        #[arg(long, value_name = "123456")]
        digits: String,
    },
}

#[derive(Subcommand)]
pub enum Print {
    /// 会议记录 · minutes
    Minutes(OfMeeting),
    /// 签到表 · sign-in sheet
    Signin(OfMeeting),
    /// 走访登记表 · blank visit sheet
    Visits {
        #[arg(long)]
        month: Option<Month>,
        /// 只列这名责任人的结对户 · one helper's households only
        #[arg(long)]
        visitor: Option<Uuid>,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(clap::Args)]
pub struct OfMeeting {
    /// 会议编号；缺省为最近一次群众大会 · the meeting; the latest mass meeting if none is named
    pub meeting: Option<Uuid>,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
