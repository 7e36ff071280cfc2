//! Held against other people's programs: python-stdnum for 公民身份号码, pypinyin for readings.
//!
//! `LIANHU_ORACLE_PYTHON` names an interpreter that has python-stdnum 2.2 and pypinyin 0.55.0; the
//! project's test command makes one. Each comparison is one call of the interpreter.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use chrono::{Datelike, NaiveDate};
use lianhu_ledger::resident_id::{IdProblem, ResidentId, check_character};
use lianhu_ledger::search::{Entry, Index, readings};

/// Sends lines to a script beside this file and returns its lines, one for one.
fn ask(script: &str, lines: &[String]) -> Vec<String> {
    let python = std::env::var("LIANHU_ORACLE_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = format!("{}/tests/oracle/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new(&python)
        .arg(&script)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{python} does not run: {e}"));
    let mut stdin = child.stdin.take().expect("piped");
    let text = lines.join("\n") + "\n";
    let writer = thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("the oracle ends");
    assert!(output.status.success(), "{script} needs python-stdnum and pypinyin in {python}");
    writer.join().expect("a writer").expect("the oracle reads everything");
    let answers: Vec<String> = String::from_utf8(output.stdout).expect("UTF-8").lines().map(String::from).collect();
    assert_eq!(answers.len(), lines.len(), "one answer per line from {script}");
    answers
}

/// A fixed sequence, so that a failure comes back.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}

/// Mostly possible dates, some impossible ones, some out of the years of people alive; half with a right check.
fn number(seq: &mut Sequence) -> String {
    let year = if seq.below(10) == 0 { 1800 + seq.below(400) } else { 1930 + seq.below(97) };
    let (months, days) = if seq.below(5) == 0 { (20, 40) } else { (12, 28) };
    let (month, day) = (seq.below(months) + u32::from(months == 12), seq.below(days) + u32::from(days == 28));
    let body = format!("{:06}{year:04}{month:02}{day:02}{:03}", 110000 + seq.below(800_000), seq.below(1000));
    let right = check_character(&body).expect("seventeen digits");
    let check = if seq.below(2) == 0 { right } else { char::from(b"0123456789X"[seq.below(11) as usize]) };
    format!("{body}{check}")
}

/// What the two together say: the oracle's check and date, our limits to the years of people alive.
fn expected(number: &str, answer: &str, today: NaiveDate) -> Result<NaiveDate, IdProblem> {
    let (check, born) = answer.split_once(' ').expect("two answers");
    let expected = check.chars().next().expect("a character");
    let part = |range: std::ops::Range<usize>| number[range].parse::<u32>().expect("digits");
    let (year, month, day) = (part(6..10) as i32, part(10..12), part(12..14));
    let born: NaiveDate = born.parse().map_err(|_| IdProblem::Date { year, month, day })?;
    let found = number.chars().last().expect("a character");
    match born {
        _ if born > today => Err(IdProblem::NotYetBorn { born }),
        _ if born.year() < 1880 => Err(IdProblem::TooOld { year }),
        _ if found != expected => Err(IdProblem::Checksum { expected, found }),
        _ => Ok(born),
    }
}

#[test]
fn a_hundred_thousand_numbers_are_judged_as_python_stdnum_does() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
    let mut seq = Sequence(11643);
    let numbers: Vec<String> = (0..100_000).map(|_| number(&mut seq)).collect();
    let mut outcomes: HashMap<&str, u32> = HashMap::new();
    for (number, answer) in numbers.iter().zip(ask("resident_id.py", &numbers)) {
        let ours = ResidentId::parse(number, today).map(|parsed| parsed.born);
        assert_eq!(ours, expected(number, &answer, today), "{number}: {answer}");
        *outcomes.entry(outcome(&ours)).or_default() += 1;
    }
    // The comparison is worth nothing if one outcome never came up.
    for kind in ["valid", "date", "checksum", "years"] {
        assert!(outcomes.get(kind).is_some_and(|n| *n > 1_000), "{outcomes:?}");
    }
}

fn outcome(result: &Result<NaiveDate, IdProblem>) -> &'static str {
    match result {
        Ok(_) => "valid",
        Err(IdProblem::Date { .. }) => "date",
        Err(IdProblem::Checksum { .. }) => "checksum",
        Err(_) => "years",
    }
}

#[test]
fn fifteen_digits_are_lengthened_to_the_check_python_stdnum_gives() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
    let mut seq = Sequence(15);
    let mut old = || {
        format!(
            "{:06}{:02}{:02}{:02}{:03}",
            110000 + seq.below(500_000),
            seq.below(100),
            1 + seq.below(12),
            1 + seq.below(28),
            seq.below(1000)
        )
    };
    let numbers: Vec<String> = (0..10_000).map(|_| old()).collect();
    let read = |text: &String| ResidentId::parse(text, today).expect("a possible number");
    let upgraded: Vec<String> = numbers.iter().map(|text| read(text).id.into_string()).collect();
    for ((number, long), answer) in numbers.iter().zip(&upgraded).zip(ask("resident_id.py", &upgraded)) {
        let born = read(number).born;
        assert_eq!(format!("{} {born}", &long[17..]), answer, "{number} became {long}");
    }
}

/// GB 2312, level 1 and 2: the 6763 characters, in the order of their codes.
fn gb2312() -> Vec<String> {
    let codes = (0xb0..=0xf7).flat_map(|row| (0xa1..=0xfe).map(move |cell| format!("{row:02x}{cell:02x}")));
    let codes: Vec<String> = codes.collect();
    ask("gb2312.py", &codes).into_iter().filter(|char| char != "-").collect()
}

/// Characters whose readings differ between the two, each looked at by a person. None does today.
const EXCEPTIONS: [&str; 0] = [];

#[test]
fn every_character_of_gb_2312_has_the_readings_pypinyin_knows() {
    let chars = gb2312();
    assert_eq!(chars.len(), 6763);
    for (c, answer) in chars.iter().zip(ask("readings.py", &chars)) {
        let theirs: BTreeSet<String> = answer.split(',').map(String::from).collect();
        let ours: BTreeSet<String> = c.chars().flat_map(readings).collect();
        assert!(ours == theirs || EXCEPTIONS.contains(&c.as_str()), "{c}: ours {ours:?}, pypinyin {theirs:?}");
    }
}

/// Readings that only surnames have and pypinyin lists for no character.
const ONLY_AS_SURNAME: [(&str, &str); 3] = [("黑", "he"), ("谌", "shen"), ("费", "bi")];

#[test]
fn every_reading_of_a_surname_is_one_pypinyin_knows() {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/surnames.json");
    let table: serde_json::Value = serde_json::from_slice(&std::fs::read(shipped).expect(shipped)).expect("JSON");
    let surnames = table["surnames"].as_object().expect("an object");
    let mut asked: Vec<(String, String)> = Vec::new();
    for (name, all) in surnames {
        for reading in all.as_array().expect("a list") {
            let syllables = reading.as_str().expect("text").split(' ');
            asked.extend(name.chars().map(String::from).zip(syllables.map(String::from)));
        }
    }
    let lines: Vec<String> = asked.iter().map(|(c, _)| c.clone()).collect();
    for ((c, reading), answer) in asked.iter().zip(ask("readings.py", &lines)) {
        let known = answer.split(',').any(|theirs| theirs == reading);
        let excepted = ONLY_AS_SURNAME.contains(&(c.as_str(), reading.as_str()));
        assert!(known != excepted, "{c} {reading}: pypinyin {answer}");
    }
}

/// The people of the sample village: name, group, whether head of the household.
fn village() -> Vec<(String, u16, bool)> {
    let rows = include_str!("oracle/village.tsv").lines().map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().expect("three cells");
        (cell().to_string(), cell().parse().expect("a group"), cell() == "1")
    });
    rows.collect()
}

fn index(village: &[(String, u16, bool)]) -> Index<usize> {
    let entries = village.iter().enumerate().map(|(handle, (name, group, head))| Entry {
        handle,
        name,
        group: *group,
        phone: "",
        id: "",
        head: *head,
        weight: 0,
    });
    Index::build(entries)
}

/// pypinyin reads these as plain characters; a clerk types them as surnames.
const VILLAGE_SURNAMES: [(&str, &str); 8] = [
    ("尉迟", "yu chi"),
    ("单", "shan"),
    ("解", "xie"),
    ("查", "zha"),
    ("仇", "qiu"),
    ("区", "ou"),
    ("曾", "zeng"),
    ("覃", "qin"),
];

/// The full spelling and the initials as a clerk types them: `answer` with the surname read as one.
fn typed(name: &str, answer: &str) -> [String; 2] {
    let read: Vec<&str> = answer.split(' ').collect();
    let family = VILLAGE_SURNAMES.iter().find(|(surname, _)| name.starts_with(surname));
    let surname: Vec<&str> = family.map_or(Vec::new(), |(_, reading)| reading.split(' ').collect());
    let syllables = surname.iter().chain(read.iter().skip(surname.len())).copied();
    [syllables.clone().collect(), syllables.map(|syllable| &syllable[..1]).collect()]
}

#[test]
fn every_name_of_the_village_is_found_as_pypinyin_spells_it() {
    let village = village();
    let index = index(&village);
    let names: Vec<String> = village.iter().map(|(name, ..)| name.replace('\u{3000}', "")).collect();
    let distinct: Vec<String> = names.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let found = |name: &str, typed: &str| {
        let hits = index.find(typed, 20);
        hits.iter().any(|hit| names[hit.handle] == name)
    };
    for (name, answer) in distinct.iter().zip(ask("names.py", &distinct)) {
        for typed in typed(name, &answer) {
            assert!(found(name, &typed), "{name} typed as {typed}");
        }
        // A reading that is wrong for a surname still leads there when it is spelled out.
        assert!(found(name, &answer.replace(' ', "")), "{name} typed as {answer}");
    }
}
