/** S14 on the township's real server: signing in, villages worst first, a month with its records, a report answered. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { faults, focusFaults } from './checks.mjs'
import { Hands } from './hands.mjs'
import { go, newFolder, picture, settled, startBrowser } from './host.mjs'
import { foundTown, foundVillage, joinTown, lianhu, openTown, serve, signIn, town } from './town.mjs'

const villages = [['990101102207', '禾坪村'], ['990101102208', '东岭村'], ['990101102209', '龙井村']]
const [heping, dongling] = villages.map(([code]) => code)
const ledgers = {}
let browser
let data
let at
let page

before(async () => {
  browser = await startBrowser()
  data = foundTown(villages)
  at = await serve(data)
  ledgers[heping] = await foundVillage({ closed: true })
  ledgers[dongling] = await foundVillage({ closed: false })
  for (const code of [heping, dongling]) joinTown(data, at, ledgers[code], code)
  page = await openTown(browser, at)
})
after(async () => {
  await browser?.close()
  await at?.stop()
})

const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
const row = (name) => page.locator('tbody tr').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
const dialog = () => page.getByRole('dialog')

async function holds(name) {
  assert.deepEqual(await faults(page), {}, name)
  assert.deepEqual(await focusFaults(page), [], name)
  await picture(page, `township-${name}`)
}

async function open(path) {
  await go(page, path)
}

test('signing in says what is missing, what is wrong, and leads to the board by keys alone', async () => {
  await page.locator('[name=name]:focus').waitFor()
  await press('Enter')
  await page.getByText('请输入用户名').first().waitFor()
  await holds('sign-in')
  await page.locator('[name=name]').focus()
  const hands = new Hands(page)
  await hands.type('韦所长')
  await hands.press('Tab')
  await hands.type('bu-dui-de-mi-ma')
  await hands.press('Enter')
  await page.getByText('用户名或密码不对').waitFor()
  await signIn(page)
  await page.locator('h1:focus').waitFor()
})

test('the board holds villages worst first, and its keys', async () => {
  await open('/?month=2026-10')
  await row('禾坪村').getByText('等批复').waitFor()
  await row('东岭村').getByText('没上报').waitFor()
  await row('龙井村').getByText('还没接入').waitFor()
  const names = await page.locator('.table tbody th').allInnerTexts()
  assert.deepEqual(names.map((name) => name.trim()), ['东岭村', '禾坪村', '龙井村'])
  await page.locator('canvas').first().waitFor()
  await holds('board')
  await page.locator('h1').focus()
  await press('ArrowDown')
  await row('东岭村').and(page.locator(':focus')).waitFor()
  await press('2')
  await page.getByRole('radio', { name: /群众满意率/ }).and(page.locator(':checked')).waitFor()
  await page.getByRole('columnheader', { name: '群众满意率' }).waitFor()
  await press('1', 'ArrowDown', 'Enter')
  await page.locator('h1', { hasText: '禾坪村' }).waitFor()
  await press('Escape')
  await page.locator('h1', { hasText: '各村情况' }).waitFor()
})

test('each chart has its table, with the same numbers', async () => {
  await open('/?month=2026-10')
  const visited = await row('禾坪村').locator('td').nth(1).innerText()
  assert.match(visited, /%（\d+ \/ \d+）/)
  const draws = page.getByRole('button', { name: /^看表格/ })
  for (let left = await draws.count(); left > 0; left -= 1) await draws.first().press('Enter')
  const table = page.getByRole('table', { name: /三到家到户率/ }).first()
  assert.equal((await table.getByRole('row', { name: /禾坪村/ }).locator('td').innerText()).trim(), visited.trim())
  await page.getByText('各村的数相加以后再算').first().waitFor()
  assert.equal(await page.locator('canvas:visible').count(), 0)
  await holds('tables')
})

test('a village’s month shows every figure and the records behind it', async () => {
  await open(`/village/${heping}?month=2026-10`)
  await page.locator('tr[data-figure="aid.visits"]').waitFor()
  await holds('village')
  await page.locator('tr[data-figure="aid.visits"]').focus()
  await press('Enter')
  await page.locator('h1', { hasText: '走访次数' }).waitFor()
  const counted = Number(/\d+/.exec(await page.getByRole('heading', { name: /算进去的/ }).innerText())[0])
  const told = Number(/：(\d+)/.exec(await page.locator('.sentence').innerText())[1])
  assert.equal(counted, told)
  await holds('figure')
  await press('Escape')
  await page.locator('tr[data-figure="aid.visits"]:focus').waitFor()
})

test('a report goes back with its reason, the village hears it, and the other way round', async () => {
  await open(`/village/${heping}?month=2026-10`)
  await page.getByRole('button', { name: '退回' }).press('Enter')
  await dialog().getByRole('button', { name: '退回' }).press('Enter')
  await dialog().getByText('请写明原因').waitFor()
  await holds('return')
  await dialog().locator('[name=reason]').fill('走访少记一户')
  await dialog().getByRole('button', { name: '退回' }).press('Enter')
  await page.getByText('退回原因：走访少记一户').waitFor()
  lianhu(ledgers[heping], 'sync')
  assert.match(lianhu(ledgers[heping], 'list', 'report_answer', '--json'), /走访少记一户/)
  await page.getByRole('button', { name: '收下' }).press('Enter')
  await page.getByText(/已收下/).first().waitFor()
  await open('/?month=2026-10')
  await row('禾坪村').getByText('已收').waitFor()
})

test('the roll-up names who is missing, and both files come', async () => {
  await open('/rollup?month=2026-10')
  await page.getByText('没有上报的 2 个村').waitFor()
  await page.getByText('东岭村、龙井村').first().waitFor()
  await holds('rollup')
  for (const [button, ending, head] of [['存成 Excel', 'xlsx', 'PK'], ['存成 Word', 'docx', 'PK']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).press('Enter')])
    assert.match(file.suggestedFilename(), new RegExp(`松河镇2026年10月村级工作汇总表\\.${ending}$`))
    assert.equal(readFileSync(await file.path()).subarray(0, 2).toString(), head)
  }
  await page.getByRole('radio', { name: '台账里现在的数' }).check({ force: true })
  await page.getByText(/按各村台账.*2 个村，共 3 个村/).waitFor()
})

test('a code with its picture enrols a further computer, which waits for a yes', async () => {
  await open(`/computers?code=${heping}`)
  await page.getByText('王文书的电脑（支部书记）').waitFor()
  await holds('computers')
  await press('Alt+n')
  await dialog().getByRole('button', { name: '出一个码' }).press('Enter')
  await dialog().getByRole('img', { name: '接入码的二维码' }).waitFor()
  await holds('enrol')
  const code = (await dialog().locator('[name=code]').inputValue()).replace(/\s+/g, '-')
  await press('Escape')
  const second = join(newFolder(), 'second.lianhu')
  assert.throws(() => lianhu(second, 'join', code, '--who', '黄海燕'), /等|wait|核对码|1/)
  await open('/')
  await open(`/computers?code=${heping}`)
  await page.getByText('黄海燕的电脑（驻村干部）').waitFor()
  await page.getByText(/核对码 \d{6}/).waitFor()
  await page.getByRole('button', { name: /^同意接入/ }).press('Enter')
  await holds('approve')
  await dialog().getByRole('button', { name: '同意接入' }).press('Enter')
  await page.getByText('黄海燕的电脑可以上报了').waitFor()
  await page.getByRole('button', { name: /停用 ?黄海燕/ }).press('Enter')
  await dialog().getByRole('button', { name: '停用' }).press('Enter')
  await page.getByText('黄海燕的电脑已停用').waitFor()
  await page.getByRole('button', { name: /停用 ?王文书/ }).press('Enter')
  await dialog().getByRole('button', { name: '停用' }).press('Enter')
  await dialog().getByRole('alert').waitFor()
  await press('Escape')
})

test('a stick is read and its answer carried back; what is no package is refused in words', async () => {
  await open('/package')
  await holds('package')
  const stick = join(newFolder(), 'stick.lhb')
  lianhu(ledgers[dongling], 'package', 'make', stick)
  await page.locator('[name=package]').setInputFiles(stick)
  await page.getByText('已读进来：东岭村').waitFor()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '存镇里的回包' }).press('Enter')])
  const answer = join(newFolder(), 'answer.lhb')
  await file.saveAs(answer)
  lianhu(ledgers[dongling], 'package', 'read', answer)
  await page.locator('[name=package]').setInputFiles({ name: '照片.lhb', mimeType: 'application/octet-stream', buffer: Buffer.from('not a package at all') })
  await page.getByText('没有读进来：照片.lhb').waitFor()
  await holds('package-refused')
})

test('mass changes have a page of their own, empty here', async () => {
  await open('/held')
  await page.getByText('没有要再点头的').waitFor()
  await holds('held')
})

test('who only reads is shown no button that is not theirs', async () => {
  const reader = await openTown(browser, at)
  await signIn(reader, '看的人')
  assert.deepEqual((await reader.locator('nav a').allInnerTexts()).map((one) => one.trim()), ['看板', '月度汇总'])
  await go(reader, `/village/${heping}?month=2026-10`)
  assert.equal(await reader.getByRole('button', { name: '退回' }).count(), 0)
  assert.deepEqual(reader.complaints, [])
  await reader.context().close()
})

test('on paper the board is a table, whole and without buttons', async () => {
  await open('/?month=2026-10')
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('button:visible, canvas:visible, nav:visible').count(), 0)
  assert.equal(await page.getByRole('table').filter({ hasText: '东岭村' }).count() >= 2, true, 'the measure has its table too')
  await page.emulateMedia({ media: 'screen' })
})

for (const size of ['large', 'huge']) {
  test(`every page holds in ${size} type`, async () => {
    const big = await openTown(browser, at, { size })
    await signIn(big)
    for (const path of ['/?month=2026-10', `/village/${heping}?month=2026-10`, '/rollup?month=2026-10', `/computers?code=${heping}`, '/held', '/package']) {
      await go(big, path)
      assert.deepEqual(await faults(big), {}, path)
      await picture(big, `township-${size}-${path.replace(/\W+/g, '-')}`)
    }
    assert.deepEqual(big.complaints, [])
    await big.context().close()
  })
}

test('in English, in a small window, nothing is cut', async () => {
  const small = await openTown(browser, at, { lang: 'en', width: 1093, height: 550 })
  await signIn(small)
  for (const path of ['/?month=2026-10', `/village/${heping}?month=2026-10`, '/rollup?month=2026-10', `/computers?code=${heping}`]) {
    await go(small, path)
    assert.deepEqual(await faults(small), {}, path)
  }
  await picture(small, 'township-english')
  assert.deepEqual(small.complaints, [])
  await small.context().close()
})

test('while the server does not answer, the last good numbers stand with their time', async () => {
  const left = await openTown(browser, at, { clock: true })
  await signIn(left)
  await go(left, '/?month=2026-10')
  await left.getByText('等批复').or(left.getByText('已收')).first().waitFor()
  await left.context().route('**/page/board*', (route) => route.fulfill({ status: 503, body: 'busy' }))
  await left.clock.runFor(61_000)
  await left.getByText('服务器正忙').waitFor()
  await left.getByText(/下面是 .* 的数/).waitFor()
  assert.equal(await left.locator('.table tbody tr').count(), 3)
  assert.deepEqual(await faults(left), {})
  await picture(left, 'township-busy')
  await left.context().unroute('**/page/board*')
  await left.getByRole('button', { name: '再试一次' }).press('Enter')
  await left.getByText('服务器正忙').waitFor({ state: 'detached' })
  await left.context().close()
})

test('a session that ended leads to the sign-in and back to where one was', async () => {
  await open('/rollup?month=2026-10')
  await page.context().clearCookies()
  await page.getByRole('radio', { name: '台账里现在的数' }).click({ force: true })
  await page.locator('[name=password]').waitFor()
  await page.locator('[name=name]').fill('韦所长')
  await page.locator('[name=password]').fill('lan-hua-kai-le')
  await press('Enter')
  await page.locator('h1', { hasText: '2026年10月汇总' }).waitFor()
})

test('a browser too old is told so in words', async () => {
  const old = await browser.newContext({ ignoreHTTPSErrors: true })
  const shown = await old.newPage()
  await shown.addInitScript(() => delete CSS.supports)
  await shown.addInitScript(() => (CSS.supports = () => false))
  await shown.goto(at.url)
  await shown.getByText('这个浏览器打不开本页').waitFor()
  await old.close()
})

test('the pages complained of nothing', async () => {
  await settled(page)
  assert.deepEqual(page.complaints, [])
  assert.match(town(data, 'user', 'list'), /看的人（只看）[\s\S]*韦所长（镇里管理员）/)
})
