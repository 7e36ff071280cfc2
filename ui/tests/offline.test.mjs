/** Nothing leaves this computer, nothing piles up, nothing grows: the network, the heap, the lamps, the first download. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ask, go, openPage, sampleVillage, settled, startBrowser, startHost } from './host.mjs'

const ROUTE_CHANGES = 200
const HEAP_MB = 15
const FIRST_KB = 130
const LATER_KB = 40

let browser
let host
let page
const asked = []

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  page.context().on('request', (request) => asked.push(request.url()))
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

const nav = ['/', '/households', '/people', '/visits', '/visits/batch', '/meetings', '/matters', '/pairings', '/month', '/papers', '/import', '/settings', '/start', '/kit']

test('no question leaves this computer, from no screen', async () => {
  const household = (await ask(host, 'household_list')).rows[0].id
  const meeting = (await ask(host, 'meeting_list', { all: true }))[0].id
  const steps = ['attend', 'report', 'tally', 'opinion', 'photo', 'paper'].map((step) => `/meetings/${meeting}/${step}`)
  const sections = ['village', 'backup', 'recent', 'voided', 'questions', 'keys', 'about'].map((section) => `/settings/${section}`)
  await page.reload()
  for (const path of [...nav, `/households/${household}`, ...steps, ...sections, '/month?month=2026-10']) await go(page, path)
  const own = new URL(host.url).origin
  assert.ok(asked.length > 50)
  assert.deepEqual(asked.filter((url) => new URL(url).origin !== own && !url.startsWith('data:') && !url.startsWith('blob:')), [])
})

test('the token goes with every question and stands in no address after the first', async () => {
  const said = asked.filter((url) => url.includes('token=')).map((url) => new URL(url).pathname)
  assert.deepEqual([...new Set(said)], ['/'])
})

test(`${ROUTE_CHANGES} changes of page leave the heap where it was`, async () => {
  const session = await page.context().newCDPSession(page)
  const used = async () => {
    for (let round = 0; round < 2; round += 1) await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6
  }
  const pages = nav.filter((path) => path !== '/start' && path !== '/kit')
  for (const path of pages) await go(page, path)
  await go(page, '/')
  const before = await used()
  for (let change = 0; change < ROUTE_CHANGES; change += 1) await go(page, pages[change % pages.length])
  await go(page, '/')
  const grown = (await used()) - before
  assert.ok(grown <= HEAP_MB, `${grown.toFixed(1)} MB more than before`)
})

/** The status colours are greys to some eyes and on some papers: the shape and the word must do. */
test('every lamp has a shape of its own and a word', async () => {
  const shapes = { done: '●', soon: '◆', late: '▲', none: '○' }
  const seen = new Set()
  for (const path of [...nav, '/month?month=2026-10']) {
    await go(page, path)
    const lamps = await page.locator('.lamp:is(.done, .soon, .late, .none):visible').evaluateAll((all) =>
      all.map((lamp) => ({ state: ['done', 'soon', 'late', 'none'].find((name) => lamp.classList.contains(name)), text: lamp.textContent.trim() })),
    )
    for (const { state, text } of lamps) {
      seen.add(state)
      assert.equal(text[0], shapes[state], `${path}: ${text}`)
      assert.match(text.slice(1).trim(), /\S/u, `${path}: a word beside ${text}`)
    }
  }
  for (const state of ['done', 'soon', 'late']) assert.ok(seen.has(state), `a lamp that says ${state} was looked at`)
})

const dist = process.env.LIANHU_PAGES ?? resolve(import.meta.dirname, '../dist')
const assets = join(dist, 'assets')
const kilobytes = (name) => gzipSync(readFileSync(join(assets, name)), { level: 9 }).length / 1024

/** A file's own static imports, followed to the end. */
function withImports(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue
    found.add(name)
    if (name.endsWith('.js')) withImports([...readFileSync(join(assets, name), 'utf8').matchAll(/(?:from|import)\s*["']\.\/([\w.-]+)["']/g)].map(([, one]) => one), found)
  }
  return found
}

test(`what comes before the first page is at most ${FIRST_KB} KB, what comes later at most ${LATER_KB} KB a piece`, () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const first = withImports([...html.matchAll(/(?:src|href)="\.?\/?assets\/([^"]+\.(?:js|css))"/g)].map(([, path]) => basename(path)))
  const sum = [...first].reduce((kb, name) => kb + kilobytes(name), 0)
  assert.ok(first.size > 1, 'the first files are known')
  assert.ok(sum <= FIRST_KB, `${sum.toFixed(1)} KB: ${[...first].map((name) => `${name} ${kilobytes(name).toFixed(1)}`).join(', ')}`)
  const heavy = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name) && !first.has(name) && kilobytes(name) > LATER_KB)
  assert.deepEqual(heavy.map((name) => `${name} ${kilobytes(name).toFixed(1)} KB`), [])
})

test('the pages complained of nothing', async () => {
  await settled(page)
  assert.deepEqual(page.complaints, [])
})
