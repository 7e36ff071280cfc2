//! How the window is started.

use std::path::PathBuf;

use clap::Parser;

#[derive(Clone, Debug, Parser)]
#[command(name = "lianhu-desktop", version, about = "联户 · the village ledger")]
pub struct Args {
    /// 资料文件夹：设置、草稿和新建的台账 · the folder of settings, drafts and new ledgers
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// 没有台账时打开样例村 · the sample village, when there is no ledger yet
    #[arg(long)]
    pub sample: bool,
    /// 演练用的固定时间 · a fixed time, to rehearse with
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// 台账文件 · the ledger to open
    pub ledger: Option<PathBuf>,
}
