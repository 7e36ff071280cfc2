/** S2–S4 as a clerk uses them: finding, looking, what happens to a family, and the way back. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { go, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
})
afterEach((t) => page.complaints.length && console.error(t.name, page.complaints))
after(async () => {
  await browser?.close()
  await host?.stop()
})

const rows = () => page.locator('tbody tr:not(.space)')
const heading = (name) => page.locator('h1', { hasText: name }).waitFor()
const button = (name) => page.getByRole('button', { name }).first()
const dialog = () => page.getByRole('dialog')
const closed = () => dialog().waitFor({ state: 'detached' })

async function find(text) {
  await rows().first().waitFor()
  await page.locator('[name=search]').fill('')
  const answered = page.waitForResponse((response) => response.url().endsWith('/ipc/find_all'))
  await page.locator('[name=search]').fill(text)
  await answered
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)))
}

async function toList() {
  await go(page, '/households')
  await page.locator('[name=search]').waitFor()
}

async function open(name) {
  await toList()
  await find(name)
  await page.keyboard.press('Enter')
  await heading(`${name}家`)
}

/** A new household by keyboard alone, from anywhere on the list. */
async function make(name) {
  await toList()
  await page.keyboard.press('Alt+n')
  await dialog().waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Control+s')
  await heading(`${name}家`)
}

test('a new household is found by its name, its full pinyin and its initials', async () => {
  await make('何桂兰')
  await go(page, '/households')
  for (const typed of ['何桂', 'heguilan', 'hgl']) {
    await find(typed)
    assert.match(await rows().allInnerTexts().then((texts) => texts.join()), /何桂兰/, typed)
  }
  await find('161')
  assert.match(await rows().first().innerText(), /161/)
})

test('the list is gone through by keyboard, and is as it was on coming back', async () => {
  await go(page, '/households')
  await find('zjg')
  const found = await rows().count()
  await page.locator('[name=search]').press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('h2', { hasText: '家庭成员' }).waitFor()
  const first = await page.locator('h1').innerText()
  await page.keyboard.press('Control+ArrowDown')
  await page.waitForFunction((name) => document.querySelector('h1').innerText !== name, first)
  await page.keyboard.press('Escape')
  await rows().first().waitFor()
  assert.equal(await page.locator('[name=search]').inputValue(), 'zjg')
  assert.equal(await rows().count(), found)
})

test('a link says what to show', async () => {
  await go(page, '/households?unvisited=1')
  await rows().first().waitFor()
  const lamps = await rows().locator('.lamp').count()
  assert.equal(lamps, await rows().count())
  await button('清除筛选').click()
})

test('every row that fits is printed, not only those in sight', async () => {
  await go(page, '/settings')
  await page.addInitScript(() => (window.print = () => (window.printed = true)))
  await page.reload()
  await page.locator('h1').first().waitFor()
  await toList()
  await page.locator('[name=group]').selectOption({ index: 1 })
  const all = Number((await page.locator('#foot [role=status]').innerText()).match(/\d+/)[0])
  await page.keyboard.press('Control+p')
  await page.waitForFunction(() => window.printed)
  assert.equal(await page.locator('tbody tr').count(), all)
  assert.ok(all > 80)
  await page.keyboard.press('Escape')
  await button('清除筛选').click()
})

test('a number that cannot be right is kept, marked, and shown only when asked for', async () => {
  await make('覃国庆')
  await button('添成员').click()
  await page.keyboard.type('覃小兰')
  await page.locator('[name=id_number]').fill('990101196803150017')
  await dialog().getByText('号码可能有误').waitFor()
  await page.keyboard.press('Control+s')
  await closed()
  const line = page.locator('li', { hasText: '覃小兰' })
  await line.getByText('号码可能有误').waitFor()
  assert.doesNotMatch(await line.innerText(), /990101196803150017/)
  await line.getByRole('button', { name: /看号码/ }).click()
  await line.getByText('990101196803150017').waitFor()
  await line.getByText('990101********0017').waitFor({ timeout: 12_000 })
})

test('a right number tells birth and sex, and nobody has it twice', async () => {
  await open('覃国庆')
  for (const name of ['覃大', '覃二']) {
    await button('添成员').click()
    await page.keyboard.type(name)
    await page.locator('[name=id_number]').fill('99010119680315001X')
    await page.locator('[name=id_number]').blur()
    await page.waitForFunction(() => document.querySelector('[name=born]').value === '1968-03-15')
    await settled(page)
    await page.keyboard.press('Control+s')
    if (name === '覃大') await closed()
  }
  await dialog().getByText('这个身份证号已经是覃国庆家 1968年生的覃大').waitFor()
  await page.keyboard.press('Escape')
  await closed()
})

test('a household is split, and Ctrl+Z makes it one again', async () => {
  await open('覃国庆')
  await button('分户').click()
  await dialog().getByRole('checkbox', { name: '覃大' }).check()
  await page.keyboard.press('Control+s')
  await heading('覃大家')
  await page.keyboard.press('Control+z')
  await page.getByText('已作废').first().waitFor()
  await open('覃国庆')
  await page.getByText('家庭成员 3 人').waitFor()
})

test('a household ends with everybody in it, and comes back whole', async () => {
  await open('覃国庆')
  await button('迁出或销户').click()
  await page.keyboard.press('Control+s')
  await page.getByText('家庭成员 0 人').waitFor()
  await button('恢复这一户').click()
  await page.getByText('家庭成员 3 人').waitFor()
})

test('the history says who changed what from what, and a step of it is taken back', async () => {
  await open('覃国庆')
  await button('修改：基本情况').click()
  await page.locator('[name=address]').fill('村口')
  await page.keyboard.press('Control+s')
  await closed()
  await button('看改动记录').click()
  const step = page.locator('#household-history ~ ol > li').first()
  await step.getByText('地址：村口').waitFor()
  assert.match(await step.innerText(), /王文书/)
  await step.getByRole('button', { name: /撤销/ }).click()
  await page.getByText('地址：村口 → 空').waitFor()
})

test('only what was entered by mistake is voided, and its people come back with it', async () => {
  await open('覃国庆')
  await button('作废这一户').click()
  await page.keyboard.type('录错了')
  await page.keyboard.press('Control+s')
  await button('恢复').click()
  await page.getByText('家庭成员 3 人').waitFor()
  await go(page, '/households')
  await find('161')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '作废这一户' }).click()
  await page.keyboard.type('录错了')
  await page.keyboard.press('Control+s')
  await dialog().getByText('不能作废').waitFor()
  await page.keyboard.press('Escape')
})

test('Ctrl+G goes to a person’s household from anywhere', async () => {
  await go(page, '/settings')
  await page.keyboard.press('Control+g')
  await dialog().waitFor()
  await page.keyboard.type('qxl')
  await dialog().getByRole('option', { name: /覃小兰.*覃国庆家/ }).click()
  await heading('覃国庆家')
})

test('a cadre from outside is entered, and their post ends on a day', async () => {
  await go(page, '/people')
  await rows().first().waitFor()
  await button('添外来干部').click()
  await page.keyboard.type('黄海燕')
  await page.locator('[name=unit]').fill('县林业局')
  await page.keyboard.press('Control+s')
  await closed()
  await go(page, '/people?who=cadre')
  await find('黄海燕')
  await page.keyboard.press('Enter')
  await dialog().getByText('县林业局').waitFor()
  await button('离任').click()
  await dialog().getByText('黄海燕离任').waitFor()
  await page.keyboard.press('Control+s')
  await closed()
  await page.getByText('没有找到').waitFor()
})

test('V on a row goes to a visit of that household', async () => {
  await toList()
  await find('zjg')
  await page.locator('[name=search]').press('ArrowDown')
  await page.keyboard.press('v')
  await page.waitForFunction(() => location.hash.startsWith('#/visits?household='))
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
