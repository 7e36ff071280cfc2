/** A report that the township returned: the first page says so and leads to it; it is opened, mended and closed anew. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { ask, go, hostProgram, openPage, picture, sampleVillage, startBrowser, startHost } from './host.mjs'

const writer = join(dirname(hostProgram), 'writer')
let browser
let host
let page

before(async () => {
  browser = await startBrowser()
  const dir = await sampleVillage()
  const first = await startHost(dir, [])
  await ask(first, 'month_close', { month: '2026-10', reviewer: '韦志强' })
  await first.stop()
  answered(dir, '走访少记一户')
  host = await startHost(dir, [])
  page = await openPage(browser, host)
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

function answered(dir, ...reason) {
  const ledger = readdirSync(dir, { recursive: true }).map(String).find((name) => name.endsWith('.lianhu'))
  execFileSync(writer, ['answer', join(dir, ledger), '2026-10', ...reason])
}

test('the first page says that the report came back, and why, and its button leads to the month', async () => {
  const duty = page.getByRole('listitem').filter({ hasText: '2026年10月月报被镇里退回' })
  await duty.getByText('原因：走访少记一户').waitFor()
  await picture(page, 'home-returned')
  assert.deepEqual(await faults(page), {})
  await duty.getByRole('button', { name: '去改月报' }).press('Enter')
  await page.getByText('被退回（11月20日）：走访少记一户').waitFor()
  await picture(page, 'month-returned')
  assert.deepEqual(await faults(page), {})
})

test('the month is opened again, mended and closed anew, and the duty is gone', async () => {
  await page.getByRole('button', { name: '重新打开这个月' }).press('Enter')
  await page.getByText('这个月已经重新打开').waitFor()
  await page.getByRole('button', { name: '月结' }).waitFor()
  await go(page, '/')
  await page.getByText('改好后再上报').waitFor()
  await ask(host, 'home_dismiss', { month: '2026-10', key: 'theme_day', reason: '并到下月' })
  await go(page, '/month?month=2026-10')
  await page.getByRole('button', { name: '月结' }).press('Enter')
  await page.getByRole('dialog').locator('[name=reviewer]').press('Enter')
  await page.getByText(/已锁定：.*校验码/).waitFor()
  assert.equal(await page.getByText('被退回').count(), 0)
  await go(page, '/')
  assert.equal(await page.getByText('被镇里退回').count(), 0)
})

test('an accepted report says so on its month', async () => {
  await page.context().close()
  await host.stop()
  answered(host.dir)
  host = await startHost(host.dir, [])
  page = await openPage(browser, host, { path: '/month?month=2026-10' })
  await page.getByText('镇里已收（11月20日）').waitFor()
  assert.equal(await page.getByRole('button', { name: '重新打开这个月' }).count(), 0)
  assert.deepEqual(page.complaints, [])
})
