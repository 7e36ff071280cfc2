/** S5 and the evening's sheet by keyboard alone; what was typed outlives a power cut; keys are counted. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults } from './checks.mjs'
import { ask, go, openPage, picture, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

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

const visits = async () => (await ask(host, 'visit_recent')).count
const told = (text) => page.locator('#main').getByText(text).first().waitFor()
const holds = (of, name, text) => of.waitForFunction(([name, text]) => document.querySelector(`[name=${name}]`)?.value === text, [name, text])
const focused = () => page.evaluate(() => document.activeElement.getAttribute('name') ?? document.activeElement.dataset.cell)

/** Every key is counted. */
async function press(...names) {
  for (const name of names) {
    keys += 1
    await page.keyboard.press(name)
  }
}

async function type(text) {
  keys += [...text].length
  await page.keyboard.type(text)
}

/** Types without waiting for the list, as quick fingers do, and waits until the page knows the family. */
async function household(text) {
  await type(text)
  await press('Enter')
  await page.locator('aside h2').waitFor()
  await settled(page)
}

async function open() {
  await go(page, '/households')
  await go(page, '/visits')
  assert.equal(await focused(), 'household')
}

test('a visit is in at most ten keys after the family', async () => {
  await open()
  const before = await visits()
  await household('zhajun')
  keys = 0
  await press('Enter', 'Space', 'Enter', 'Space', 'Control+s')
  await told('查军家的走访已保存')
  console.log(`# one visit after the family, with two of three: ${keys} keys`)
  assert.ok(keys <= 10)
  assert.equal(await visits(), before + 1)
  const [row] = (await ask(host, 'visit_recent')).rows
  assert.deepEqual([row.meal, row.chore, row.way], [true, true, null], 'not ticked is not known')
  assert.equal(await focused(), 'household')
  await page.keyboard.press('Control+z')
  await page.locator('h1').focus()
  await page.keyboard.press('Control+z')
  await settled(page)
  assert.equal(await visits(), before)
})

test('the next family keeps the day; the one paired with it is taken to have gone', async () => {
  await open()
  await household('zhajun')
  await page.locator('[name=on]').fill('11-18')
  await page.keyboard.press('Control+Enter')
  await told('查军家的走访已保存')
  await holds(page, 'on', '2026-11-18')
  await household('zhajun')
  await page.getByText('这一天已经记过一次').waitFor()
  await picture(page, 'visits-same-day')
  assert.deepEqual(await faults(page), {})
  await page.locator('[name=chore]').check()
  const before = await visits()
  await page.getByRole('button', { name: '补到那一次' }).click()
  await told('已补到查军家那一次')
  assert.equal(await visits(), before)
})

test('a day long past is marked and may say why; tomorrow is refused where it stands', async () => {
  await open()
  await household('zhajun')
  await page.locator('[name=on]').fill('10-30')
  await page.locator('[name=late_why]').fill('登记表刚收回来')
  await page.keyboard.press('Control+s')
  await told('标为补录')
  await household('zhajun')
  await page.locator('[name=on]').fill('2026-11-21')
  await page.keyboard.press('Control+s')
  await page.getByText('这一天还没有到').first().waitFor()
  assert.equal(await focused(), 'on')
  assert.equal(await page.locator('[name=on]').getAttribute('aria-invalid'), 'true')
  await picture(page, 'visits-future')
  assert.deepEqual(await faults(page), {})
  await page.locator('[name=on]').fill('2026-11-19')
  await page.getByText('这一天还没有到').first().waitFor({ state: 'detached' })
})

test('without a family nothing is saved, and the field says so', async () => {
  await page.getByRole('button', { name: '丢掉' }).click({ timeout: 1000 }).catch(() => {})
  await open()
  await page.locator('[name=household]').fill('')
  await page.keyboard.press('Control+s')
  await page.getByText('请选走访了哪一户').first().waitFor()
  assert.deepEqual(await faults(page), {})
})

test('a word being composed is neither saved nor left by its Enter', async () => {
  await open()
  await page.locator('[name=note]').focus()
  const before = await visits()
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    await page.evaluate((init) => {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })
      if (init.keyCode) Object.defineProperty(event, 'keyCode', { value: init.keyCode })
      document.activeElement.dispatchEvent(event)
    }, how)
  }
  assert.deepEqual([await focused(), await visits()], ['note', before])
})

test('what is typed outlives a power cut', async () => {
  const dir = await sampleVillage()
  const first = await startHost(dir, [])
  const typing = await openPage(browser, first, { path: '/visits' })
  await typing.keyboard.type('zhajun')
  await typing.keyboard.press('Enter')
  await typing.locator('aside h2').waitFor()
  await typing.locator('[name=note]').fill('和他家收玉米')
  await typing.keyboard.press('Tab')
  await settled(typing)
  await typing.getByText('草稿已自动存').waitFor()
  await first.kill()
  await typing.context().close()
  const second = await startHost(dir, [])
  const again = await openPage(browser, second, { path: '/visits' })
  await again.getByText('接着上次没写完的').waitFor()
  await holds(again, 'household', '查军')
  await holds(again, 'note', '和他家收玉米')
  await again.getByRole('button', { name: '丢掉' }).click()
  await holds(again, 'note', '')
  await again.context().close()
  await second.stop()
})

test('an evening of eight families is typed down the sheet, saved once and taken back once', async () => {
  const { helpers } = await ask(host, 'pairing_cover', { bond: 'aid' })
  const visitor = helpers.reduce((most, one) => (one.households > most.households ? one : most))
  const more = 8 - visitor.households
  await go(page, '/visits/batch')
  const before = await visits()
  keys = 0
  await page.locator('[name=visitor]').fill('')
  await type(visitor.name)
  await page.getByRole('option', { name: visitor.name }).first().waitFor()
  await press('Enter')
  await page.waitForFunction(() => document.activeElement.dataset.cell === '0-0')
  const rows = Math.min(8, await page.locator('tbody tr').count())
  for (let row = 0; row < rows; row += 1) {
    await type('1')
    await type(String(row + 1))
    await press('Enter', 'Space', 'ArrowRight', 'Space')
    if (row < rows - 1) await press('Control+Enter')
  }
  for (let n = 0; n < more; n += 1) {
    await page.locator('[name=add]').focus()
    await type('zhajun')
    await page.locator('li[role=option]').first().waitFor()
    await press('Enter')
    await page.waitForFunction((row) => document.activeElement.dataset.cell === `${row}-0`, rows + n)
    await type('19')
  }
  await picture(page, 'visits-sheet-filled')
  assert.deepEqual(await faults(page), {})
  await press('Control+s')
  await told(`${visitor.name}的 ${rows + more} 次走访已保存`)
  console.log(`# ${rows + more} families down the sheet, two ticks for each of ${rows}: ${keys} keys, the name of the visitor included`)
  assert.equal(await visits(), before + rows + more)
  await page.getByRole('button', { name: '撤销' }).last().click()
  await settled(page)
  assert.equal(await visits(), before)
})

test('a day nobody can read is named in its row, and nothing of the sheet is saved', async () => {
  const before = await visits()
  await page.locator('[data-cell="0-0"]').fill('31日左右')
  await page.keyboard.press('Control+s')
  await page.getByText('看不懂这一天').waitFor()
  assert.equal(await focused(), 'day-0')
  assert.deepEqual(await faults(page), {})
  assert.equal(await visits(), before)
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
