/** S9 with a township: one button hands the month in, whatever the line does, and the page says what became of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axeViolations, faults, focusFaults, sidewaysScroll } from './checks.mjs'
import { Hands, effort } from './hands.mjs'
import { ask, go, openPage, picture, sampleVillage, setType, settled, startBrowser, startHost } from './host.mjs'
import { enter, exchange } from './laptops.mjs'
import { openTown, password, signIn } from './town.mjs'
import { Township } from './township.mjs'

const VILLAGE = '990101102207'
const MONTH = '/month?month=2026-10'
const PATIENCE = { timeout: 60_000 }

let browser
let township
let host
let page
let town

before(async () => {
  browser = await startBrowser()
  township = await new Township().start()
  township.run('village', 'add', VILLAGE, '禾坪村')
  township.user('韦所长', password)
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
})
after(async () => {
  await browser?.close()
  await host?.stop()
  await township?.stop()
})

const sees = (text) => page.getByText(text).first().waitFor(PATIENCE)
const dialog = () => page.getByRole('dialog')
const handIn = () => page.getByRole('button', { name: '上报镇里' })

async function openMonth() {
  await go(page, '/')
  await go(page, MONTH)
  await page.locator('.preview img').waitFor(PATIENCE)
}

async function holds(name) {
  await settled(page)
  await picture(page, `handin-${name}-standard`)
  assert.deepEqual(await faults(page), {}, name)
  await setType(page, 'large')
  await picture(page, `handin-${name}-large`)
  assert.deepEqual([...(await sidewaysScroll(page)), ...(await axeViolations(page))], [], `${name} in large type`)
  await setType(page, 'standard')
}

/** The township says yes or no to the month, on its own page. */
async function answers(button, reason) {
  town ??= await openTown(browser, township).then(async (shown) => (await signIn(shown), shown))
  await go(town, '/')
  await go(town, `/village/${VILLAGE}?month=2026-10`)
  await town.getByRole('button', { name: button }).press('Enter')
  if (reason !== undefined) {
    await town.getByRole('dialog').locator('[name=reason]').fill(reason)
    await town.getByRole('dialog').getByRole('button', { name: button }).press('Enter')
    await town.getByText(`退回原因：${reason}`).waitFor()
  } else await town.getByText(/已收下/).first().waitFor()
}

test('a village without a township has no such button', async () => {
  await openMonth()
  await page.getByRole('button', { name: '月结' }).waitFor()
  assert.equal(await handIn().count(), 0)
})

test('without a connection the month is locked and waits, and its papers are made as always', async () => {
  await enter(host, township.code(VILLAGE), '韦志强')
  await township.stop()
  await openMonth()
  await handIn().waitFor()
  assert.equal(await page.getByRole('button', { name: '月结' }).count(), 0, 'handing in is closing: one button')
  assert.deepEqual(await focusFaults(page), [])
  await holds('open')
  const hands = new Hands(page)
  await hands.press('Alt+t')
  await dialog().getByText('锁定并上报').waitFor()
  await holds('asks')
  await hands.press('Enter')
  await sees('2026年10月月报已锁定，等联网后上报')
  effort("the month's report handed in", hands.keys)
  await sees('联系不上镇里')
  await holds('waits')
  await page.keyboard.press('Control+e')
  await dialog().getByRole('button', { name: '导出' }).press('Enter')
  await sees('已导出 3 个文件')
})

test('when the township is there the same button brings it there, and says under which number', async () => {
  await township.start()
  await openMonth()
  await page.keyboard.press('Alt+t')
  await page.getByText(/2026年10月月报镇里已收到（回执号 \d+），等镇里批复/).waitFor(PATIENCE)
  await handIn().waitFor({ state: 'detached' })
  await holds('received')
})

test('what was handed in too early is taken back until the township has answered, and goes again', async () => {
  await page.getByRole('button', { name: '撤回上报' }).press('Enter')
  await sees('2026年10月月报已撤回，这个月重新打开')
  await handIn().waitFor()
  await holds('taken-back')
  await page.keyboard.press('Alt+t')
  await dialog().getByText('锁定并上报').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText(/镇里已收到（回执号 \d+），等镇里批复/).waitFor(PATIENCE)
})

test('what the township returned comes back with its reason, is opened, and goes again at once', async () => {
  await answers('退回', '走访少记一户')
  await exchange(host)
  await openMonth()
  await sees('走访少记一户')
  await holds('returned')
  await page.getByRole('button', { name: '重新打开这个月' }).press('Enter')
  await sees('这个月已经重新打开')
  // Closed anew with the same figures it would be the report that was returned.
  await ask(host, 'home_dismiss', { month: '2026-10', key: 'theme_day', reason: '并到下月' })
  await openMonth()
  await page.keyboard.press('Alt+t')
  await dialog().getByText('锁定并上报').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText(/镇里已收到（回执号 \d+），等镇里批复/).waitFor(PATIENCE)
})

test('an accepted report says so, and there is nothing left to press', async () => {
  await answers('收下')
  await exchange(host)
  await openMonth()
  await sees('镇里已收')
  assert.equal(await handIn().count(), 0)
  await holds('accepted')
})

test('English says all of it', async () => {
  await ask(host, 'settings_save', { language: 'en' })
  await page.reload()
  await page.locator('h1', { hasText: 'Monthly report' }).waitFor()
  await settled(page)
  await go(page, '/month?month=2026-11')
  await page.getByRole('button', { name: 'Hand in' }).waitFor()
  await page.keyboard.press('Alt+t')
  await dialog().waitFor()
  assert.deepEqual(await faults(page), {})
  await picture(page, 'handin-english')
})

test('the pages complained of nothing', () => {
  assert.deepEqual([...page.complaints, ...town.complaints], [])
})
