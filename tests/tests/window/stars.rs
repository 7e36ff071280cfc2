//! A cycle of the star rating in the real window, from its plan to the archive: three stages, the notice on its days, an
//! objection that is right, the end.

use serde_json::json;

use crate::driver::Window;

/// What the page's own command says, as the page would ask it.
async fn call(window: &mut Window, name: &str, ask: &str) -> serde_json::Value {
    let script = format!(
        "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('{name}', {{ ask: {ask} }}).then(done, (e) => done({{ refused: JSON.stringify(e) }}))"
    );
    window.asks(&script).await
}

#[tokio::test]
async fn stars() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut window = Window::open(dir.path(), &["--sample"]).await;
    window.goes_to("/stars").await;
    window.sees("开始本期").await;
    window.press(&["Alt", "b"]).await;
    window.until("document.activeElement?.name === 'name'").await;
    window.press(&["Control", "s"]).await;
    window.sees("2026年度已开始").await;
    let cycle = call(&mut window, "star_list", "{}").await[0]["id"].as_str().expect("a cycle").to_owned();

    // 自评: as last year, by one key; whoever had no stars then gets one.
    let tab = |name: &str| format!("/stars/{cycle}?tab={name}");
    window.goes_to(&tab("scores")).await;
    window.until("document.querySelector('tbody tr[data-index]')").await;
    window.press(&["Alt", "l"]).await;
    window.sees("已填").await;
    let new = format!(
        "const done = arguments[0]; const call = (cmd, ask) => window.__TAURI_INTERNALS__.invoke(cmd, {{ ask }});
         call('star_rows', {{ id: '{cycle}' }}).then(async (rows) => {{
           const left = rows.filter((row) => row.own === null && row.unrated_reason === null);
           const scores = left.map((row) => ({{ household: row.household, stars: [true, false, false, false, false], seen: null }}));
           await call('star_score', {{ cycle: '{cycle}', stage: 'self', scores }});
           done(left.length);
         }})"
    );
    window.asks(&new).await;
    let passed = call(
        &mut window,
        "step_save",
        &format!("{{ case: {{ of: 'cycle', id: '{cycle}' }}, step: 'self', fields: {{}}, pass: '2026-11-20' }}"),
    )
    .await;
    assert!(passed.get("refused").is_none(), "{passed}");
    for (stage, told) in [("peer", "组内互评"), ("panel", "村评议会记票")] {
        let carried =
            call(&mut window, "star_carry", &format!("{{ cycle: '{cycle}', stage: '{stage}', from: 'stage_before' }}"))
                .await;
        assert!(carried.get("refused").is_none(), "{carried}");
        window.goes_to("/settings/keys").await;
        window.goes_to(&tab("steps")).await;
        window.fills("persons", "王芳、潘忠德、解德永").await;
        window.press(&["Control", "s"]).await;
        window.sees(&format!("{told}已办完")).await;
    }
    window.until("document.querySelector('li[aria-current=step]')?.innerText.includes('村级初定')").await;
    window.press(&["Control", "s"]).await;
    window.sees("村级初定已办完").await;

    // 公示: a day is too few.
    window.fills("posted_from", "2026-11-19").await;
    window.fills("posted_until", "2026-11-20").await;
    window.press(&["Control", "s"]).await;
    window.sees("只有 1 天，至少要 5 天").await;
    window.fills("posted_from", "2026-11-13").await;
    window.press(&["Control", "s"]).await;
    window.sees("公示已办完").await;
    window.picture("stars-steps");
    window.goes_to(&tab("papers")).await;
    window.until("document.querySelector('.preview img')").await;
    window.picture("stars-notice");

    // 异议: one household of four stars was given one too few.
    let head = format!(
        "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('star_rows', {{ ask: {{ id: '{cycle}' }} }})
         .then((rows) => done(rows.find((row) => row.stars === 4).head))"
    );
    let head = window.asks(&head).await.as_str().expect("a head").to_owned();
    window.goes_to(&tab("objections")).await;
    window.sees("没有异议").await;
    window.press(&["Alt", "n"]).await;
    window.until("document.activeElement?.name === 'household'").await;
    window.fills("household", &head).await;
    window.until("document.querySelector('[role=option]')").await;
    window.press(&["Enter"]).await;
    window.until("!document.querySelector('[role=option]')").await;
    window.fills("text", "少算了一颗星").await;
    window.press(&["Control", "s"]).await;
    window.sees("已记下一条异议").await;
    window.until("!document.querySelector('[role=dialog]')").await;
    window.clicks("答复").await;
    window.fills("answer", "复查属实").await;
    window.clicks("成立，改星").await;
    window.until("document.querySelectorAll('[role=dialog] label input[type=checkbox]').length === 5").await;
    window.picture("stars-answer");
    for star in ["wealth", "law", "virtue", "clean", "honest"] {
        let ticked = format!("document.querySelector('[role=dialog] [name={star}]').checked");
        if window.ask(&format!("return {ticked}")).await == json!(false) {
            window.clicks_on(&format!("[role=dialog] [name={star}]")).await;
            window.until(&ticked).await;
        }
    }
    window.press(&["Control", "s"]).await;
    window.sees("已答复").await;
    window.goes_to(&tab("steps")).await;
    for step in ["异议处理", "审定", "挂牌", "归档"] {
        window.until(&format!("document.querySelector('li[aria-current=step]')?.innerText.includes('{step}')")).await;
        window.press(&["Control", "s"]).await;
        window.sees(&format!("{step}已办完")).await;
    }
    window.sees("所有步骤都办完了").await;
    let end = call(&mut window, "star_look", &format!("{{ id: '{cycle}' }}")).await;
    let levels: u64 = end["levels"].as_array().expect("levels").iter().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!((levels, end["objections"][0]["upheld"].clone()), (826, json!(true)));
    window.close().await;
}
