//! What may go wrong while a paper is made. None of it is the clerk's doing.

#[derive(Debug, thiserror::Error)]
pub enum PaperFault {
    #[error("版式模板有误：{0}")]
    Template(#[from] minijinja::Error),
    #[error("文件打包失败：{0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("文件写入失败：{0}")]
    Write(#[from] std::io::Error),
    #[error("版面数据有误：{0}")]
    Data(#[from] serde_json::Error),
    #[error("PDF 排版失败：{0}")]
    Layout(String),
    #[error("表格文件生成失败：{0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    #[error("日期不能用：{0}")]
    Date(chrono::NaiveDateTime),
}
