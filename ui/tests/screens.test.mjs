/** Every screen, in every window and type size, against the checks of ui.md §4; each leaves its picture. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axeViolations, cutWords, focusFaults, lowControls, rawKeys, sidewaysScroll, smallText } from './checks.mjs'
import { go, newFolder, openPage, picture, sampleVillage, setType, sizes, startBrowser, startHost } from './host.mjs'

/** Each screen by its address; `:first` is the first record of that kind. */
const screens = {
  home: '/',
  households: '/households',
  household: '/households/:household',
  people: '/people',
  visits: '/visits',
  batch: '/visits/batch',
  meetings: '/meetings',
  'meeting-present': '/meetings/:meeting/present',
  'meeting-reports': '/meetings/:meeting/reports',
  'meeting-tallies': '/meetings/:meeting/tallies',
  'meeting-opinions': '/meetings/:meeting/opinions',
  'meeting-photos': '/meetings/:meeting/photos',
  'meeting-minutes': '/meetings/:meeting/minutes',
  template: '/meetings/template',
  matters: '/matters',
  pairings: '/pairings',
  month: '/month?month=2026-10',
  import: '/import',
  settings: '/settings',
  'settings-village': '/settings/village',
  'settings-backup': '/settings/backup',
  'settings-recent': '/settings/recent',
  'settings-voided': '/settings/voided',
  'settings-questions': '/settings/questions',
  'settings-keys': '/settings/keys',
  'settings-about': '/settings/about',
  kit: '/kit',
}

let browser
let host
let page
const ids = {}

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  for (const kind of ['household', 'meeting']) ids[kind] = await firstOf(kind)
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

async function firstOf(kind) {
  const token = new URL(host.url).searchParams.get('token')
  const answer = await fetch(new URL('/ipc/record_list', host.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-lianhu-token': token },
    body: JSON.stringify({ kind }),
  })
  return (await answer.json())[0].id
}

const address = (path) => path.replace(/:(household|meeting)\b/, (_, kind) => ids[kind])

async function holds(name, found) {
  assert.deepEqual(found, [], name)
}

for (const [name, path] of Object.entries(screens)) {
  test(`${name}: axe finds nothing, controls can be hit, the focus is seen`, async () => {
    await page.setViewportSize({ width: sizes.laptop[0], height: sizes.laptop[1] })
    await setType(page, 'standard')
    await go(page, address(path))
    await picture(page, `${name}-standard`)
    await holds('axe', await axeViolations(page))
    await holds('low controls', await lowControls(page))
    await holds('small text', await smallText(page))
    await holds('raw keys', await rawKeys(page))
    await holds('focus', await focusFaults(page))
  })

  test(`${name}: holds in every window and type size`, async () => {
    await go(page, address(path))
    for (const [size, [width, height]] of Object.entries(sizes)) {
      for (const type of ['standard', 'large', 'huge']) {
        await page.setViewportSize({ width, height })
        await setType(page, type)
        await holds(`sideways ${size} ${type}`, await sidewaysScroll(page))
        await holds(`cut ${size} ${type}`, await cutWords(page))
        if (size === 'laptop' && type === 'large') {
          await picture(page, `${name}-large`)
          await holds('axe in large type', await axeViolations(page))
        }
      }
    }
    await setType(page, 'standard')
  })
}

test('English holds where it is longest', async () => {
  await page.setViewportSize({ width: sizes.scaled[0], height: sizes.scaled[1] })
  await go(page, '/settings')
  await page.getByRole('radio', { name: 'English' }).check({ force: true })
  await page.locator('html[lang=en]').waitFor()
  for (const [name, path] of Object.entries(screens)) {
    await go(page, address(path))
    await holds(`${name}: sideways`, await sidewaysScroll(page))
    await holds(`${name}: cut`, await cutWords(page))
    if (['home', 'visits', 'month'].includes(name)) await picture(page, `${name}-english`)
  }
  await go(page, '/settings')
  await page.getByRole('radio', { name: '中文' }).check({ force: true })
})

test('the first start says what to do, and holds too', async () => {
  const fresh = await startHost(newFolder(), [])
  const start = await openPage(browser, fresh)
  await picture(start, 'start-standard')
  for (const check of [axeViolations, lowControls, smallText, rawKeys, focusFaults]) await holds(check.name, await check(start))
  await setType(start, 'large')
  await picture(start, 'start-large')
  await holds('sideways', await sidewaysScroll(start))
  await start.context().close()
  await fresh.stop()
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
