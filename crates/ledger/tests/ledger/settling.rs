//! 两处改了同一处, told from both sides, settled, and settled otherwise.

use lianhu_ledger::{Choice, Code, FixedEdge, Ledger, Question};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{dump, exchange, new_ledger, put, second, settle};

/// Three computers that wrote one address apart.
fn contested(folder: &TempDir) -> ([Ledger; 3], Uuid) {
    let mut a = new_ledger(folder);
    let (household, _) = settle(&mut a);
    let mut b = second(folder, &a);
    let edge = FixedEdge::on("2026-11-07".parse().unwrap(), 3);
    let mut c = Ledger::join(&folder.path().join("c.lianhu"), None, a.village(), Box::new(edge)).unwrap();
    exchange(&mut a, &mut b);
    exchange(&mut a, &mut c);
    for (ledger, address) in [(&mut a, "河东"), (&mut b, "河西"), (&mut c, "河边")] {
        put(ledger, "household", Some(household), json!({ "address": address })).unwrap();
    }
    exchange(&mut a, &mut b);
    exchange(&mut a, &mut c);
    ([a, b, c], household)
}

fn choice(question: &Question, take: &str) -> Choice {
    let versions = || std::iter::once(&question.stands).chain(&question.others);
    Choice {
        kind: question.kind.clone(),
        id: question.id,
        field: question.field.clone(),
        take: versions().find(|version| version.value == take).unwrap().batch.clone(),
        shown: versions().map(|version| version.batch.clone()).collect(),
    }
}

#[test]
fn every_version_is_told_and_one_choice_ends_it_on_all_computers() {
    let folder = TempDir::new().unwrap();
    let ([mut a, mut b, mut c], household) = contested(&folder);
    let question = a.questions().unwrap().remove(0);
    assert_eq!((question.stands.value.clone(), question.stands.here), (json!("河边"), false));
    assert_eq!(question.others.iter().map(|v| v.value.clone()).collect::<Vec<_>>(), [json!("河西"), json!("河东")]);
    assert_eq!(question.others.iter().map(|v| v.here).collect::<Vec<_>>(), [false, true]);
    assert_eq!((a.open_questions().unwrap(), a.questioned().unwrap()), (1, vec![("household".into(), household)]));
    a.choose(&[choice(&question, "河西")], None, "王文书").unwrap();
    exchange(&mut a, &mut b);
    exchange(&mut a, &mut c);
    for ledger in [&a, &b, &c] {
        assert!(ledger.questions().unwrap().is_empty());
        assert!(dump(ledger).contains("河西"));
        assert_eq!(ledger.verify().unwrap().problems, Vec::<String>::new());
    }
    assert_eq!(dump(&a), dump(&c));
}

#[test]
fn a_choice_can_be_made_otherwise_and_names_who_wrote_what_as_before() {
    let folder = TempDir::new().unwrap();
    let ([mut a, ..], household) = contested(&folder);
    let question = a.questions().unwrap().remove(0);
    a.choose(&[choice(&question, "河西")], None, "王文书").unwrap();
    let settled = a.settled_since(0).unwrap().remove(0);
    assert_eq!(settled.took.value, json!("河西"));
    assert_eq!(settled.left.iter().map(|v| v.value.clone()).collect::<Vec<_>>(), [json!("河边"), json!("河东")]);
    let shown = std::iter::once(settled.batch.clone()).chain(settled.left.iter().map(|v| v.batch.clone()));
    let again = Choice {
        kind: "household".into(),
        id: household,
        field: "address".into(),
        take: settled.left[0].batch.clone(),
        shown: shown.collect(),
    };
    a.choose(&[again], None, "王文书").unwrap();
    let now = a.settled_since(0).unwrap();
    assert_eq!((now.len(), now[0].took.value.clone()), (1, json!("河边")));
    assert_eq!(now[0].took.batch, question.stands.batch);
    assert!(a.settled_since(u64::MAX >> 20).unwrap().is_empty());
}

#[test]
fn what_was_not_shown_is_not_settled() {
    let folder = TempDir::new().unwrap();
    let ([mut a, ..], _) = contested(&folder);
    let question = a.questions().unwrap().remove(0);
    let whole = choice(&question, "河西");
    let half = Choice { shown: whole.shown[..2].to_vec(), ..whole.clone() };
    let stranger = Choice { take: "00000000-1-1".into(), ..whole };
    for wrong in [half, stranger] {
        let refused = a.choose(&[wrong], None, "王文书").err().and_then(|e| e.code());
        assert_eq!(refused, Some(Code::QuestionMoved));
    }
    assert_eq!(a.open_questions().unwrap(), 1);
}
