/** What forms owe to whoever types: the input method's keys, names by pinyin, nothing lost, a way back. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { Hands } from './hands.mjs'
import { ask, go, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page
let family

before(async () => (browser = await startBrowser()))
after(() => browser?.close())
beforeEach(async () => {
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  family = (await ask(host, 'household_list')).rows.find((row) => row.helpers.length)
})
afterEach(async () => {
  await page?.context().close()
  await host?.stop()
})

const press = (key) => page.keyboard.press(key)
const field = (name) => page.locator(`[name="${name}"]`)
const option = (text) => page.locator('[role=option]', { hasText: text }).first().waitFor()
const focus = () => page.evaluate(() => document.activeElement.getAttribute('name') ?? document.activeElement.tagName)
const offeredDraft = () => page.getByText('接着上次没写完的').waitFor()

/** An Enter that belongs to the input method: the two ways in which engines say so. */
async function enterOfIme(name) {
  for (const sign of [{ isComposing: true }, { keyCode: 229 }]) {
    await field(name).evaluate((box, init) => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })), sign)
    await settled(page)
  }
}

async function visitOf(more = {}) {
  const fields = { household: family.id, visitor: family.helpers[0].id, on: '2026-11-18', meal: true, self_paid: false, chore: false, way: false, note: '带了种子', ...more }
  return (await ask(host, 'visit_save', fields)).value.id
}

test('Enter that ends a word of the input method neither chooses, nor moves on, nor saves', async () => {
  await go(page, '/visits')
  await page.keyboard.type('zh')
  await page.locator('[role=option]').first().waitFor()
  await enterOfIme('household')
  assert.equal(await field('household').inputValue(), 'zh')
  assert.equal(await focus(), 'household')
  await press('Escape')

  await field('note').focus()
  await enterOfIme('note')
  assert.equal(await focus(), 'note')

  await go(page, '/households')
  await press('Alt+n')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.insertText('何桂兰')
  const name = await focus()
  await enterOfIme(name)
  assert.equal(await focus(), name)
  assert.equal(await page.getByRole('dialog').count(), 1)
  assert.equal((await ask(host, 'find', { text: '何桂兰', among: 'everyone', limit: 9 })).length, 0)
})

test('Enter that ends a word opens nothing from the search box of a list', async () => {
  for (const list of ['/households', '/people']) {
    await go(page, list)
    await field('search').fill('zh')
    await settled(page)
    await enterOfIme('search')
    assert.match(page.url(), new RegExp(`#${list}$`))
    assert.equal(await focus(), 'search')
  }
})

test('a word that arrives whole, with no composition at all, narrows the lists', async () => {
  await page.evaluate(() => {
    window.compositions = 0
    for (const name of ['compositionstart', 'compositionupdate', 'compositionend']) window.addEventListener(name, () => (window.compositions += 1), true)
  })
  for (const list of ['/households', '/people']) {
    await go(page, list)
    await field('search').focus()
    await page.keyboard.insertText(family.head)
    await settled(page)
    await page.waitForFunction((head) => document.querySelector('tbody tr:not(.space)')?.innerText.includes(head), family.head)
  }
  await go(page, '/visits')
  await field('household').focus()
  await page.keyboard.insertText(family.head)
  await option(family.head)
  assert.equal(await page.evaluate(() => window.compositions), 0)
})

test('何桂兰 is found by hgl, by heguilan and by 何桂, wherever a name is asked for', async () => {
  await ask(host, 'household_new', { household: { group: family.group, number: 9001 }, head: { name: '何桂兰' } })
  for (const typed of ['hgl', 'heguilan', '何桂']) {
    await go(page, '/visits')
    await field('household').fill(typed)
    await option('何桂兰')
    await press('Escape')
    await press('Control+g')
    await page.getByRole('dialog').waitFor()
    await field('goto').fill(typed)
    await option('何桂兰')
    await press('Escape')
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (const list of ['/households', '/people']) {
      await go(page, list)
      await field('search').fill(typed)
      await page.locator('tbody tr', { hasText: '何桂兰' }).first().waitFor()
    }
  }
})

test('what cannot be saved stays as typed, and typing goes on in the field that lacks', async () => {
  await go(page, '/visits')
  await field('chore').check({ force: true })
  await field('chore_what').fill('收玉米')
  await field('note').fill('下雨，改天再去')
  await press('Control+s')
  await page.locator('[aria-invalid=true]').first().waitFor()
  await settled(page)
  assert.equal(await field('household').getAttribute('aria-invalid'), 'true')
  assert.deepEqual([await field('chore_what').inputValue(), await field('note').inputValue()], ['收玉米', '下雨，改天再去'])
  assert.equal((await ask(host, 'visit_recent')).count, 0)
})

test('Ctrl+Z after a change gives the former record back, value for value', async () => {
  const id = await visitOf()
  const before = await ask(host, 'record_get', { kind: 'visit', id })
  await go(page, '/visits')
  await go(page, `/visits/${id}`)
  await field('note').fill('没有带种子')
  await field('way').check({ force: true })
  await press('Control+s')
  await page.locator('.toasts button').first().waitFor()
  await page.locator('h1', { hasText: '走访录入' }).waitFor()
  await settled(page)
  const between = await ask(host, 'record_get', { kind: 'visit', id })
  assert.notDeepEqual(between, before)
  await page.locator('h1').focus()
  await press('Control+z')
  await page.locator('.toasts button').first().waitFor({ state: 'detached' })
  assert.deepEqual(await ask(host, 'record_get', { kind: 'visit', id }), before)
})

test('the way back in the row of messages is reached by keyboard', async () => {
  await go(page, `/visits?household=${family.id}`)
  await page.waitForFunction(() => document.querySelector('[name=visitor]')?.value)
  await press('Control+s')
  await page.locator('.toasts button').first().waitFor()
  assert.equal((await ask(host, 'visit_recent')).count, 1)
  await new Hands(page).until('Shift+Tab', () => page.locator('.toasts button:focus').count(), 30)
  await press('Enter')
  await page.locator('.toasts button').first().waitFor({ state: 'detached' })
  assert.equal((await ask(host, 'visit_recent')).count, 0)
})

test('half a visit is there whole after the power was cut, and can be thrown away', async () => {
  await go(page, `/visits?household=${family.id}`)
  await page.waitForFunction(() => document.querySelector('[name=household]')?.value)
  await field('chore').check({ force: true })
  await field('chore_what').fill('收玉米')
  await field('note').fill('还要再去')
  await page.getByText('草稿已自动存').waitFor()
  const typed = () => page.evaluate(() => ['household', 'on', 'chore_what', 'visitor', 'note'].map((name) => document.querySelector(`[name=${name}]`)?.value))
  const before = await typed()
  await host.kill()
  await page.context().close()
  host = await startHost(host.dir, [])
  page = await openPage(browser, host, { path: '/visits' })
  await offeredDraft()
  await settled(page)
  assert.deepEqual(await typed(), before)
  await page.getByRole('button', { name: '丢掉，重新写' }).press('Enter')
  await settled(page)
  assert.equal(await field('note').inputValue(), '')
  assert.deepEqual((await ask(host, 'draft_list')).filter((draft) => draft.key === 'visit'), [])
})

test('what another program wrote while a form was open is not written over unseen', async () => {
  const id = await visitOf()
  await go(page, `/visits/${id}`)
  await field('note').fill('这里写的')
  await visitOf({ id, note: '别处写的' })
  await press('Control+s')
  const said = page.getByText(/在别处改成了“别处写的”/).first()
  await said.waitFor()
  assert.equal(await field('note').inputValue(), '这里写的')
  assert.equal((await ask(host, 'record_get', { kind: 'visit', id })).note, '别处写的')

  await press('Control+s')
  await page.locator('.toasts button').first().waitFor()
  assert.equal((await ask(host, 'record_get', { kind: 'visit', id })).note, '这里写的')
})

test('a matter changed elsewhere is not written over unseen either', async () => {
  const { rows } = await ask(host, 'matter_list', { which: 'open' })
  const { id, on, household, raised_at } = rows[0]
  await go(page, `/matters/${id}`)
  await press('g')
  await page.getByRole('dialog').waitFor()
  await field('text').fill('这里写的')
  await ask(host, 'matter_save', { id, text: '别处写的', on, raised_at, household, owner: null, due: null })
  await press('Control+s')
  await page.getByText(/在别处改成了“别处写的”/).first().waitFor()
  assert.equal(await field('text').inputValue(), '这里写的')
  assert.equal((await ask(host, 'matter_look', { id })).text, '别处写的')

  await press('Control+s')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal((await ask(host, 'matter_look', { id })).text, '这里写的')
})

test('a household whose name was typed and not chosen is asked for, never dropped', async () => {
  const { rows } = await ask(host, 'matter_list', { which: 'open' })
  await go(page, '/matters')
  await press('Alt+n')
  await page.getByRole('dialog').waitFor()
  await field('text').fill('水管坏了')
  await field('household').fill(family.head)
  await option(family.head)
  await press('Control+s')
  await page.getByText('还没有选是哪一户').first().waitFor()
  assert.equal((await ask(host, 'matter_list', { which: 'open' })).rows.length, rows.length)

  await field('household').press('ArrowDown')
  await option(family.head)
  await press('Enter')
  await page.locator('[role=option]').first().waitFor({ state: 'hidden' })
  await press('Control+s')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const kept = (await ask(host, 'matter_list', { which: 'open' })).rows.find((row) => row.text === '水管坏了')
  assert.ok(kept.household)
})
