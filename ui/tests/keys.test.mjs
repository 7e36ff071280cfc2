/** S5, S6 and S9 by hands that have only a keyboard; what each takes is counted. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { effort, Hands } from './hands.mjs'
import { ask, go, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'
import { holdMeeting } from './meeting.mjs'

let browser
let host
let page
let hands

before(async () => (browser = await startBrowser()))
after(() => browser?.close())
beforeEach(async () => {
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  hands = new Hands(page)
})
afterEach(async () => {
  await page?.context().close()
  await host?.stop()
})

const told = (text) => page.locator('.toasts', { hasText: text }).waitFor()
const focused = (name) => page.locator(`[name="${name}"]:focus`).waitFor()
const visits = async () => (await ask(host, 'record_list', { kind: 'visit' })).length

/** Households that somebody looks after, and who that is: what a village knows when an evening's visits come in. */
async function paired() {
  const { rows } = await ask(host, 'household_list')
  const count = {}
  for (const row of rows) for (const helper of row.helpers) (count[helper.id] ??= { ...helper, heads: [] }).heads.push(row.head)
  return Object.values(count).find((helper) => helper.heads.length >= 8)
}

async function chooseHousehold(head) {
  await focused('household')
  await hands.type(head)
  await page.locator('[role=option]').first().waitFor()
  await settled(page)
  await hands.press('Enter')
  await settled(page)
}

test('a visit is in by ten keys at most once the household is chosen, and the next one begins at once', async () => {
  const helper = await paired()
  const before = await visits()
  await go(page, '/visits')
  await chooseHousehold(helper.heads[0])
  hands.keys = 0
  await hands.until('Enter', () => page.locator('[name=meal]:focus').count(), 4)
  await hands.press('Space')
  await hands.press('Enter')
  if (await page.locator('[name=self_paid]:focus').count()) await hands.press('Enter')
  await hands.until('Enter', () => page.locator('[name=chore]:focus').count(), 4)
  await hands.press('Space')
  await hands.press('Control+Enter')
  await told(helper.heads[0])
  assert.equal(await visits(), before + 1)
  assert.ok(hands.keys <= 10, `${hands.keys} keys`)
  effort('visit: two of the three done, after the household', hands.keys)

  await chooseHousehold(helper.heads[1])
  hands.keys = 0
  await hands.press('Control+s')
  await told(helper.heads[1])
  assert.equal(await visits(), before + 2)
  assert.deepEqual(page.complaints, [])
  effort('visit: nothing but that it was made, after the household', hands.keys)
})

test('eight visits of one evening go into the sheet by keyboard alone', async () => {
  const helper = await paired()
  const before = await visits()
  await go(page, '/visits')
  hands.keys = 0
  await hands.press('Alt+p')
  await focused('visitor')
  await hands.type(helper.name)
  await page.locator('[role=option]').first().waitFor()
  await settled(page)
  await hands.press('Enter')
  for (let line = 0; line < 8; line += 1) {
    await page.locator(`[data-cell="${line}-0"]:focus`).waitFor()
    await hands.type('18')
    await hands.press('Enter')
    await hands.press('Space')
    if (line < 7) {
      await hands.press('ArrowDown')
      await hands.press('ArrowLeft')
    }
  }
  await hands.press('Control+s')
  await told('8')
  assert.equal(await visits(), before + 8)
  assert.deepEqual(page.complaints, [])
  effort('sheet: eight visits, a tick each', hands.keys)
})

test('a meeting with four tallies and five opinions goes from the list to its printed minutes', async () => {
  await go(page, '/meetings')
  hands.keys = 0
  await holdMeeting(hands)
  assert.ok(readdirSync(join(host.dir, 'papers')).some((name) => name.endsWith('群众大会会议记录.pdf')))
  assert.deepEqual(page.complaints, [])
  effort('meeting: four tallies, five opinions, minutes printed', hands.keys)
})

test('the month’s report goes from the first page to three files', async () => {
  await hands.press('Alt+8')
  await page.locator('.preview img').waitFor()
  await hands.press('Control+e')
  await page.getByRole('dialog').waitFor()
  await settled(page)
  await hands.press('Control+s')
  await page.getByText('已导出 3 个文件').waitFor()
  assert.deepEqual(page.complaints, [])
  effort('report: from the first page to three files', hands.keys)
})
