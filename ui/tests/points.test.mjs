/** 积分 as a village that keeps them goes through it: an item, an entry by keyboard, an appeal, spending, the notice. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { ask, go, openPage, picture, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page
let family

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  family = (await ask(host, 'household_list')).rows.find((row) => row.people > 2)
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

const saved = (text) => page.getByText(text).first().waitFor()
const look = () => ask(host, 'points_look', { year: 2026 })

test('a village without items sees nothing of points on a household, and the stars page leads here', async () => {
  await go(page, `/households/${family.id}`)
  assert.equal(await page.locator('#household-points').count(), 0)
  await go(page, '/stars')
  await page.getByRole('button', { name: '积分' }).click()
  await page.getByText('还没有积分项目').waitFor()
  await settled(page)
  await picture(page, 'points-none')
})

test('an item is made, and points are entered by keyboard alone with three who rate', async () => {
  await page.getByRole('button', { name: '新增项目' }).click()
  await page.locator('[name=name]').fill('参加义务劳动')
  await page.locator('[name=points]').fill('5')
  await page.locator('[name=rule]').fill('村规民约第六条')
  await page.keyboard.press('Control+s')
  await saved('参加义务劳动已保存')
  await settled(page)
  await page.keyboard.press('Alt+n')
  await page.locator('[name=household]:focus').waitFor()
  await page.keyboard.type(family.head)
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[name=grounds]').focus()
  await page.keyboard.type('清扫通组公路半天')
  await page.keyboard.press('Tab')
  await page.keyboard.type('王芳、潘忠德')
  await page.keyboard.press('Control+s')
  await page.getByText('至少要写 3 人的名字').waitFor()
  await page.locator('[name=raters]:focus').waitFor()
  await page.keyboard.press('End')
  await page.keyboard.type('、解德永')
  await page.keyboard.press('Control+s')
  await saved('已记：参加义务劳动 加 5 分')
  assert.deepEqual((await look()).rows.map((row) => [row.head, row.scored]), [[family.head, 5]])
})

test('what was chosen for the last household is there for the next', async () => {
  await page.keyboard.press('Alt+n')
  await page.locator('[name=household]:focus').waitFor()
  assert.equal(await page.locator('[name=raters]').inputValue(), '王芳、潘忠德、解德永')
  await page.keyboard.press('Escape')
})

test('more is not spent than there is: it is said with the figures, and what was typed stays', async () => {
  const item = { name: '换洗衣粉', sort: 'spend', points: 8, rule: '积分超市', from: '2026-01-01', until: null }
  const soap = (await ask(host, 'point_item_save', item)).value
  await go(page, '/settings/keys')
  await go(page, '/points')
  await page.keyboard.press('Alt+n')
  await page.locator('[name=household]:focus').waitFor()
  await page.keyboard.type(family.head)
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[name=item]').selectOption(soap)
  await page.locator('[name=grounds]').fill('洗衣粉一袋')
  await page.locator('[name=raters]').fill('王芳')
  await page.keyboard.press('Control+s')
  await page.getByText('这一户 2026 年只剩 5 分，不够兑换 8 分').waitFor()
  assert.equal(await page.locator('[name=grounds]').inputValue(), '洗衣粉一袋')
  await page.locator('[name=points]').fill('3')
  await page.keyboard.press('Control+s')
  await saved('用去 3 分')
  assert.deepEqual((await look()).rows.map((row) => [row.scored, row.spent, row.left]), [[5, 3, 2]])
})

test('an upheld appeal takes the entry out of the sum and leaves it on the page', async () => {
  await page.getByRole('tab', { name: '记录和申诉' }).click()
  await settled(page)
  await page.locator('li', { hasText: '清扫通组公路' }).getByRole('button', { name: '记申诉' }).click()
  await page.locator('[name=why]').fill('扫了一整天，不止半天')
  await page.keyboard.press('Control+s')
  await saved('申诉已记下')
  await page.getByRole('button', { name: '答复' }).click()
  await page.locator('[name=answer]').fill('查了，重新记')
  await page.getByLabel('对，这一笔不算分').check()
  await page.keyboard.press('Control+s')
  await saved('已答复')
  await page.getByText('申诉成立，不算分').waitFor()
  await settled(page)
  await picture(page, 'points-appeal')
  assert.deepEqual(await faults(page), {})
  assert.deepEqual((await look()).rows.map((row) => [row.scored, row.left, row.entries]), [[0, -3, 2]])
  const finding = (await ask(host, 'finding_list')).find((one) => one.rule === 'points_overspent')
  assert.ok(finding, 'what was spent on it is asked about')
})

test('a household with points shows them on its page', async () => {
  await go(page, `/households/${family.id}`)
  await page.locator('#household-points').waitFor()
  await page.getByText('清扫通组公路半天').waitFor()
})

test('the notice has heads, groups and points, and nothing else that the ledger knows', async () => {
  const item = (await look()).items.find((one) => one.sort === 'gain').id
  const some = (await ask(host, 'household_list')).rows.filter((row) => row.head && row.id !== family.id).slice(0, 60)
  for (const one of some) await ask(host, 'point_save', { household: one.id, item, on: '2026-11-10', points: 7, grounds: '清扫公路', raters: ['王芳', '潘忠德', '解德永'] })
  const people = await ask(host, 'record_list', { kind: 'person' })
  const numbers = people.flatMap((person) => [person.id_number, person.phone, person.id_15]).filter(Boolean)
  assert.ok(numbers.length > 3000)
  for (const word of [false, true]) {
    const { job } = await ask(host, 'points_print', { year: 2026, from: '2026-11-20', until: '2026-11-27', word })
    while (!(await ask(host, 'job_look', { job })).ended);
    const written = await ask(host, 'paper_written', { job })
    assert.equal(written.missing, '')
    const [program, args] = word ? ['unzip', ['-p', written.files[0].path, 'word/document.xml']] : ['pdftotext', [written.files[0].path, '-']]
    const text = execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 })
    assert.deepEqual(some.filter((one) => !text.includes(one.head)), [])
    assert.deepEqual(numbers.filter((number) => text.includes(number)), [])
    const never = ['清扫', '申诉', '兑换', '王芳', '脱贫', '监测', '低保', '特困', '残疾', '患病', '村规民约']
    const heads = some.map((one) => one.head)
    assert.deepEqual(never.filter((one) => text.includes(one) && !heads.includes(one)), ['申诉'], 'only the sentence that says one may appeal')
  }
  await go(page, '/points?tab=paper')
  await page.locator('.preview img').waitFor()
  await picture(page, 'points-notice')
  assert.deepEqual(page.complaints, [])
})
