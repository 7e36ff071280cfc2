/** What goes wrong on the way, on the screens: a login page in between, a clock in 2098, too much at once, a stick instead of a line. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { axeViolations, faults, sidewaysScroll } from './checks.mjs'
import { ask, evening, go, newFolder, openPage, picture, sampleVillage, setType, settled, startBrowser, startHost } from './host.mjs'
import { enter, ended, exchange } from './laptops.mjs'
import { lianhu, openTown, password, signIn } from './town.mjs'
import { Township } from './township.mjs'

const VILLAGE = '990101102207'
const PATIENCE = { timeout: 60_000 }
/** One more than may be voided in a day without a second yes. */
const TOO_MANY = 51

let browser
let township
let host
let page
let household
/** Where files usually lie: packages there are offered. */
const downloads = newFolder()
/** A cadre's laptop of the same village. */
const cadre = join(newFolder(), 'cadre.lianhu')

before(async () => {
  browser = await startBrowser()
  township = await new Township().start()
  township.run('village', 'add', VILLAGE, '禾坪村')
  township.user('韦所长', password)
  host = await startHost(await sampleVillage(), ['--look', downloads])
  page = await openPage(browser, host)
  household = (await ask(host, 'household_list')).rows[0].id
  await enter(host, township.code(VILLAGE), '韦志强')
  try {
    lianhu(cadre, '--at', evening, 'join', township.code(VILLAGE), '--who', '黄海燕')
  } catch {
    // It waits for a yes, and says so.
  }
  const waiting = JSON.parse(township.run('devices', VILLAGE, '--json')).find((device) => JSON.stringify(device).includes('黄海燕'))
  township.run('approve', waiting.device)
  lianhu(cadre, '--at', evening, 'join')
  await exchange(host)
})
after(async () => {
  await browser?.close()
  await host?.stop()
  await township?.stop()
})

const sees = (on, text) => on.getByText(text).first().waitFor(PATIENCE)
const address = (to) => ask(host, 'record_save', { kind: 'household', id: household, fields: { address: to } })
const stands = async () => (await ask(host, 'record_get', { kind: 'household', id: household })).address

async function holds(on, name) {
  await settled(on)
  await picture(on, `exchange-${name}-standard`)
  assert.deepEqual(await faults(on), {}, name)
  await setType(on, 'large')
  await picture(on, `exchange-${name}-large`)
  assert.deepEqual([...(await sidewaysScroll(on)), ...(await axeViolations(on))], [], `${name} in large type`)
  await setType(on, 'standard')
}

async function openSafe() {
  await go(page, '/')
  await go(page, '/exchange')
}

/** Somebody on the township's address who is not the township. */
async function loginPage() {
  const server = createServer((line) => {
    line.on('error', () => {})
    line.once('data', () => line.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><title>请先登录</title></html>'))
  })
  server.listen(township.port, '127.0.0.1')
  await once(server, 'listening')
  return () => new Promise((done) => server.close(done))
}

test('a login page in between is told in words, and changes nothing', async () => {
  await township.stop()
  const away = await loginPage()
  await address('寨头')
  await openSafe()
  await page.keyboard.press('Alt+t')
  await sees(page, '连上的不是本镇的服务器')
  await sees(page, '1 条等联网后上报')
  await holds(page, 'login-page')
  await away()
})

test('nor does another township on the same address', async () => {
  const other = new Township('冒牌镇')
  other.port = township.port
  await other.start()
  await page.keyboard.press('Alt+t')
  await sees(page, '连上的不是本镇的服务器')
  await other.stop()
  await township.start()
  await page.keyboard.press('Alt+t')
  await page.locator('h1 + p', { hasText: '都已上报' }).waitFor(PATIENCE)
})

test('a stick with what others wrote is read from the list by keyboard, once and for all', async () => {
  lianhu(cadre, '--at', evening, 'put', 'household', '--json', JSON.stringify({ id: household, address: '寨尾' }))
  lianhu(cadre, '--at', evening, 'sync')
  await township.stop()
  await ask(host, 'record_save', { kind: 'household', id: household, fields: { note: '新房' } })
  const { job } = await ask(host, 'exchange_pack', { folder: newFolder() })
  const made = await ended(host, job, 'exchange_packed')
  const back = join(downloads, '镇里回来.lhb')
  township.run('package', 'read', made.path, '--answer', back)
  await openSafe()
  await page.getByRole('button', { name: '读U盘里的数据包' }).press('Enter')
  await page.getByRole('button', { name: /镇里回来/ }).focus()
  await holds(page, 'stick-found')
  await page.keyboard.press('Enter')
  await page.getByText(/已读入：新内容 [1-9]\d* 步，镇里回执 [1-9]\d* 步/).waitFor(PATIENCE)
  assert.equal(await stands(), '寨尾')
  await page.locator('h1 + p', { hasText: '都已上报' }).waitFor(PATIENCE)
  await holds(page, 'stick-read')
  await page.getByRole('button', { name: '读U盘里的数据包' }).press('Enter')
  await page.getByRole('button', { name: /镇里回来/ }).press('Enter')
  await page.getByText('已读入：新内容 0 步，镇里回执 0 步').waitFor(PATIENCE)
})

test('a file that is no package, and one that was cut, are refused in words', async () => {
  writeFileSync(join(downloads, '照片.lhb'), 'not a package at all')
  await openSafe()
  await page.getByRole('button', { name: '读U盘里的数据包' }).press('Enter')
  await page.getByRole('button', { name: /照片/ }).press('Enter')
  await sees(page, '不是联户数据包')
  await holds(page, 'stick-refused')
  const whole = readFileSync(join(downloads, '镇里回来.lhb'))
  writeFileSync(join(downloads, '断了.lhb'), whole.subarray(0, whole.length / 2))
  await page.getByRole('button', { name: '读U盘里的数据包' }).press('Enter')
  await page.getByRole('button', { name: /断了/ }).press('Enter')
  await sees(page, '不完整或被改动过')
  await township.start()
})

test('a laptop whose clock stands in 2098 reports, is told, and wins over nobody for it', async () => {
  await host.stop()
  await page.context().close()
  host = await startHost(host.dir, ['--look', downloads, '--at', '2098-01-01T08:00'])
  page = await openPage(browser, host)
  await address('河边')
  await exchange(host)
  await openSafe()
  await page.getByText(/这台电脑的时间快了 \d+ 天/).waitFor(PATIENCE)
  await page.locator('h1 + p', { hasText: '都已上报' }).waitFor(PATIENCE)
  await holds(page, 'clock')
  // Whoever has seen it and changes it afterwards by a right clock is not overtaken by 2098.
  lianhu(cadre, 'sync')
  lianhu(cadre, 'put', 'household', '--json', JSON.stringify({ id: household, address: '寨口' }))
  lianhu(cadre, 'sync')
  await exchange(host)
  assert.equal(await stands(), '寨口')
  await host.stop()
  await page.context().close()
  host = await startHost(host.dir, ['--look', downloads])
  page = await openPage(browser, host)
})

test('what voids too much at once waits for the township’s second yes, on both screens, and is let in by it', async () => {
  const visits = (await ask(host, 'record_list', { kind: 'visit' })).slice(0, TOO_MANY)
  assert.equal(visits.length, TOO_MANY)
  await township.stop()
  for (const { id } of visits) await ask(host, 'record_void', { kind: 'visit', id, reason: '录错了' })
  await township.start()
  await exchange(host)
  await openSafe()
  await sees(page, '镇里收到了，要先看一看再收下')
  await sees(page, '一次改动太多，等镇里再确认一次')
  await holds(page, 'mass')
  const town = await openTown(browser, township)
  await signIn(town)
  await go(town, '/held')
  await sees(town, '禾坪村')
  await picture(town, 'township-held-waiting')
  assert.deepEqual(await faults(town), {})
  await town.getByRole('button', { name: /^不收/ }).press('Enter')
  await town.getByRole('dialog').getByText('新登记的照常收下').waitFor()
  await picture(town, 'township-held-refuses')
  assert.deepEqual(await faults(town), {})
  await town.keyboard.press('Escape')
  await town.getByRole('button', { name: /^放行/ }).press('Enter')
  await picture(town, 'township-held-asks')
  assert.deepEqual(await faults(town), {})
  await town.getByRole('dialog').getByRole('button', { name: '问清楚了，放行' }).press('Enter')
  await sees(town, '已放行')
  await sees(town, '没有要再点头的')
  assert.deepEqual(town.complaints, [])
  await exchange(host)
  await page.locator('h1 + p', { hasText: '都已上报' }).waitFor(PATIENCE)
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
