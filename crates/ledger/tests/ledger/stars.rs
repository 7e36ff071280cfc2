//! The star rating on two computers: scores apart, and steps that no merge may pass.

use lianhu_ledger::procedure::procedure;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{Household, StarCycleId};
use lianhu_ledger::{Ledger, Origin};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{dump, exchange, new_ledger, put, second, settle};

#[test]
fn two_who_score_one_household_apart_are_both_kept_and_one_choice_settles_it() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    let cycle = put(&mut a, "star_cycle", None, json!({"name": "2026年度", "year": 2026})).unwrap();
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    let stars = |clean: bool| json!({"wealth": true, "law": true, "virtue": true, "clean": clean, "honest": true});
    let score = |clean| json!({"cycle": cycle, "household": household, "stage": "peer", "stars": stars(clean)});
    let on_a = put(&mut a, "star_score", None, score(true)).unwrap();
    let on_b = put(&mut b, "star_score", None, score(false)).unwrap();
    assert_eq!(on_a, on_b, "the same household at the same stage");
    exchange(&mut a, &mut b);
    let open = a.overtaken().unwrap();
    assert_eq!((open.len(), b.overtaken().unwrap()), (1, open.clone()));
    a.settle(&open[0], true, "王文书").unwrap();
    exchange(&mut a, &mut b);
    assert_eq!((a.overtaken().unwrap(), b.overtaken().unwrap()), (vec![], vec![]));
    assert_eq!(dump(&a), dump(&b));
}

#[test]
fn no_merge_carries_a_cycle_past_a_step() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    settle(&mut a);
    let cycle = put(&mut a, "star_cycle", None, json!({"name": "2026年度", "year": 2026})).unwrap();
    let pass = |l: &mut Ledger, step: &str, on: serde_json::Value, why: serde_json::Value| {
        put(l, "step", None, json!({"cycle": cycle, "step": step, "on": on, "incomplete_why": why})).unwrap()
    };
    pass(&mut a, "plan", json!("2026-11-01"), json!(null));
    let household: Uuid = a.view().all::<Household>().unwrap()[0].id.0;
    let stars = json!({"wealth": true, "law": true, "virtue": true, "clean": true, "honest": true});
    for stage in ["self", "peer"] {
        put(
            &mut a,
            "star_score",
            None,
            json!({"cycle": cycle, "household": household, "stage": stage, "stars": stars}),
        )
        .unwrap();
    }
    pass(&mut a, "self", json!("2026-11-02"), json!(null));
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    // Here the group's rating is passed; there the self-rating is taken back.
    pass(&mut a, "peer", json!("2026-11-03"), json!("只有两人在家"));
    pass(&mut b, "self", json!(null), json!(null));
    exchange(&mut a, &mut b);
    let steps = |l: &Ledger| l.view().steps(Case::Cycle(StarCycleId(cycle))).unwrap();
    let stars = procedure("stars", "2026-11-05".parse().unwrap()).unwrap();
    assert_eq!((stars.reached(&steps(&a)), stars.reached(&steps(&b))), (1, 1), "both stand at the self-rating again");
    assert!(a.findings().unwrap().iter().any(|f| f.rule == "step_gap"), "and the step passed beyond it is asked about");
    assert_eq!(dump(&a), dump(&b));
}
