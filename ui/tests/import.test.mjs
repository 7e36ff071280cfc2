/** First start and S13 as a clerk goes through them: a new village, the seven books, a doubt mended in place, one undo. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { axeViolations, faults } from './checks.mjs'
import { ask, draftHas, newFolder, openPage, picture, setType, settled, startBrowser, startHost } from './host.mjs'

const samples = resolve(import.meta.dirname, '../../assets/sample')

let browser
let host
let page
/** The number in the first cell that is typed over. */
let typed

before(async () => {
  browser = await startBrowser()
  const dir = newFolder()
  const looks = join(dir, 'looks')
  mkdirSync(looks)
  cpSync(samples, looks, { recursive: true, filter: (path) => !path.endsWith('.json') })
  writeFileSync(join(looks, '花名单.csv'), '组,谁,什么人,证号,爱好\n一组,张大文,户主,990101199102116656,钓鱼\n一组,李小四,配偶,,\n')
  writeFileSync(join(looks, '系统导出.xls'), '<html><table><tr><td>1</td></tr></table></html>')
  host = await startHost(join(dir, 'data'), ['--look', looks])
  page = await openPage(browser, host, { path: '/start' })
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

const button = (name) => page.getByRole('button', { name }).first()
const tick = (name) => page.getByRole('checkbox', { name: new RegExp(name) }).check()
const count = async (kind) => (await ask(host, 'record_list', { kind })).length

/** The page as it stands, in both sizes of type, with everything that must hold. */
async function holds(name) {
  for (const type of ['standard', 'large']) {
    await setType(page, type)
    await picture(page, `import-${name}-${type}`)
    assert.deepEqual(await axeViolations(page), [], `${name} ${type}`)
    assert.deepEqual(await faults(page), {}, `${name} ${type}`)
  }
  await setType(page, 'standard')
}

/** Long work is over, and the step has come. */
async function step(name) {
  await page.locator('[aria-current=step]', { hasText: name }).waitFor({ timeout: 60_000 })
  await page.getByRole('progressbar').waitFor({ state: 'detached' })
  await settled(page)
}

test('a new village is made by keyboard alone and leads to the import', async () => {
  await page.getByRole('heading', { name: '开始用联户' }).waitFor()
  await holds('start')
  await page.keyboard.press('2')
  await page.locator('[name=village]:focus').waitFor()
  await page.keyboard.type('东岭村')
  await page.keyboard.press('Enter')
  await page.keyboard.type('韦志强')
  await holds('start-new')
  await page.locator('[name=user]').focus()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: '导入表格' }).waitFor()
})

test('the books are found on this computer, and a rigged one is no end of the others', async () => {
  await page.getByRole('row').nth(1).waitFor()
  for (const name of ['农户台账', '党员花名册', '结对帮扶', '党员联系户', '走访记录', '群众大会', '五星文明户', '花名单', '系统导出']) await tick(name)
  await holds('files')
  await page.keyboard.press('Alt+ArrowRight')
  await step('对列')
  await page.getByText('《系统导出.xls》').waitFor()
  await holds('columns')
})

test('a column is said to mean something, and the sheet can be read', async () => {
  const sheet = page.locator('details', { hasText: '花名单.csv' })
  await sheet.getByLabel('这张表是').selectOption({ label: '农户台账' })
  await sheet.getByText('还缺：姓名 与户主关系').waitFor()
  await sheet.getByLabel('谁 对应到').selectOption({ label: '姓名' })
  await settled(page)
  await sheet.getByLabel('什么人 对应到').selectOption({ label: '与户主关系' })
  await sheet.getByText('没对上，内容记进备注').waitFor()
  await holds('columns-said')
})

test('a doubtful cell is typed over and looked at again', async () => {
  await page.keyboard.press('Alt+ArrowRight')
  await step('查错')
  const before = await page.locator('[role=tabpanel] input').count()
  assert.ok(before > 5, 'there is something to mend')
  await holds('check')
  const rows = page.locator('tbody tr', { hasText: '校验码不对' })
  const bad = rows.first().locator('input')
  typed = await bad.inputValue()
  const doubts = await rows.count()
  await bad.fill(withCheckDigit(typed))
  await bad.press('Enter')
  await page.getByRole('tab', { name: '改过的（1）' }).waitFor()
  await page.getByText('正在重新核对').waitFor({ state: 'detached' })
  await settled(page)
  assert.equal(await rows.count(), doubts - 1)
  await page.getByRole('tab', { name: '改过的（1）' }).click()
  await holds('retyped')
})

test('what was chosen and typed is there again after the program was killed', async () => {
  await draftHas(host, withCheckDigit(typed))
  await page.reload()
  await step('查错')
  await page.getByRole('tab', { name: '改过的（1）' }).waitFor()
})

test('nothing is written before the last step, and the whole import is one undo', async () => {
  await page.keyboard.press('Alt+ArrowRight')
  await step('导入')
  await holds('write')
  assert.equal(await count('household'), 0)
  await button('开始导入').click()
  await page.getByText('导入好了').waitFor({ timeout: 60_000 })
  await settled(page)
  await holds('done')
  assert.ok((await count('household')) > 800)
  await button('撤销').click()
  await page.locator('.toast, [role=status]').first().waitFor()
  await settled(page)
  for (const kind of ['household', 'person', 'visit', 'meeting', 'pairing', 'rating']) assert.equal(await count(kind), 0, kind)
  assert.deepEqual(page.complaints, [])
})

/** The same number with the check digit that belongs to it. */
function withCheckDigit(id) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((all, weight, i) => all + weight * Number(id[i]), 0)
  return id.slice(0, 17) + '10X98765432'[sum % 11]
}
