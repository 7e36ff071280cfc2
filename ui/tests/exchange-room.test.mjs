/** Two laptops of a village that has no township, in one room: one waits, the other finds it, each from its own screen. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axeViolations, faults, focusFaults, sidewaysScroll } from './checks.mjs'
import { ask, go, newFolder, openPage, picture, sampleVillage, setType, settled, startBrowser, startHost } from './host.mjs'
import { ended, freeEars } from './laptops.mjs'

const PATIENCE = { timeout: 30_000 }
/** Seconds that the second one's door stands open. */
const SHORT = '4'

let browser
let first
let second
let page
let other
let household

/** The stick that goes there and back: a folder where files usually lie. */
const stick = newFolder()

before(async () => {
  browser = await startBrowser()
  const places = await Promise.all([freeEars(), freeEars()])
  first = await startHost(await sampleVillage(), ['--look', stick, '--ears', places[0], '--calls', places[1]])
  second = await startHost(newFolder(), ['--look', stick, '--ears', places[1], '--calls', places[0], '--open-for', SHORT])
  household = (await ask(first, 'household_list')).rows[0].id
  page = await openPage(browser, first, { path: '/exchange' })
  other = await openPage(browser, second, { path: '/start' })
})
after(async () => {
  await browser?.close()
  await first?.stop()
  await second?.stop()
})

async function holds(on, name, at = '#exchange-room') {
  await settled(on)
  await on.locator(at).scrollIntoViewIfNeeded()
  await picture(on, `exchange-room-${name}-standard`)
  assert.deepEqual(await faults(on), {}, name)
  await setType(on, 'large')
  await on.locator(at).scrollIntoViewIfNeeded()
  await picture(on, `exchange-room-${name}-large`)
  assert.deepEqual([...(await sidewaysScroll(on)), ...(await axeViolations(on))], [], `${name} in large type`)
  await setType(on, 'standard')
}

const sees = (on, text) => on.getByText(text).first().waitFor(PATIENCE)
const press = async (on, name) => {
  await on.getByRole('button', { name }).first().focus()
  await on.keyboard.press('Enter')
}
const address = (of, to) => ask(of, 'record_save', { kind: 'household', id: household, fields: { address: to } })
const stands = async (of) => (await ask(of, 'record_get', { kind: 'household', id: household })).address

test('a further computer comes in by a stick that goes there and back, and six digits', async () => {
  await other.keyboard.press('4')
  await press(other, '没有接入码，用 U 盘加入')
  await other.locator('[name=who]').fill('黄海燕')
  await press(other, '读答复，取来记录')
  await other.locator('[name=digits]:focus[aria-invalid=true]').waitFor()
  await holds(other, 'by-stick', '#join-by-stick')
  const { job } = await ask(second, 'invite_ask', { who: '黄海燕', folder: stick })
  await ended(second, job, 'invite_made')
  await page.getByRole('radio', { name: '支部书记' }).check({ force: true })
  await press(page, '读加入申请')
  await press(page, /加入申请 黄海燕/)
  await sees(page, '已同意黄海燕的电脑加入')
  await holds(page, 'admitted', '#exchange-admit')
  const digits = (await page.locator('.digits').innerText()).replace(' ', '')
  // With other digits nothing is believed.
  await other.locator('[name=digits]').fill(digits === '123456' ? '654321' : '123456')
  await press(other, '读答复，取来记录')
  await press(other, /加入答复 黄海燕/)
  await sees(other, '核对码和另一台电脑上的不一样')
  await other.locator('[name=digits]').fill(digits)
  await press(other, '读答复，取来记录')
  await press(other, /加入答复 黄海燕/)
  await other.locator('header.header', { hasText: '禾坪村' }).waitFor(PATIENCE)
  assert.equal((await ask(second, 'household_list')).rows.length, (await ask(first, 'household_list')).rows.length)
  await go(other, '/exchange')
})

test('who looks while nobody waits is told what to do, step by step', async () => {
  await press(other, '找旁边的电脑')
  await sees(other, '正在找旁边的电脑')
  await sees(other, '没有找到同村的电脑')
  await sees(other, '同一个手机热点')
  assert.deepEqual(await focusFaults(other), [])
  await holds(other, 'nobody')
})

test('one waits, goes on with other work, and the other finds it: both hold the same', async () => {
  await address(first, '寨头')
  await press(page, '等别的电脑来')
  await sees(page, '正在等别的电脑来')
  await sees(page, '还等 10 分钟')
  await holds(page, 'waits')
  // Whoever leaves the page finds the door as it is.
  await go(page, `/households/${household}`)
  await go(page, '/exchange')
  await sees(page, '正在等别的电脑来')
  await press(other, '找旁边的电脑')
  await other.getByText(/^● 和.*互传好了，新收到 1 步/).waitFor(PATIENCE)
  await page.getByText(/黄海燕的电脑来过，新收到 0 步/).waitFor(PATIENCE)
  assert.equal(await stands(second), '寨头')
  await holds(other, 'met')
  await holds(page, 'came')
})

test('what the guest brought is told on the page of the one who waits', async () => {
  await address(second, '寨尾')
  await press(other, '找旁边的电脑')
  await page.getByText(/黄海燕的电脑来过，新收到 1 步/).waitFor(PATIENCE)
  await go(page, `/households/${household}`)
  await page.getByText('寨尾').first().waitFor()
  await go(page, '/exchange')
})

test('who has waited enough says so, and is not found any more', async () => {
  await press(page, '不等了')
  await page.getByRole('button', { name: '等别的电脑来' }).waitFor()
  await press(other, '找旁边的电脑')
  await sees(other, '没有找到同村的电脑')
})

test('a door that nobody shuts shuts by itself', async () => {
  await press(other, '等别的电脑来')
  await sees(other, '还等不到 1 分钟')
  await press(page, '找旁边的电脑')
  await page.getByText(/^● 和黄海燕的电脑互传好了/).waitFor(PATIENCE)
  await other.getByRole('button', { name: '等别的电脑来' }).waitFor(PATIENCE)
  await other.getByText(/来过/).first().waitFor()
})

test('English says all of it', async () => {
  await ask(first, 'settings_save', { language: 'en' })
  await page.reload()
  await page.locator('html[lang=en]').waitFor()
  await go(page, '/exchange')
  await press(page, 'Look for a computer nearby')
  await sees(page, 'No computer of this village was found')
  assert.deepEqual(await faults(page), {})
  await picture(page, 'exchange-room-english')
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
  assert.deepEqual(other.complaints, [])
})
