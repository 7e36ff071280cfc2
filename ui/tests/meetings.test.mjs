/** S6 by keyboard alone: a mass meeting from 开始记录 to the printed minutes, and what a power cut leaves of it. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { go, openPage, sampleVillage, startBrowser, startHost } from './host.mjs'

let browser
let host
let page
let keys = 0

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

async function press(key) {
  keys += 1
  await page.keyboard.press(key)
}

async function type(text) {
  keys += [...text].length
  await page.keyboard.type(text)
}

const focused = (name) => page.locator(`[name="${name}"]:focus`).waitFor()
const field = (name) => page.locator(`[name="${name}"]`)
const saved = (text) => page.getByText(text).first().waitFor()
const idOf = (url) => url.split('#/meetings/')[1].split('/')[0]

/** Numbers of one pair; once the sum is reached the rest is none and need not be typed. */
async function ballots(row, numbers) {
  for (const [at, n] of numbers.entries()) {
    await focused(`grade${row}-${at}`)
    await type(String(n))
    await press('Enter')
  }
  for (let at = numbers.length; at < 5; at += 1) await press('Enter')
}

test('a meeting with four tallies and five opinions is recorded by keyboard alone', async () => {
  await go(page, '/meetings')
  await page.locator('h1', { hasText: '群众大会' }).waitFor()
  keys = 0
  await press('Alt+n')
  await focused('kind')
  await press('Control+s')
  await focused('family')
  for (let back = 0; back < 4; back += 1) await press('Shift+Tab')
  await focused('present')
  await type('46')
  await press('Alt+ArrowRight')
  await focused('speaker1')
  await press('Alt+ArrowRight')
  for (const [row, numbers] of [[41, 4, 1], [40, 6], [42, 4], [38, 5, 3]].entries()) await ballots(row + 1, numbers)
  await page.locator('.lamp', { hasText: '已核对' }).nth(3).waitFor()
  await press('Alt+ArrowRight')
  for (const text of ['水管坏了', '路灯不亮', '垃圾没人收', '想修机耕路', '低保怎么申请']) {
    await focused('text')
    await type(text)
    await press('Control+Enter')
    await saved(`已存：${text}`)
  }
  await press('Alt+ArrowRight')
  await page.getByRole('button', { name: '选照片' }).waitFor()
  await press('Alt+ArrowRight')
  await page.getByRole('button', { name: '打印纪要' }).waitFor()
  await press('Control+p')
  await page.getByRole('button', { name: /仍要打印/ }).waitFor()
  for (let tab = 0; tab < 20 && !(await page.locator('button:focus', { hasText: '仍要打印' }).count()); tab += 1) await press('Shift+Tab')
  await press('Enter')
  await saved('已写好')
  assert.ok(readdirSync(join(host.dir, 'papers')).some((name) => name.endsWith('群众大会会议记录.pdf')))
  console.log(`keys: ${keys}`)
  assert.ok(keys <= 130, `${keys} keys, the words of five opinions among them`)
  assert.deepEqual(page.complaints, [])
})

test('nothing of the meeting is lost but the last half second when the power goes', async () => {
  const id = idOf(page.url())
  await go(page, `/meetings/${id}/report`)
  await focused('speaker1')
  await type('赵队长')
  await press('Tab')
  await saved('已存：驻村干部的述职人')
  await type('本月走访九十八户')
  await page.waitForTimeout(900)
  await host.kill()
  await page.close()
  host = await startHost(host.dir, [])
  page = await openPage(browser, host, { path: `/meetings/${id}/report` })
  await page.waitForFunction(() => document.querySelector('[name=summary1]')?.value === '本月走访九十八户')
  assert.equal(await field('speaker1').inputValue(), '赵队长')
  await field('summary1').focus()
  await page.keyboard.press('Control+s')
  await saved('已存：驻村干部的要点')
})

test('Enter that ends a word of the input method ticks nobody off', async () => {
  const id = idOf(page.url())
  await go(page, `/meetings/${id}/attend`)
  await focused('family')
  await page.keyboard.type('zhang')
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length < 45)
  const enter = (init) => field('family').evaluate((box, more) => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more })), init)
  await enter({ isComposing: true })
  await enter({ keyCode: 229 })
  await page.waitForTimeout(300)
  assert.match(await page.locator('.sum').innerText(), /到会 0\//)
  await page.keyboard.press('Enter')
  await page.locator('.sum', { hasText: '到会 1/' }).waitFor()
})

test('sealed minutes are read, corrected with a reason, and the first version is kept', async () => {
  const id = idOf(page.url())
  await go(page, `/meetings/${id}/paper`)
  await page.getByRole('button', { name: '定稿', exact: true }).press('Enter')
  await saved('已定稿，第 1 稿')
  await go(page, `/meetings/${id}/report`)
  assert.ok(await field('speaker1').isDisabled())
  await go(page, `/meetings/${id}/paper`)
  await page.getByRole('button', { name: '更正', exact: true }).press('Enter')
  await focused('reason')
  await page.keyboard.type('述职人写错')
  await page.keyboard.press('Control+s')
  await saved('第 1 稿：')
  await page.getByRole('button', { name: '定稿', exact: true }).press('Enter')
  await saved('已定稿，第 2 稿')
})
