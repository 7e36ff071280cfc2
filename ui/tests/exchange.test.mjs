/** S10 and S11 with a real township: joining, reporting, a line that is cut, a second computer, and one family changed in two places. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { axeViolations, faults, focusFaults, sidewaysScroll } from './checks.mjs'
import { Hands, effort } from './hands.mjs'
import { ask, go, newFolder, openPage, picture, sampleVillage, setType, settled, startBrowser, startHost } from './host.mjs'
import { exchange } from './laptops.mjs'
import { Township } from './township.mjs'

const VILLAGE = '990101102207'
const PATIENCE = { timeout: 60_000 }

let browser
let township
let host
let page
let second
let other
let household

before(async () => {
  browser = await startBrowser()
  township = await new Township().start()
  township.run('village', 'add', VILLAGE, '禾坪村')
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  household = (await ask(host, 'household_list')).rows.find((row) => row.head && row.people > 2).id
})
afterEach((t) => page.complaints.length && console.error(t.name, page.complaints))
after(async () => {
  await browser?.close()
  await host?.stop()
  await second?.stop()
  await township?.stop()
})

/** A page in a state: what must hold of every screen, in both sizes, and its picture. */
async function holds(on, name) {
  await picture(on, `exchange-${name}-standard`)
  assert.deepEqual(await faults(on), {}, name)
  await setType(on, 'large')
  await picture(on, `exchange-${name}-large`)
  assert.deepEqual([...(await sidewaysScroll(on)), ...(await axeViolations(on))], [], `${name} in large type`)
  await setType(on, 'standard')
}

const header = (on, text) => on.locator('header.header .status', { hasText: text }).waitFor(PATIENCE)
const sees = (on, text) => on.getByText(text).first().waitFor(PATIENCE)

const phone = (of, number) => ask(of, 'record_save', { kind: 'household', id: household, fields: { phone: number } })

test('a village without a township says so, and a code with a wrong letter is told before anybody is asked', async () => {
  await go(page, '/exchange')
  await sees(page, '这个村还没有加入镇里的上报')
  assert.deepEqual(await focusFaults(page), [])
  await holds(page, 'alone')
  await page.locator('[name=code]').focus()
  await page.keyboard.type('ABCD-EFGH')
  await page.keyboard.press('Control+Enter')
  await page.locator('[name=code]:focus[aria-invalid=true]').waitFor()
  assert.equal(await page.locator('[name=code]').inputValue(), 'ABCD-EFGH', 'what was typed is kept')
  await holds(page, 'wrong-code')
})

test('a secretary joins by code with the keyboard alone, and everything is reported by itself', async () => {
  const hands = new Hands(page)
  await page.locator('[name=code]').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(township.code(VILLAGE))
  await sees(page, '接入码完整')
  await hands.press('Control+Enter')
  await sees(page, '已加入：松河镇 禾坪村')
  effort('joining the township, the code pasted', hands.keys)
  await page.locator('h1 + p', { hasText: '都已上报，镇里都收到了' }).waitFor(PATIENCE)
  await settled(page)
  await holds(page, 'all')
  await header(page, '都已上报')
})

test('without the township a save is kept, counted, listed with a link, and said in plain words', async () => {
  await township.stop()
  await phone(host, '13800000001')
  await go(page, '/exchange')
  await sees(page, '1 条等联网后上报')
  await header(page, '1 条等')
  await page.keyboard.press('Alt+t')
  await sees(page, '联系不上镇里')
  await settled(page)
  await holds(page, 'cut')
  assert.deepEqual(await focusFaults(page), [])
  await page.locator('main a', { hasText: '户' }).first().focus()
  await page.keyboard.press('Enter')
  await page.locator('h1', { hasText: '家' }).waitFor()
  await page.locator('.sent', { hasText: '本机已存' }).first().waitFor()
})

test('a package on a folder is made and counted as packed, never as received', async () => {
  const folder = newFolder()
  const { job } = await ask(host, 'exchange_pack', { folder })
  for (;;) if ((await ask(host, 'job_look', { job })).ended) break
  const made = await ask(host, 'exchange_packed', { job })
  assert.match(made.path, /联户数据包.*\.lhb$/)
  await go(page, '/exchange')
  await page.locator('.sent', { hasText: '已打包' }).first().waitFor()
  await sees(page, '1 条等联网后上报')
  await holds(page, 'packed')
})

test('when the township is there again it is reported, with the number of the receipt', async () => {
  await township.start()
  await go(page, '/exchange')
  await page.keyboard.press('Alt+t')
  await page.locator('h1 + p', { hasText: '都已上报' }).waitFor(PATIENCE)
  await go(page, `/households/${household}`)
  await page.locator('.sent', { hasText: '回执号' }).first().waitFor()
})

test('a second computer joins from the first screen, waits for a yes with six digits, and goes on by itself', async () => {
  second = await startHost(newFolder(), [])
  other = await openPage(browser, second, { path: '/start' })
  await other.keyboard.press('4')
  await other.locator('[name=code]:focus').waitFor()
  await holds(other, 'join')
  await other.keyboard.insertText(township.code(VILLAGE, 'secretary'))
  await other.locator('[name=who]').focus()
  await other.keyboard.type('黄海燕')
  await sees(other, '接入码完整')
  await other.keyboard.press('Control+Enter')
  await sees(other, '请和对方核对这六位数字')
  await holds(other, 'waits')
  const waiting = township.devices(VILLAGE).find((device) => JSON.stringify(device).includes('黄海燕'))
  const digits = (await other.locator('.digits').innerText()).replace(' ', '')
  assert.match(digits, /^\d{6}$/)
  assert.ok(JSON.stringify(waiting).includes(digits), 'both screens show the same digits')
  // The secretary says yes on their own screen.
  await go(page, '/')
  await go(page, '/exchange')
  await sees(page, '有 1 台电脑等您同意')
  await holds(page, 'people')
  await page.getByRole('button', { name: /数字一样，同意/ }).focus()
  await page.keyboard.press('Enter')
  await sees(page, '已同意黄海燕的电脑加入')
  await other.locator('header.header', { hasText: '禾坪村' }).waitFor(PATIENCE)
  assert.equal((await ask(second, 'household_list')).rows.length, (await ask(host, 'household_list')).rows.length)
})

test('a form that is open keeps what was typed and says that its record has come in from elsewhere', async () => {
  await go(page, `/households/${household}`)
  await page.getByRole('button', { name: /修改.*基本情况/ }).click()
  await page.locator('[role=dialog] [name=address]').fill('寨头')
  await ask(second, 'record_save', { kind: 'household', id: household, fields: { address: '寨尾' } })
  await exchange(second)
  await exchange(host)
  await page.getByText('这一处刚在另一台电脑上改过').waitFor(PATIENCE)
  assert.equal(await page.locator('[role=dialog] [name=address]').inputValue(), '寨头')
  await picture(page, 'exchange-elsewhere-standard')
  assert.deepEqual(await faults(page), {})
  await page.keyboard.press('Escape')
  await page.getByText('寨尾').first().waitFor()
})

test('one family changed in two places: both are shown masked, one is chosen by keyboard, the other stays and can be taken', async () => {
  await phone(host, '13800000002')
  await phone(second, '13900000003')
  await exchange(host)
  await exchange(second)
  await exchange(host)
  await go(page, `/households/${household}`)
  await page.locator('.lamp', { hasText: '两边不一样' }).waitFor(PATIENCE)
  await go(page, '/')
  await sees(page, '两台电脑有 1 处')
  await go(page, '/settling')
  await page.locator('main input[type=radio]:checked:focus').waitFor()
  const main = await page.locator('main').innerText()
  assert.match(main, /138\*\*\*\*0002/)
  assert.match(main, /139\*\*\*\*0003/)
  assert.doesNotMatch(main, /1380000|1390000/)
  assert.deepEqual(await focusFaults(page), [])
  await holds(page, 'settling')
  const standing = (await ask(host, 'settling_look')).cases[0].places[0]
  const hands = new Hands(page)
  await page.locator('main input[type=radio]:checked').focus()
  await hands.press('ArrowRight', 'Enter')
  await sees(page, '没有两边不一样的')
  effort('one family settled, the other version taken', hands.keys)
  await sees(page, '最近定下的')
  await holds(page, 'settled')
  const now = (await ask(host, 'record_get', { kind: 'household', id: household })).phone
  assert.equal(now.slice(-1), standing.versions[1].value[0].text.slice(-1))
  await exchange(host)
  await exchange(second)
  assert.equal((await ask(second, 'record_get', { kind: 'household', id: household })).phone, now)
  assert.deepEqual((await ask(second, 'settling_look')).cases, [])
  await page.getByRole('button', { name: /改用/ }).first().focus()
  await page.keyboard.press('Enter')
  await sees(page, '已改用')
  assert.notEqual((await ask(host, 'record_get', { kind: 'household', id: household })).phone, now)
  await exchange(host)
})

test('what is put off waits, and the record is used meanwhile', async () => {
  await exchange(second)
  await phone(host, '13800000004')
  await phone(second, '13900000005')
  await exchange(second)
  await exchange(host)
  await go(page, '/')
  await go(page, '/settling')
  await page.locator('main input[type=radio]:checked:focus').waitFor(PATIENCE)
  await page.keyboard.press('Escape')
  await sees(page, '放到以后再说')
  await holds(page, 'postponed')
  await ask(host, 'record_save', { kind: 'household', id: household, fields: { address: '河边' } })
  assert.equal((await ask(host, 'settling_look')).cases.length, 1)
})

test('a computer that is struck off is told, in words, and may still look', async () => {
  const mine = township.devices(VILLAGE).find((device) => JSON.stringify(device).includes('黄海燕'))
  township.run('revoke', mine.device)
  await go(other, '/exchange')
  await other.keyboard.press('Alt+t')
  await sees(other, '镇里已经停用这台电脑')
  await settled(other)
  await holds(other, 'revoked')
  await header(other, '停用')
})

test('English says all of it', async () => {
  await ask(host, 'settings_save', { language: 'en' })
  await page.reload()
  await page.locator('html[lang=en]').waitFor()
  for (const path of ['/exchange', '/settling']) {
    await go(page, path)
    assert.deepEqual(await faults(page), {}, path)
    await picture(page, `exchange-english${path.replace('/', '-')}`)
  }
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
  assert.deepEqual(other.complaints, [])
})
