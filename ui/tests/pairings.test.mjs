/** S8 as a secretary uses it, by keyboard: a cadre leaves, households stand without anybody, somebody takes them on. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { ask, go, openPage, picture, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

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

const button = (name) => page.getByRole('button', { name }).first()
const dialog = () => page.getByRole('dialog')
const told = (text) => page.locator('#main').getByText(text).first().waitFor()
const cover = (bond = 'aid') => ask(host, 'pairing_cover', { bond })
const has = async (id) => (await cover()).helpers.find((helper) => helper.id === id)?.households ?? 0

/** Types a name into the field that has the focus and takes the first that is found. */
async function choose(name) {
  await page.keyboard.type(name)
  await page.getByRole('option', { name }).first().waitFor()
  await page.keyboard.press('Enter')
}

test('a number opens the households behind it', async () => {
  const { helpers, cells, groups } = await cover()
  const cell = cells.find((one) => one.households > 1)
  const name = helpers.find((helper) => helper.id === cell.helper).name
  const group = groups.find((one) => one.id === cell.group).name
  await go(page, '/pairings')
  await button(`${group} ${name} ${cell.households} 户`).click()
  await page.locator('[name=search]').waitFor()
  await page.waitForFunction((n) => document.querySelectorAll('tbody tr:not(.space)').length === n, cell.households)
})

test('the arrows go from number to number, and one of them is in the Tab order', async () => {
  await go(page, '/pairings')
  const stops = page.locator('table button[tabindex="0"]')
  await stops.first().waitFor()
  assert.equal(await stops.count(), 1)
  await stops.focus()
  const first = await page.evaluate(() => document.activeElement.dataset.at)
  await page.keyboard.press('ArrowRight')
  const next = await page.evaluate(() => document.activeElement.dataset.at)
  assert.notEqual(next, first)
  await page.keyboard.press('ArrowLeft')
  assert.equal(await page.evaluate(() => document.activeElement.dataset.at), first)
})

test('whoever leaves hands everything over by keyboard, in one step that can be taken back', async () => {
  const [leaves, takes] = (await cover()).helpers
  await go(page, '/pairings')
  await page.keyboard.press('Alt+h')
  await dialog().waitFor()
  await choose(leaves.name)
  await page.locator('h1', { hasText: leaves.name }).waitFor()
  await page.locator('tbody tr').first().waitFor()
  await page.keyboard.press('Alt+h')
  await dialog().waitFor()
  await picture(page, 'pairings-hand-over')
  await page.keyboard.press('Control+s')
  await page.getByText('请选谁来接手').first().waitFor()
  assert.deepEqual(await faults(page), {})
  await page.locator('[name=taker]').focus()
  await choose(takes.name)
  await page.locator('[name=why]').fill('调离')
  await page.keyboard.press('Control+s')
  await told(`${leaves.name}的 ${leaves.households} 户已交给${takes.name}`)
  assert.equal(await has(takes.id), takes.households + leaves.households)
  await page.getByText('以前结对的户').first().waitFor()
  await button('撤销').click()
  await page.waitForFunction((n) => document.querySelectorAll('tbody input:checked, tbody tr:not(.space)').length >= n, leaves.households)
  assert.deepEqual([await has(leaves.id), await has(takes.id)], [leaves.households, takes.households])
})

test('households without anybody are marked, listed with who came before, and given to one person', async () => {
  const { helpers, obliged } = await cover()
  const leaves = helpers[2]
  const { lines } = await ask(host, 'pairing_helper', { id: leaves.id })
  await ask(host, 'pairing_reassign', { pairings: lines.filter((line) => line.bond === 'aid').map((line) => line.id), on: '2026-11-20', why: '轮换' })
  const without = obliged - (await cover()).obliged_paired
  assert.ok(without > 0)
  await go(page, '/settings')
  await go(page, '/pairings')
  await button(`全村 没结对 ${without} 户`).waitFor()
  await picture(page, 'pairings-without')
  assert.deepEqual(await faults(page), {})
  await page.keyboard.press('Alt+n')
  await page.locator('h1', { hasText: '给户派人' }).waitFor()
  await page.locator('tbody tr').first().waitFor()
  assert.match(await page.locator('tbody').innerText(), new RegExp(leaves.name))
  await page.keyboard.press('Control+s')
  await page.getByText('请选派谁去').first().waitFor()
  await choose(helpers[3].name)
  await page.locator('tbody tr').first().focus()
  for (let n = 0; n < without; n += 1) {
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
  }
  await picture(page, 'pairings-ticked')
  assert.deepEqual(await faults(page), {})
  await page.keyboard.press('Control+s')
  await told(`${without} 户已派给${helpers[3].name}`)
  await page.getByText('全部有人结对').first().waitFor()
  assert.equal((await cover()).obliged_paired, obliged)
  await settled(page)
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
