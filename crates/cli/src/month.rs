//! `month`, `report`, `print`, `close`.

use std::path::Path;

use lianhu_desk::files::safe_name;
use lianhu_desk::month::{close_ledger, file_stem, receipted};
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::{Meeting, PersonId};
use lianhu_ledger::{Code, Refusal, text};
use lianhu_report::document::{Block, Document};
use lianhu_report::figures::{self, Figures};
use lianhu_report::monthly::{self, Details};
use lianhu_report::{FontChoice, PaperFault, PdfOptions, docx, papers, pdf, xlsx};
use serde_json::json;

use crate::args::{Args, Command, DetailsChoice, Format, OfMeeting, Print};
use crate::files;
use crate::output::{self, Desk, Failure, Outcome};

pub fn run(args: &Args) -> Outcome {
    let mut desk = Desk::open(args)?;
    match &args.command {
        Command::Month { month, json } => show(&desk, *month, *json),
        Command::Report { month, json, .. } => {
            let written = report(&desk, *month, &args.command)?;
            match json {
                true => output::json(&written),
                false => written.iter().try_for_each(|path| desk.say("cli.written", &[("path", path)])),
            }
        }
        Command::Print { what } => print(&desk, what),
        Command::Close { month, json } => close(&mut desk, *month, *json),
        _ => Ok(()),
    }
}

fn show(desk: &Desk, month: Month, as_json: bool) -> Outcome {
    let figures = figures::figures(desk.ledger.view(), month, desk.today())?;
    if as_json {
        return output::json(&figures);
    }
    let paper = paper(desk, &figures, true)?;
    for block in &paper.blocks {
        print_block(block)?;
    }
    Ok(())
}

fn print_block(block: &Block) -> Outcome {
    match block {
        Block::Heading { text, .. } => output::line(&format!("\n{text}")),
        Block::Para(text) | Block::Note(text) => output::line(text),
        Block::List(items) => items.iter().try_for_each(|item| output::line(&format!("  {item}"))),
        Block::Table(table) => print_table(table),
        Block::Chart(chart) => print_table(&chart.table()),
        Block::SignatureRow(_) | Block::PageBreak => Ok(()),
    }
}

fn print_table(table: &lianhu_report::table::Table) -> Outcome {
    use lianhu_report::table::Row;
    output::line(&format!("[{}]", table.title))?;
    output::line(&table.columns.iter().map(|c| c.title.as_str()).collect::<Vec<_>>().join("\t"))?;
    table.rows.iter().try_for_each(|row| match row {
        Row::Cells(cells) => output::line(&cells.iter().map(|c| c.print()).collect::<Vec<_>>().join("\t")),
        Row::Band(text) => output::line(text),
    })
}

fn paper(desk: &Desk, figures: &Figures, for_township: bool) -> Outcome<Document> {
    let mut edition = papers::edition(desk.ledger.view(), figures, &desk.author, for_township, desk.made_at())?;
    edition.receipt = receipted(&desk.ledger)?;
    Ok(monthly::document(figures, &edition))
}

fn report(desk: &Desk, month: Month, command: &Command) -> Outcome<Vec<String>> {
    let Command::Report { out, format, details, without_names, system_fonts, .. } = command else {
        return Ok(Vec::new());
    };
    let figures = figures::figures(desk.ledger.view(), month, desk.today())?;
    let paper = paper(desk, &figures, !without_names)?;
    let stem = file_stem(&figures);
    let mut written = Vec::new();
    for format in format {
        let (ending, bytes) = match format {
            Format::Docx => ("docx", docx(&paper).map_err(|e| paper_failure(desk, &e))?),
            Format::Pdf => ("pdf", pdf_bytes(desk, &paper, *system_fonts)?),
            Format::Xlsx => {
                let extra = monthly::details(desk.ledger.view(), &figures, which(*details))?;
                ("xlsx", xlsx(&paper, &extra).map_err(|e| paper_failure(desk, &e))?)
            }
        };
        written.push(files::write(out, &format!("{stem}.{ending}"), &bytes)?.display().to_string());
    }
    Ok(written)
}

fn which(choice: DetailsChoice) -> Details {
    match choice {
        DetailsChoice::None => Details::None,
        DetailsChoice::Masked => Details::Masked,
        DetailsChoice::Full => Details::Full,
    }
}

fn pdf_bytes(desk: &Desk, paper: &Document, system_fonts: bool) -> Outcome<Vec<u8>> {
    let fonts = if system_fonts { FontChoice::Computer } else { FontChoice::Bundled };
    let made = pdf(paper, &PdfOptions { fonts }).map_err(|e| paper_failure(desk, &e))?;
    if !made.missing.is_empty() {
        let letters: String = made.missing.iter().collect();
        eprintln!("{}", text::say(desk.lang, "cli.missing_letters", &[("letters", &letters)]));
    }
    Ok(made.bytes)
}

fn paper_failure(desk: &Desk, fault: &PaperFault) -> Failure {
    let what = text::say(desk.lang, "cli.paper_fault", &[("what", &fault.to_string())]);
    Failure::Ledger(lianhu_ledger::Fault::Asset { name: "paper", what }.into())
}

fn print(desk: &Desk, what: &Print) -> Outcome {
    let view = desk.ledger.view();
    let (name, paper, out): (String, Document, &Path) = match what {
        Print::Minutes(of) => {
            let meeting = meeting(desk, of)?;
            let name = format!("{}{}会议记录", meeting.on, meeting.meeting_kind.label());
            (name, papers::minutes(view, &meeting, desk.made_at())?.document(), &of.out)
        }
        Print::Signin(of) => {
            let meeting = meeting(desk, of)?;
            let name = format!("{}{}签到表", meeting.on, meeting.meeting_kind.label());
            (name, papers::sign_in(view, &meeting, desk.made_at())?.document(), &of.out)
        }
        Print::Visits { month, visitor, out } => {
            let month = month.unwrap_or(Month::of(desk.today()));
            let sheet = papers::visit_sheet(view, month, visitor.map(PersonId), desk.made_at())?;
            (format!("{month}走访登记表"), sheet.document(), out)
        }
    };
    let path = files::write(out, &format!("{}.pdf", safe_name(&name)), &pdf_bytes(desk, &paper, false)?)?;
    desk.say("cli.written", &[("path", &path.display().to_string())])
}

fn meeting(desk: &Desk, of: &OfMeeting) -> Outcome<Meeting> {
    let view = desk.ledger.view();
    let found = match of.meeting {
        Some(id) => view.get::<Meeting>(id)?.filter(|m| m.gone.is_none()),
        None => view.select::<Meeting>("meeting_kind = 'mass' ORDER BY \"on\" DESC LIMIT 1", [])?.pop(),
    };
    let wanted = of.meeting.map_or_else(|| "—".to_owned(), |id| id.to_string());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", "meeting").with("id", wanted).into())
}

fn close(desk: &mut Desk, month: Month, as_json: bool) -> Outcome {
    let saved = close_ledger(&mut desk.ledger, month, &desk.author, None)?;
    match as_json {
        true => output::json(&json!({
            "month": month, "check_code": saved.value, "batch": saved.batch.map(|b| b.to_string()),
        })),
        false => desk.say("cli.closed", &[("month", &month.to_string()), ("code", &saved.value)]),
    }
}
