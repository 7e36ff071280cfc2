/** The long lists: what a step of scrolling and a letter of the filter cost, how little is drawn, and that all is printed. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { ask, go, newFolder, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

/** What a clerk's laptop may take, in milliseconds of the main thread; a test on a busy machine allows twice that. */
const STEP_MS = 15
const LETTER_MS = 50
const BUSY = 2
const STEPS = 40

let browser
let host
let page
let session
const figures = {}

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
})
after(async () => {
  const target = resolve(import.meta.dirname, '../../target')
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'lists.json'), `${JSON.stringify(figures, null, 2)}\n`)
  await browser?.close()
  await host?.stop()
})

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]
const drawn = () => page.locator('tbody tr:not(.space)').count()

/** Milliseconds of the main thread that `act` and the frames after it took. */
async function cost(act) {
  const task = async () => (await session.send('Performance.getMetrics')).metrics.find((one) => one.name === 'TaskDuration').value * 1000
  const begun = await task()
  await act()
  await settled(page)
  return (await task()) - begun
}

const scrollTo = (top) => page.evaluate((y) => document.querySelector('#main > .scroll').scrollTo(0, y), top)

/** The rows drawn reach from the top to the bottom of what is in sight. */
function blank() {
  return page.evaluate(() => {
    const frame = document.querySelector('#main > .scroll').getBoundingClientRect()
    const rows = [...document.querySelectorAll('tbody tr:not(.space)')].map((row) => row.getBoundingClientRect())
    return rows[0].top > frame.top + 1 || rows.at(-1).bottom < frame.bottom - 1
  })
}

const lists = {
  people: { path: '/people', all: async () => (await ask(host, 'person_list')).people.filter((one) => one.on_roll).length, word: 'zhang' },
  households: { path: '/households', all: async () => (await ask(host, 'household_list')).rows.length, word: 'zhang' },
}

for (const [name, { path, all, word }] of Object.entries(lists)) {
  test(`${name}: every row is reached, few are drawn, and none is blank on the way`, async () => {
    await go(page, path)
    const count = await all()
    assert.ok(count > 500, `${count} rows`)
    const times = []
    for (let step = 1; step <= STEPS; step += 1) {
      times.push(await cost(() => scrollTo(1000 + step * 400)))
      assert.ok((await drawn()) <= 40, `${await drawn()} rows at step ${step}`)
      assert.equal(await blank(), false, `blank at step ${step}`)
    }
    figures[`${name}: a step of 400 px, ms`] = Number(median(times).toFixed(1))
    assert.ok(median(times) <= STEP_MS * BUSY, `${median(times).toFixed(1)} ms a step`)
    await page.locator('tbody tr:not(.space)').first().focus()
    await page.keyboard.press('End')
    await page.waitForFunction((last) => Number(document.activeElement.dataset.index) === last - 1, count)
    await settled(page)
    assert.ok((await drawn()) <= 40)
  })

  test(`${name}: a letter of the filter costs little`, async () => {
    await go(page, '/settings/keys')
    await go(page, path)
    const search = page.locator('[name=search]')
    await search.focus()
    const times = []
    for (const letter of word) times.push(await cost(() => page.keyboard.press(letter)))
    figures[`${name}: a letter of the filter, ms`] = Number(median(times).toFixed(1))
    assert.ok(median(times) <= LETTER_MS * BUSY, `${median(times).toFixed(1)} ms a letter`)
    await search.fill('')
    await settled(page)
  })
}

/** The paper as text, page by page. */
async function printed() {
  const file = join(newFolder(), 'list.pdf')
  await page.pdf({ path: file, preferCSSPageSize: true })
  const pages = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1)
  return { file, pages, size: /Page size:.*/.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }))[0] }
}

/** How the printer will break the table; the list is drawn whole for it first, as it is when one prints. */
async function onPaperStyle() {
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  await settled(page)
  await page.emulateMedia({ media: 'print' })
  const style = await page.evaluate(() => ({
    row: getComputedStyle(document.querySelector('tbody tr')).breakInside,
    head: getComputedStyle(document.querySelector('thead')).display,
  }))
  await page.emulateMedia({ media: null })
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await settled(page)
  return style
}

/** The names of one group, asked of the ledger and not of the page. */
async function namesOf(name, group) {
  if (name === 'households') return (await ask(host, 'household_list')).rows.filter((row) => row.group === group && !row.ended_on).map((row) => row.head)
  const { people, households, groups } = await ask(host, 'person_list')
  const at = groups.findIndex((one) => one.id === group)
  return people.filter((one) => one.on_roll && one.household !== null && households[one.household].group === at).map((one) => one.name)
}

for (const [name, { paper, head }] of Object.entries({ people: { paper: '/people', head: '姓名' }, households: { paper: '/households/print', head: '户主' } })) {
  test(`${name}: a filtered list is printed whole, its head on every page and nothing of the program on any`, async () => {
    await go(page, `/${name}`)
    await page.locator('[name=group]').selectOption({ index: 3 })
    await settled(page)
    const names = await namesOf(name, await page.locator('[name=group]').inputValue())
    assert.ok(names.length > 60, `${names.length} rows are more than a window's`)
    await go(page, paper)
    assert.deepEqual(await onPaperStyle(), { row: 'avoid', head: 'table-header-group' }, 'no row is split, the head comes again')
    const { pages, size } = await printed()
    assert.match(size, /A4/)
    assert.ok(pages.length > 1, 'more pages than one')
    for (const [i, text] of pages.entries()) {
      assert.ok(text.includes(head), `the head is on page ${i + 1}`)
      assert.doesNotMatch(text, /127\.0\.0\.1|http|token|Ctrl/, `page ${i + 1}`)
    }
    const times = (list) => Object.fromEntries([...new Set(names)].map((one) => [one, list.filter((word) => word === one).length]))
    const words = pages.flatMap((text) => text.split(/\s+/))
    const onPaper = times(words)
    const lacking = Object.entries(times(names)).filter(([one, n]) => onPaper[one] < n)
    assert.deepEqual(lacking, [], 'every row is on paper')
    figures[`${name}: pages for ${names.length} rows`] = pages.length
    await go(page, `/${name}`)
    await page.locator('[name=group]').selectOption({ index: 0 })
  })
}

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
