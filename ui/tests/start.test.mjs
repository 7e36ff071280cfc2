/** Where a clerk begins: the sample village, a ledger that is found again, and one that has gone. */
import assert from 'node:assert/strict'
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { axeViolations, faults } from './checks.mjs'
import { ask, go, newFolder, openPage, picture, setType, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page
const dir = newFolder()

before(async () => {
  browser = await startBrowser()
  host = await startHost(dir, [])
  page = await openPage(browser, host, { path: '/start' })
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

async function holds(name) {
  for (const type of ['standard', 'large']) {
    await setType(page, type)
    await picture(page, `start-${name}-${type}`)
    assert.deepEqual(await axeViolations(page), [], `${name} ${type}`)
    assert.deepEqual(await faults(page), {}, `${name} ${type}`)
  }
  await setType(page, 'standard')
}

test('the sample village is one key away, and everything of it is marked', async () => {
  await page.keyboard.press('5')
  await page.getByText('正在准备样例村').waitFor()
  await page.locator('header.header', { hasText: '禾坪村' }).waitFor({ timeout: 60_000 })
  await page.locator('header.header .lamp', { hasText: '样例' }).waitFor()
  assert.equal((await ask(host, 'session_look')).open.sample, true)
})

test('another village is made beside it, and the first is found again', async () => {
  await go(page, '/start')
  await page.getByRole('heading', { name: '换一个村' }).waitFor()
  await holds('other')
  await page.keyboard.press('1')
  await page.locator('[name=village]:focus').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('有 2 处要改').waitFor()
  await holds('missing')
  await page.locator('[name=village]').fill('东岭村')
  await page.locator('[name=user]').fill('韦志强')
  await page.keyboard.press('Control+Enter')
  await page.locator('header.header', { hasText: '东岭村' }).waitFor()
  await go(page, '/start')
  await page.keyboard.press('3')
  await page.getByRole('button', { name: /禾坪村/ }).waitFor()
  await holds('found')
  await page.getByRole('button', { name: /禾坪村/ }).focus()
  await page.keyboard.press('Enter')
  await page.locator('header.header', { hasText: '禾坪村' }).waitFor()
})

test('looking at the sample again opens the one that is there', async () => {
  await ask(host, 'session_sample')
  assert.equal(readdirSync(dir).filter((name) => name.startsWith('样例') && name.endsWith('.lianhu')).length, 1)
})

test('a ledger that has gone is said, with its reason and what to do', async () => {
  await host.stop()
  for (const name of readdirSync(dir).filter((file) => file.startsWith('样例'))) renameSync(join(dir, name), join(dir, `${name}.away`))
  host = await startHost(dir, [])
  page = await openPage(browser, host, { path: '/start' })
  await page.getByRole('heading', { name: '上次的台账没有打开' }).waitFor()
  await holds('lost')
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.away'))) renameSync(join(dir, name), join(dir, name.slice(0, -5)))
  await page.getByRole('button', { name: '再打开一次' }).click()
  await page.locator('header.header', { hasText: '禾坪村' }).waitFor()
  await settled(page)
  assert.deepEqual(page.complaints, [])
})
