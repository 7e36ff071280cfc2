/** 党费 as the collector goes through it: a year of 46 members by keyboard, other sums, who is behind, receipts. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { faults, focusFaults } from './checks.mjs'
import { effort, Hands } from './hands.mjs'
import { ask, go, openPage, picture, sampleVillage, setType, settled, startBrowser, startHost } from './host.mjs'

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

const look = () => ask(host, 'dues_year', { year: 2026 })
const saved = (text) => page.getByText(text).first().waitFor()
const cell = (row, month) => page.locator(`[data-cell="${row}-${month}"]`)
const paid = async (row) => (await look()).rows[row].months.map((one) => one.paid)
async function written() {
  await page.keyboard.press('Control+s')
  await settled(page)
}
/** Away and back: what was written is asked again, and the hand is where the page puts it. */
async function anew() {
  await go(page, '/settings/keys')
  await go(page, '/dues')
  await page.locator('[data-cell="0-11"]:focus').waitFor()
}

test('what nobody has set is unknown: Enter pays nothing, and nobody is behind', async () => {
  await go(page, '/dues')
  await page.locator('[data-cell="0-11"]:focus').waitFor()
  await page.getByText('11月应交 46 人，已交 0 人。 有 46 人还没定交多少。').waitFor()
  await picture(page, 'dues-unknown')
  await page.keyboard.press('Enter')
  await page.getByText('应交多少还没定').first().waitFor()
  await page.locator('[data-cell="0-11"]:focus').waitFor()
  assert.deepEqual((await paid(0)).filter((fen) => fen !== null), [])
  assert.deepEqual((await look()).rows.filter((row) => row.owed.length), [])
})

test('a year of 46 members, paid at one go, is a key a member', async () => {
  await anew()
  const hands = new Hands(page)
  await hands.press('b')
  await page.locator('[role=dialog]').waitFor()
  await hands.until('Tab', () => page.evaluate(() => document.activeElement?.name === 'whom'))
  await hands.press('ArrowDown')
  await hands.until('Enter', () => page.evaluate(() => document.activeElement?.name === 'fixed'))
  await hands.type('0.5')
  await hands.press('Control+s')
  await saved('46 人的党费已定')
  await page.locator('[data-cell="0-11"]:focus').waitFor()
  await settled(page)
  for (let row = 0; row < 46; row += 1) await hands.press('y')
  await hands.press('Control+s')
  await saved('已记')
  await settled(page)
  const { rows, paid: heads } = await look()
  assert.equal(heads, 46)
  assert.deepEqual(rows.filter((row) => row.months.some((one) => one.asked === 'due' && one.paid !== one.due)).map((row) => row.name), [])
  assert.deepEqual(await faults(page), {})
  effort('dues: a year of 46 members', hands.keys)
})

test('a month is paid as due by Enter down the list, another sum by its figures, full width or not', async () => {
  await ask(host, 'history_undo', { batch: (await ask(host, 'history_list', { limit: 1 }))[0].batch })
  await anew()
  await page.keyboard.press('Enter')
  await page.locator('[data-cell="1-11"]:focus').waitFor()
  await page.keyboard.type('0.3')
  await page.keyboard.press('Enter')
  await page.keyboard.insertText('１．２０')
  await page.keyboard.press('Enter')
  await page.locator('[data-cell="3-11"]:focus').waitFor()
  await page.keyboard.type('1..2')
  await page.keyboard.press('Enter')
  await page.getByText('这不是钱数').waitFor()
  await page.locator('[data-cell="3-11"][aria-invalid]:focus').waitFor()
  await picture(page, 'dues-unread')
  await page.keyboard.press('Escape')
  await written()
  assert.deepEqual([(await paid(0))[10], (await paid(1))[10], (await paid(2))[10], (await paid(3))[10]], [50, 30, 120, null])
  const name = (await look()).rows[1].name
  assert.ok((await page.locator('[data-cell="1-11"]').getAttribute('aria-label')).startsWith(`${name} 11月：没交够`))
})

test('T pays up to a month and leaves what was paid as it was', async () => {
  await cell(1, 11).focus()
  await page.keyboard.press('t')
  await page.keyboard.type('12')
  await page.keyboard.press('Enter')
  await page.locator('[data-cell="2-11"]:focus').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('13')
  await page.keyboard.press('Enter')
  await page.getByText('请写 1 到 12').waitFor()
  await page.keyboard.press('Escape')
  await written()
  assert.deepEqual(await paid(1), [50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 30, 50])
  assert.deepEqual((await paid(2)).filter((fen) => fen !== null), [120])
})

test('what is typed while the grid asks again is not lost, and leaving a cell by mouse keeps it', async () => {
  await cell(4, 11).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('0.')
  await page.getByText('已记 1 个月').first().waitFor()
  await settled(page)
  await page.keyboard.type('7')
  await cell(8, 11).click()
  await written()
  assert.deepEqual([(await paid(4))[10], (await paid(5))[10]], [50, 70])
})

test('a month that was entered elsewhere meanwhile is said, and does not take the others along', async () => {
  const member = (await look()).rows[10].member
  await ask(host, 'dues_pay', { payments: [{ member, month: '2026-11', fen: 90, paid_on: '2026-11-19', seen: null }] })
  await cell(10, 11).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await written()
  await page.getByText('在别处改成了“90”').first().waitFor()
  assert.deepEqual([(await paid(10))[10], (await paid(11))[10]], [90, 50])
  await page.locator('[data-cell="10-11"]').focus()
  assert.equal(await cell(10, 11).inputValue(), '0.9')
})

test('more than a thousand yuan at once says that it goes up, and a voided sum asks for its reason', async () => {
  await cell(6, 11).focus()
  await page.keyboard.type('1200')
  await page.keyboard.press('Enter')
  await page.getByText('超过 1000 元的要上缴中央').waitFor()
  await written()
  await page.getByText('要上缴中央，请报上级党委').first().waitFor()
  await cell(6, 11).focus()
  await page.keyboard.press('Delete')
  await page.locator('[name=reason]').fill('多打了两个零')
  await page.keyboard.press('Control+s')
  await saved('11月的党费')
  await settled(page)
  assert.equal((await paid(6))[10], null)
  await page.locator('[data-cell="6-11"]:focus').waitFor()
})

test('who is behind stands with their months; Enter leads to the first of them', async () => {
  await page.getByRole('tab', { name: '欠交' }).click()
  await settled(page)
  const { rows } = await look()
  const behind = rows.filter((row) => row.owed.length)
  assert.equal(await page.locator('#main tbody tr').count(), behind.length)
  assert.deepEqual(behind.filter((row) => row.owed.includes(11)), [], 'November is not over')
  await picture(page, 'dues-arrears')
  await page.locator('#main tbody tr').first().focus()
  await page.keyboard.press('Enter')
  const at = rows.findIndex((row) => row.member === behind[0].member)
  await page.locator(`[data-cell="${at}-${behind[0].owed[0]}"]:focus`).waitFor()
})

test('a receipt is printed from its cell, and the sheet holds every member and nothing private', async () => {
  await cell(1, 5).focus()
  await page.keyboard.press('r')
  await page.locator('.preview img').waitFor()
  await picture(page, 'dues-receipt')
  await page.keyboard.press('Control+p')
  await saved('已写好')
  assert.ok(readdirSync(join(host.dir, 'papers')).some((name) => name.startsWith('党费收据')))
  const people = await ask(host, 'record_list', { kind: 'person' })
  const numbers = people.flatMap((person) => [person.id_number, person.phone, person.id_15]).filter(Boolean)
  const { rows } = await look()
  const own = { member: rows[1].member }
  const papers = [
    [{ what: 'sheet' }, rows.map((row) => row.name)],
    [{ what: 'receipt', ...own, month: '2026-05' }, [rows[1].name]],
    [{ what: 'year_receipt', ...own }, [rows[1].name]],
  ]
  for (const [paper, who] of papers) {
    for (const word of [false, true]) {
      const text = textOf((await printed(paper, word)).path, word)
      assert.deepEqual(who.filter((name) => !text.includes(name)), [])
      assert.deepEqual(numbers.filter((number) => text.includes(number)), [])
      assert.deepEqual(['农民', '低保', '在职', '脱贫', '患病'].filter((one) => text.includes(one)), [])
    }
  }
})

async function printed(paper, word) {
  const { job } = await ask(host, 'dues_print', { year: 2026, paper, word })
  while (!(await ask(host, 'job_look', { job })).ended);
  const written = await ask(host, 'paper_written', { job })
  assert.equal(written.missing, '', 'every character can be printed')
  return written.files[0]
}

/** As other programs read the file. */
function textOf(path, word) {
  const [program, args] = word ? ['unzip', ['-p', path, 'word/document.xml']] : ['pdftotext', [path, '-']]
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 })
}

test('in large type the months come in parts, and the arrows lead from one to the next', async () => {
  await setType(page, 'large')
  await anew()
  await picture(page, 'dues-grid-large')
  assert.equal(await page.locator('thead th.month').count(), 6)
  await page.locator('[data-cell="0-7"]').focus()
  await page.keyboard.press('ArrowLeft')
  await page.locator('[data-cell="0-6"]:focus').waitFor()
  assert.deepEqual(await focusFaults(page), [])
  assert.deepEqual(await faults(page), {})
  await setType(page, 'standard')
})

test('Ctrl+G leads here by name', async () => {
  await go(page, '/')
  await page.keyboard.press('Control+g')
  await page.locator('[name=goto]:focus').waitFor()
  await page.keyboard.type('党费')
  await page.locator('[role=option]', { hasText: '党费' }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('h1', { hasText: '2026年党费' }).waitFor()
  assert.deepEqual(page.complaints, [])
})
