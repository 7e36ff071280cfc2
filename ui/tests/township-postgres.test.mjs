/** The township's page when the villages lie in PostgreSQL: signing in, a village that joins, its month, its report answered. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { ask, go, picture, sampleVillage, startBrowser, startHost } from './host.mjs'
import { enter, exchange } from './laptops.mjs'
import { missing, startPostgres } from './postgres.mjs'
import { openTown, password, signIn } from './town.mjs'
import { Township } from './township.mjs'

const VILLAGE = '990101102207'

let browser
let postgres
let township
let host
let page

before(async () => {
  if (missing) return
  browser = await startBrowser()
  postgres = await startPostgres()
  township = await new Township('松河镇', ['--store', postgres.url]).start()
  township.run('village', 'add', VILLAGE, '禾坪村')
  township.user('韦所长', password)
  host = await startHost(await sampleVillage(), [])
  await ask(host, 'month_close', { month: '2026-10', reviewer: '韦志强' })
  await enter(host, township.code(VILLAGE), '韦志强')
  page = await openTown(browser, township)
})
after(async () => {
  await browser?.close()
  await host?.stop()
  await township?.stop()
  postgres?.stop()
})

test('the board and a village’s month are those of its ledger', { skip: missing }, async () => {
  await signIn(page)
  await go(page, '/?month=2026-10')
  await page.getByText('等批复').waitFor()
  await picture(page, 'township-postgres-board')
  assert.deepEqual(await faults(page), {})
  await go(page, `/village/${VILLAGE}?month=2026-10`)
  await page.locator('tr[data-figure="aid.visits"]').waitFor()
  const shown = await page.locator('tr[data-figure="aid.visits"] td').first().innerText()
  const figures = (await ask(host, 'month_look', { month: '2026-10' })).rows
  const visits = figures.find((row) => row.figure === 'aid.visits').state.n
  assert.equal(Number(shown.match(/\d+/)[0]), visits)
})

test('a report that was returned is with the village, and one that was taken too', { skip: missing }, async () => {
  await page.getByRole('button', { name: '退回' }).press('Enter')
  await page.getByRole('dialog').locator('[name=reason]').fill('走访少记一户')
  await page.getByRole('dialog').getByRole('button', { name: '退回' }).press('Enter')
  await page.getByText('退回原因：走访少记一户').waitFor()
  await exchange(host)
  const answer = async () => (await ask(host, 'month_look', { month: '2026-10' })).answer
  assert.equal((await answer()).reason, '走访少记一户')
  await page.getByRole('button', { name: '收下' }).press('Enter')
  await page.getByText(/已收下/).first().waitFor()
  await exchange(host)
  assert.equal((await answer()).accepted, true)
  await go(page, '/rollup?month=2026-10')
  await page.locator('h1', { hasText: '2026年10月汇总' }).waitFor()
  await picture(page, 'township-postgres-rollup')
  assert.deepEqual(await faults(page), {})
  assert.deepEqual(page.complaints, [])
})
