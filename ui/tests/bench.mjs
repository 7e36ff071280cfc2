/**
 * `cargo xtask bench`: the pages with ten years of data, in Debian's browser. From the click to the page's content; what
 * a step of scrolling and a letter of a filter cost the page; how large the first pages are.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ask, newFolder, openPage, startBrowser, startHost } from './host.mjs'

const [ledger] = process.argv.slice(2)
const RUNS = 7

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]
const say = (name, value, unit, aim) => console.log(`${name.padEnd(58)} ${`${value.toFixed(1)} ${unit}`.padStart(10)} ${''.padStart(19)} ${aim.padStart(8)}`)

/** From the change of address to the first frame in which nothing is being asked for and the page has content. */
function timed(page, hash) {
  return page.evaluate(async (to) => {
    const begun = performance.now()
    location.hash = to
    const frame = () => new Promise((next) => requestAnimationFrame(next))
    let last = begun
    let still = 0
    let before = ''
    while (still < 6) {
      await frame()
      const main = document.querySelector('.page')
      const shown = `${location.hash} ${main?.childElementCount} ${main?.textContent.length}`
      if (shown === before) still += 1
      else {
        still = 0
        before = shown
        last = performance.now()
      }
    }
    return last - begun
  }, hash)
}

async function tasks(session) {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find((m) => m.name === 'TaskDuration').value * 1000
}

async function cost(session, page, act) {
  const before = await tasks(session)
  await act()
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))))
  return (await tasks(session)) - before
}

const browser = await startBrowser()
const host = await startHost(newFolder(), ['--at', '2036-11-20T20:00', '--ledger', resolve(ledger)])
const page = await openPage(browser, host)

const places = { home: '/', households: '/households', people: '/people', visits: '/visits', meetings: '/meetings', matters: '/matters', pairings: '/pairings', month: '/month' }
for (const [name, hash] of Object.entries(places)) {
  const times = []
  for (let run = 0; run < RUNS; run += 1) {
    await timed(page, '/settings/keys')
    times.push(await timed(page, hash))
  }
  say(`page: ${name}, click to content with ten years`, median(times), 'ms', '100 ms')
}

const session = await page.context().newCDPSession(page)
await session.send('Performance.enable')
await timed(page, '/people')
const steps = []
for (let step = 0; step < 40; step += 1) steps.push(await cost(session, page, () => page.evaluate(() => document.querySelector('#main > .scroll').scrollBy(0, 400))))
say('list of everyone: main thread a step of 400 px', median(steps), 'ms', '15 ms')
await page.evaluate(() => document.querySelector('#main > .scroll').scrollTo(0, 0))
const search = page.locator('input[type=search]').first()
await search.focus()
const letters = []
for (const letter of ['z', 'h', 'a', 'n', 'g']) letters.push(await cost(session, page, () => page.keyboard.press(letter)))
say('list of everyone: main thread a letter of the filter', median(letters), 'ms', '50 ms')

/** A cycle of the whole village with three stages scored. */
async function cycleOf() {
  const { value: cycle } = await ask(host, 'star_new', { name: '2036年度', year: 2036, by: '', on: '2036-11-01' })
  for (const [stage, from] of [['self', 'last_cycle'], ['peer', 'stage_before'], ['panel', 'stage_before']]) await ask(host, 'star_carry', { cycle, stage, from })
  return cycle
}

const cycle = await cycleOf()
const opened = []
for (let run = 0; run < RUNS; run += 1) {
  await timed(page, '/settings/keys')
  opened.push(await timed(page, `/stars/${cycle}?tab=scores`))
}
say('stars: 826 households × 3 stages, click to content', median(opened), 'ms', '100 ms')
await session.send('Performance.enable')
const filters = []
for (let group = 1; group <= 7; group += 1) filters.push(await cost(session, page, () => page.locator('[name=group]').selectOption({ index: group })))
say('stars: main thread a filter by group', median(filters), 'ms', '100 ms')
const begun = performance.now()
const { job } = await ask(host, 'star_print', { id: cycle, paper: 'tally', word: false })
while (!(await ask(host, 'job_look', { job })).ended) await new Promise((next) => setTimeout(next, 5))
say('stars: a paper with every household, as PDF', performance.now() - begun, 'ms', '2000 ms')

const dist = resolve(import.meta.dirname, '../dist')
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const size = (path) => gzipSync(readFileSync(path), { level: 9 }).length / 1024
const first = new Set([...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path))
say('first pages: script and style, compressed', [...first].reduce((sum, path) => sum + size(join(dist, path)), 0), 'KiB', '130 KiB')
const largest = Math.max(...readdirSync(join(dist, 'assets')).filter((name) => !first.has(`assets/${name}`) && /\.(js|css)$/.test(name)).map((name) => size(join(dist, 'assets', name))))
say('largest page fetched later', largest, 'KiB', '40 KiB')

await browser.close()
await host.stop()
process.exit(0)
