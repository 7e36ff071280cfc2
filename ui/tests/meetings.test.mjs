/** S6 by keyboard alone: a mass meeting from 开始记录 to the printed minutes, and what a power cut leaves of it. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Hands } from './hands.mjs'
import { ask, draftHas, go, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'
import { holdMeeting } from './meeting.mjs'

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

const type = (text) => page.keyboard.type(text)
const press = (key) => page.keyboard.press(key)
const focused = (name) => page.locator(`[name="${name}"]:focus`).waitFor()
const field = (name) => page.locator(`[name="${name}"]`)
const saved = (text) => page.getByText(text).first().waitFor()
const idOf = (url) => url.split('#/meetings/')[1].split('/')[0]

test('a meeting with four tallies and five opinions is recorded by keyboard alone', async () => {
  await go(page, '/meetings')
  await page.locator('h1', { hasText: '群众大会' }).waitFor()
  await holdMeeting(new Hands(page))
  assert.ok(readdirSync(join(host.dir, 'papers')).some((name) => name.endsWith('群众大会会议记录.pdf')))
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
  await draftHas(host, '本月走访九十八户')
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

test('what was written at another window is told first; saving again is a decision', async () => {
  const id = idOf(page.url())
  await field('speaker2').focus()
  await type('我写的')
  await ask(host, 'meeting_rounds', { meeting: id, rounds: [{ pair: 2, fields: { speaker: '别处写的' } }] })
  await press('Control+s')
  await page.getByText('别处写的').waitFor()
  assert.equal(await field('speaker2').inputValue(), '我写的')
  await settled(page)
  await press('Control+s')
  await saved('已存：村“两委”干部的述职人')
  const held = await ask(host, 'meeting_look', { id })
  assert.equal(held.rounds.find((round) => round.pair === 2).speaker, '我写的')
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
  await settled(page)
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
