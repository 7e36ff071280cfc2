/** S9 by keyboard alone: the month checked figure by figure, handed out as files, changed, and closed. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { axeViolations, lowControls, rawKeys } from './checks.mjs'
import { go, openPage, picture, sampleVillage, startBrowser, startHost } from './host.mjs'

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

const press = (key) => page.keyboard.press(key)
const row = (figure) => page.locator(`tr[data-figure="${figure}"]`)
const dialog = () => page.getByRole('dialog')
const value = (figure) => row(figure).locator('td').first().innerText()
const files = () => readdirSync(join(host.dir, 'papers')).sort()

async function openMonth(month = '2026-10') {
  await go(page, `/month?month=${month}`)
  await page.locator('.preview img').waitFor()
}

async function holds(name) {
  for (const check of [axeViolations, lowControls, rawKeys]) assert.deepEqual(await check(page), [], `${name}: ${check.name}`)
}

test('Down goes through the figures and Enter shows how one was counted and from what', async () => {
  await openMonth()
  await page.locator('h1').focus()
  await press('ArrowDown')
  await row('roll.households').and(page.locator(':focus')).waitFor()
  await press('ArrowDown')
  await row('roll.people').and(page.locator(':focus')).waitFor()
  for (let i = 0; i < 12 && !(await row('aid.visits').and(page.locator(':focus')).count()); i += 1) await press('ArrowDown')
  const told = await value('aid.visits')
  await press('Enter')
  await page.locator('h1', { hasText: '走访次数' }).waitFor()
  await page.getByText('怎么算的').waitFor()
  const counted = Number(/\d+/.exec(await page.getByRole('heading', { name: /算进去的/ }).innerText())[0])
  assert.equal(counted, Number(/\d+/.exec(told)[0]))
  await holds('records')
  await press('Escape')
  await row('aid.visits').and(page.locator(':focus')).waitFor()
})

test('what nobody entered is never shown as a number, and a reason takes its place', async () => {
  await openMonth()
  await page.getByRole('button', { name: /^全部/ }).click()
  assert.match(await value('branch.held.members'), /未填报/)
  await row('branch.held.members').focus()
  await press('Enter')
  await page.getByRole('button', { name: '写明原因' }).click()
  await dialog().getByRole('button', { name: '保存' }).click()
  await dialog().getByText('请写明原因').waitFor()
  await holds('reason refused')
  await page.keyboard.type('农忙，改到下月')
  await dialog().getByRole('button', { name: '保存' }).click()
  await dialog().waitFor({ state: 'detached' })
  await press('Escape')
  await row('branch.held.members').waitFor()
  assert.match(await value('branch.held.members'), /未开展：农忙，改到下月/)
  await press('Control+z')
  await row('branch.held.members').getByText('未填报').waitFor()
})

test('the pages that are shown are turned by keys', async () => {
  await openMonth()
  await page.locator('.preview .window').focus()
  await press('PageDown')
  await page.getByText('第 2 页，共').waitFor()
  await page.getByRole('img', { name: /工作月报，第 2 页/ }).waitFor()
  await press('End')
  await press('Home')
  await page.getByRole('img', { name: /工作月报，第 1 页/ }).waitFor()
})

test('a plan that was not saved is there after a new start, and Ctrl+S saves it', async () => {
  await openMonth()
  await page.locator('[name=item0]').fill('修好三组的水渠')
  await page.locator('h1').focus()
  await page.getByText('有没保存的修改').waitFor()
  await page.waitForLoadState('networkidle')
  await page.reload()
  await page.locator('.preview img').waitFor()
  await page.waitForFunction(() => document.querySelector('[name=item0]')?.value === '修好三组的水渠')
  await page.locator('[name=item0]').focus()
  await press('Control+s')
  await page.getByText('下月安排已保存').first().waitFor()
})

test('Ctrl+E writes the three files, and what changes afterwards is told', async () => {
  await openMonth()
  await press('Control+e')
  await holds('export')
  await dialog().getByRole('button', { name: '导出' }).press('Enter')
  await page.getByText('已导出 3 个文件').waitFor()
  assert.deepEqual(files(), ['docx', 'pdf', 'xlsx'].map((ending) => `禾坪村2026年10月工作月报.${ending}`))
  await page.getByText('之后没有变化').waitFor()

  await go(page, '/month/figure?month=2026-10&figure=branch.held.theme_day')
  await page.getByRole('button', { name: '写明原因' }).click()
  await page.keyboard.type('并到下月')
  await dialog().getByRole('button', { name: '保存' }).click()
  await dialog().waitFor({ state: 'detached' })
  await openMonth()
  await page.getByText(/有 1 处变化/).waitFor()
  await page.getByRole('button', { name: '看变了什么' }).click()
  await page.getByRole('row', { name: /主题党日.*未填报.*未开展：并到下月/ }).waitFor()
  await holds('changed')
})

test('the copy for the village is another file and asks for no lists', async () => {
  await openMonth()
  await press('Control+e')
  await dialog().getByRole('radio', { name: '村内公开' }).check({ force: true })
  assert.equal(await dialog().getByText('附走访和事项明细').count(), 0)
  await dialog().getByRole('button', { name: '导出' }).press('Enter')
  await page.getByText('已导出 3 个文件').waitFor()
  assert.ok(files().includes('禾坪村2026年10月工作月报（村内公开）.pdf'))
})

test('a blank sheet is seen and printed', async () => {
  await go(page, '/papers')
  await page.locator('.preview img').waitFor()
  await picture(page, 'papers-standard')
  await holds('papers')
  await press('Control+p')
  await page.getByText(/PDF 已经做好/).waitFor()
  assert.ok(files().includes('2026-11走访登记表.pdf'))
})

test('a month without a mass meeting is not closed, one with it is, and stays as it was', async () => {
  await openMonth('2026-11')
  await page.getByRole('button', { name: '月结' }).press('Enter')
  await dialog().getByText('现在不能月结').waitFor()
  assert.equal(await dialog().getByRole('button', { name: '月结并锁定' }).count(), 0)
  await press('Escape')

  await openMonth()
  await page.getByRole('button', { name: '月结' }).press('Enter')
  await holds('closing')
  await picture(page, 'month-closing')
  await page.locator('[name=reviewer]').fill('韦志强')
  await press('Enter')
  await page.getByText(/已锁定：.*韦志强审核，校验码 [0-9A-F]{8}/).waitFor()
  assert.equal(await page.getByRole('button', { name: '月结' }).count(), 0)
  await holds('closed')
  await picture(page, 'month-closed')
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
