/** S7 as a clerk goes through it: a group typed from its forms, a stage carried over, the notice, an objection, the end. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { effort, Hands } from './hands.mjs'
import { ask, go, openPage, picture, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page
let cycle
const RATERS = '王芳、潘忠德、解德永'

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

const saved = (text) => page.getByText(text).first().waitFor()
const rows = () => ask(host, 'star_rows', { id: cycle })
const look = () => ask(host, 'star_look', { id: cycle })
const tab = async (name) => {
  await page.getByRole('tab', { name }).click()
  await settled(page)
}
/** Whatever was typed has been written and asked again. */
async function written() {
  await page.keyboard.press('Control+s')
  await settled(page)
}

test('a cycle begins with its plan by keyboard alone', async () => {
  await go(page, '/stars')
  await page.keyboard.press('Alt+b')
  await page.locator('[name=name]:focus').waitFor()
  await page.keyboard.press('Control+s')
  await saved('2026年度已开始')
  cycle = (await ask(host, 'star_list'))[0].id
  await page.locator('h1', { hasText: '2026年度' }).waitFor()
})

test('104 households of a group are typed from their forms, a digit a star', async () => {
  await tab('打分')
  const group = (await look()).groups.find((one) => one.name === '三组')
  const own = (await rows()).filter((row) => row.group === group.id)
  assert.equal(own.length, 104)
  await page.locator('[name=group]').focus()
  const hands = new Hands(page)
  await hands.press('ArrowDown', 'ArrowDown', 'ArrowDown')
  // The group's own rows stand, and one of them is in the Tab order: a key pressed between two tables goes elsewhere.
  await page.locator('tbody tr[data-index="0"][tabindex="0"]', { hasText: own[0].head }).waitFor()
  await settled(page)
  await hands.until('Tab', () => page.evaluate(() => document.activeElement?.matches('tbody tr')))
  for (const row of own) {
    if (row.unrated_reason === null) for (const [i, given] of (row.last ?? [true]).entries()) if (given) await hands.press(String(i + 1))
    await hands.press('ArrowDown')
  }
  await written()
  const now = (await rows()).filter((row) => row.group === group.id && row.unrated_reason === null)
  const given = (stars) => JSON.stringify(stars)
  assert.deepEqual(now.filter((row) => row.last && given(row.own) !== given(row.last)).map((row) => row.head), [])
  effort('stars: 104 households typed from their forms', hands.keys)
})

test('what nobody changed is carried over with one key, and a difference asks for its reason', async () => {
  await page.locator('[name=group]').selectOption('')
  await page.keyboard.press('Alt+l')
  await page.getByText(/已填 \d{3} 户/).first().waitFor()
  for (const row of (await rows()).filter((one) => one.own === null && one.unrated_reason === null)) {
    await ask(host, 'star_score', { cycle, stage: 'self', scores: [{ household: row.household, stars: [true, false, false, false, false], seen: null }] })
  }
  await ask(host, 'step_save', { case: { of: 'cycle', id: cycle }, step: 'self', fields: {}, pass: '2026-11-20' })
  // What was written beside the page is seen when it is opened again.
  await go(page, '/settings/keys')
  await go(page, `/stars/${cycle}?tab=scores`)
  await page.locator('tbody tr:not(.space)').first().waitFor()
  await page.keyboard.press('Alt+l')
  await page.getByText(/已填 \d{3} 户/).first().waitFor()
  await settled(page)
  await page.locator('tbody tr:focus').waitFor()
  await page.keyboard.press('3')
  await written()
  await page.getByText('差星，请写原因').first().waitFor()
  await page.keyboard.press('r')
  await page.locator('[name=why]:focus').waitFor()
  await page.keyboard.type('卫生检查未过')
  await page.keyboard.press('Control+s')
  await page.locator('tbody tr', { hasText: '卫生检查未过' }).waitFor()
  assert.deepEqual(await faults(page), {})
})

test('what was just typed goes to the stage it was typed for, also when another is chosen at once', async () => {
  const before = (await rows()).find((row) => row.peer !== null && row.unrated_reason === null)
  await page.locator('tbody tr[data-index="0"]').focus()
  await page.keyboard.press('5')
  await page.locator('[name=stage][value=panel]').check()
  await written()
  const now = (await rows()).find((row) => row.household === before.household)
  assert.equal(now.panel, null)
  assert.notDeepEqual(now.peer, before.peer)
  await page.locator('[name=stage][value=peer]').check()
  await page.locator('tbody tr[data-index="0"]').focus()
  await page.keyboard.press('5')
  await written()
  assert.deepEqual((await rows()).find((row) => row.household === before.household).peer, before.peer)
})

test('a step says what it lacks, and is passed when it lacks nothing', async () => {
  await tab('进度')
  await page.locator('[name=persons]').fill('王芳')
  await page.keyboard.press('Control+s')
  await page.getByText('至少要 3 人，只写了 1 人').first().waitFor()
  await page.locator('[name=persons]').fill(RATERS)
  await page.keyboard.press('Control+s')
  await saved('组内互评已办完')
  await tab('打分')
  await page.keyboard.press('Alt+l')
  await page.getByText(/已填 \d{3} 户/).first().waitFor()
  await tab('进度')
  await page.locator('[name=persons]').fill(RATERS)
  await page.keyboard.press('Control+s')
  await saved('村评议会记票已办完')
  await page.getByText('村级初定').first().waitFor()
  await settled(page)
  await page.keyboard.press('Control+s')
  await saved('村级初定已办完')
  const { levels } = await look()
  assert.equal(levels.reduce((sum, n) => sum + n, 0), 826)
})

test('the notice hangs for its days; its paper is written to disk', async () => {
  await page.locator('[name=posted_from]').waitFor()
  await page.locator('[name=posted_from]').fill('2026-11-19')
  await page.locator('[name=posted_until]').fill('2026-11-20')
  await page.keyboard.press('Control+s')
  await page.getByText('只有 1 天，至少要 5 天').first().waitFor()
  await page.locator('[name=posted_from]').fill('2026-11-13')
  await page.keyboard.press('Control+s')
  await saved('公示已办完')
  await tab('打印')
  await page.locator('.preview img').waitFor()
  await picture(page, 'stars-notice')
  await page.keyboard.press('Control+p')
  await saved('已写好')
  assert.ok(readdirSync(join(host.dir, 'papers')).some((name) => name.endsWith('五星文明户评定结果公示.pdf')))
})

test('what hangs on the wall has heads, groups and stars, and nothing else that the ledger knows', async () => {
  const people = await ask(host, 'record_list', { kind: 'person' })
  const numbers = people.flatMap((person) => [person.id_number, person.phone, person.id_15]).filter(Boolean)
  assert.ok(numbers.length > 3000)
  for (const paper of ['notice', 'plaques', 'certificates']) {
    for (const word of [false, true]) {
      const text = textOf((await printed(paper, word)).path, word)
      assert.ok(text.includes('五星'), paper)
      assert.deepEqual(numbers.filter((number) => text.includes(number)), [], paper)
      const never = ['脱贫', '监测', '低保', '特困', '残疾', '患病', '大病', '否决', '未评', '外出', '空挂']
      assert.deepEqual(never.filter((one) => text.includes(one)), [], paper)
    }
  }
})

async function printed(paper, word) {
  const { job } = await ask(host, 'star_print', { id: cycle, paper, word })
  while (!(await ask(host, 'job_look', { job })).ended);
  return (await ask(host, 'paper_written', { job })).files[0]
}

/** As other programs read the file. */
function textOf(path, word) {
  const [program, args] = word ? ['unzip', ['-p', path, 'word/document.xml']] : ['pdftotext', [path, '-']]
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 })
}

test('an objection that is right changes the stars; the cycle ends', async () => {
  const family = (await rows()).find((row) => row.stars === 4)
  await tab('异议')
  await page.keyboard.press('Alt+n')
  await page.locator('[name=household]:focus').waitFor()
  await page.keyboard.type(family.head)
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Control+s')
  await page.getByText('还没有选是哪一户').first().waitFor()
  await page.locator('[name=household]').focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[role=option]').first().waitFor({ state: 'hidden' })
  await page.locator('[name=text]').fill('少算了一颗星')
  await page.keyboard.press('Control+s')
  await saved('已记下一条异议')
  await page.getByRole('button', { name: '答复' }).click()
  await page.locator('[name=answer]').fill('复查属实')
  await page.getByLabel('成立，改星').check()
  for (const name of ['致富', '守法', '美德', '卫生', '诚信']) await page.getByRole('checkbox', { name }).check()
  await page.keyboard.press('Control+s')
  await saved('已答复')
  const objection = (await look()).objections[0]
  assert.equal((await rows()).find((row) => row.household === objection.household).stars, 5)
  await tab('进度')
  for (const step of ['异议处理', '审定', '挂牌', '归档']) {
    await page.locator('li[aria-current=step]', { hasText: step }).waitFor()
    await page.keyboard.press('Control+s')
    await saved(`${step}已办完`)
  }
  await saved('所有步骤都办完了')
  assert.deepEqual(page.complaints, [])
})
