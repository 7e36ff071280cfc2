/** The branch's own life as a secretary goes through it, by keyboard: the tree and its offices, a meeting with roll call and vote, the appraisal, a member's year. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { effort, Hands } from './hands.mjs'
import { ask, go, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page

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
const field = (name) => page.locator(`[name="${name}"]`)
const members = async () => (await ask(host, 'member_list')).members
const dialogGone = () => page.getByRole('dialog').waitFor({ state: 'detached' })
async function choose(name, typed) {
  await field(name).fill(typed)
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
}

test('the branch is entered and takes its cells from the roll', async () => {
  await go(page, '/organisation')
  await page.keyboard.press('Alt+n')
  await field('name').fill('禾坪村党支部')
  await page.keyboard.press('Control+s')
  await dialogGone()
  await page.getByRole('button', { name: '照名册登记' }).click()
  await saved('已登记 4 个党小组')
  const { units, only_on_roll } = await ask(host, 'organisation_look')
  assert.deepEqual([units.length, units.filter((unit) => unit.depth === 1).length, only_on_roll], [5, 4, []])
})

test('two committee members are entered with one save, and what the rules say stands beside them', async () => {
  const [first, second] = await members()
  await go(page, '/organisation?tab=bodies')
  await page.getByRole('button', { name: '添加：支委会' }).click()
  await page.getByRole('dialog').waitFor()
  for (const member of [first, second]) {
    await choose('person', member.name)
    await page.getByRole('button', { name: `去掉${member.name}` }).waitFor()
  }
  await page.keyboard.press('Control+s')
  await saved('已登记 2 人：支委会')
  await dialogGone()
  await page.getByText('支委 2 名').waitFor()
  assert.deepEqual(await faults(page), {})
})

test('a members’ meeting: who was missing is told with a reason, and a vote is counted over everyone who should have come', async () => {
  await go(page, '/meetings/new?kind=members')
  await page.keyboard.press('Control+s')
  await page.locator('h1', { hasText: '党员大会' }).waitFor()
  await page.getByRole('button', { name: '保存点名' }).waitFor()
  const hands = new Hands(page)
  await page.locator('tbody tr[data-index="0"]').focus()
  await hands.press('Enter')
  await page.getByRole('button', { name: '保存点名' }).click()
  await page.getByText(/请写.*没到的原因/).waitFor()
  await page.locator('input[name^="why-"]:focus').fill('生病')
  await page.getByRole('button', { name: '保存点名' }).click()
  await saved('已记下：到 45 人，缺席 1 人')
  await page.keyboard.press('Alt+ArrowRight')
  await page.getByRole('button', { name: '记一项决议' }).click()
  await field('text').fill('同意修缮党群服务中心')
  await field('yes').fill('20')
  await field('no').fill('17')
  await page.keyboard.press('Control+s')
  await dialogGone()
  await page.getByText('应到 38 人，要 20 票，得 20 票').waitFor()
  assert.deepEqual(await faults(page), {})
})

test('the board begins a meeting of the cell that lacks one, and an absence is made up for', async () => {
  await go(page, '/branch')
  await page.getByRole('button', { name: /^第二党小组 11月/ }).click()
  await page.locator('h1', { hasText: '开始记录' }).waitFor()
  await settled(page)
  assert.equal(await field('cell').inputValue(), '第二党小组')
  await go(page, '/branch?tab=missed')
  await page.getByRole('button', { name: /^已补课/ }).click()
  await field('how').fill('送学上门')
  await page.keyboard.press('Control+s')
  await dialogGone()
  await page.getByText('没有人缺席没补课').waitFor()
})

test('forty-six grades are typed with a digit each; a sixteenth 优秀 asks why', async () => {
  await go(page, '/branch?tab=appraisal')
  await page.locator('tbody tr[data-index="0"]').waitFor()
  const { members: lines, most } = await ask(host, 'appraisal_look')
  const hands = new Hands(page)
  await page.locator('tbody tr[data-index="0"]').focus()
  for (const [i] of lines.entries()) await hands.press(i <= most ? '1' : '2', 'ArrowDown')
  await page.keyboard.press('Control+s')
  await page.getByText(`优秀超过了 ${most} 人，请写明原因`).first().waitFor()
  await page.locator(`tbody tr`, { hasText: lines[most].name }).first().focus()
  await page.keyboard.press('2')
  await page.keyboard.press('Control+s')
  await saved('已保存 46 名党员的等次')
  const grades = (await ask(host, 'appraisal_look')).members.map((line) => line.grade)
  assert.deepEqual([grades.filter((grade) => grade === 'excellent').length, grades.filter((grade) => grade === 'qualified').length], [most, 46 - most])
  effort('branch: 46 grades of the appraisal', hands.keys)
})

test('a member goes to work elsewhere, promises something and keeps it; the year on paper has it', async () => {
  const member = (await members())[7]
  await go(page, `/members/${member.id}`)
  await page.keyboard.press('Alt+b')
  await page.getByRole('dialog').waitFor()
  await field('event').selectOption('floated')
  await field('place').fill('浙江义乌')
  await page.keyboard.press('Control+s')
  await dialogGone()
  await page.getByText('流动在浙江义乌').first().waitFor()
  await page.keyboard.press('Alt+n')
  await field('text').fill('每月给支部打一次电话')
  await page.keyboard.press('Control+s')
  await dialogGone()
  await page.getByRole('button', { name: /^兑现或修改/ }).click()
  await field('done_on').fill('2026-11-20')
  await page.keyboard.press('Control+s')
  await dialogGone()
  await page.getByText('11月20日 兑现').waitFor()
  await page.getByRole('tab', { name: '党员年度记实表' }).click()
  await page.getByText('第 1 页，共 1 页').waitFor()
  await go(page, '/members?look=floating')
  await page.locator('tbody tr', { hasText: member.name }).first().waitFor()
})

test('the year is a paper of its own', async () => {
  await go(page, '/year')
  await page.getByText(/第 1 页，共 \d+ 页/).waitFor()
  assert.deepEqual(await faults(page), {})
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
