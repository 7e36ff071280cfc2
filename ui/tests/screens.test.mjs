/** Every screen, in every window and type size, against the checks of ui.md §4; each leaves its picture. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { axeViolations, cutWords, faults, focusFaults, rawKeys, sidewaysScroll } from './checks.mjs'
import { ask, go, newFolder, openPage, picture, sampleVillage, setType, sizes, startBrowser, startHost } from './host.mjs'

/** Each screen by its address; `:meeting` is a meeting of the village, and so on. */
const screens = {
  home: '/',
  'home-ahead': '/?month=2026-12',
  households: '/households',
  'households-print': '/households/print',
  household: '/households/:household',
  people: '/people',
  'people-cadres': '/people?who=cadre',
  visits: '/visits',
  'visits-household': '/visits?household=:household',
  'visits-sheet': '/visits/batch',
  visit: '/visits/:visit',
  meetings: '/meetings',
  'meeting-new': '/meetings/new',
  template: '/meetings/template',
  'meeting-attend': '/meetings/:meeting/attend',
  'meeting-report': '/meetings/:meeting/report',
  'meeting-tally': '/meetings/:meeting/tally',
  'meeting-opinion': '/meetings/:meeting/opinion',
  'meeting-photo': '/meetings/:meeting/photo',
  'meeting-paper': '/meetings/:meeting/paper',
  matters: '/matters',
  matter: '/matters/:matter',
  pairings: '/pairings',
  'pairings-links': '/pairings?bond=link',
  'pairings-assign': '/pairings/assign',
  helper: '/pairings/:helper',
  month: '/month?month=2026-10',
  'month-figure': '/month/figure?month=2026-10&figure=aid.visits',
  papers: '/papers',
  decisions: '/decisions',
  decision: '/decisions/:decision',
  'decision-paper': '/decisions/:decision?tab=paper',
  members: '/members',
  'members-structure': '/members?tab=structure',
  'members-courses': '/members?tab=courses',
  'members-papers': '/members?tab=papers',
  member: '/members/:member',
  'member-paper': '/members/:member?tab=paper',
  branch: '/branch',
  'branch-missed': '/branch?tab=missed',
  'branch-appraisal': '/branch?tab=appraisal',
  'branch-talks': '/branch?tab=talks',
  'meeting-roll': '/meetings/:theme/attend',
  'meeting-resolve': '/meetings/:admits/report',
  organisation: '/organisation',
  'organisation-bodies': '/organisation?tab=bodies',
  year: '/year',
  recruits: '/recruits',
  recruit: '/recruits/:recruit',
  stars: '/stars',
  'stars-papers': '/stars?tab=papers',
  'stars-steps': '/stars/:cycle?tab=steps',
  'stars-scores': '/stars/:cycle?tab=scores',
  'stars-result': '/stars/:cycle?tab=result',
  'stars-objections': '/stars/:cycle?tab=objections',
  dues: '/dues',
  'dues-arrears': '/dues?tab=arrears',
  'dues-papers': '/dues?tab=papers',
  points: '/points',
  'points-entries': '/points?tab=entries',
  'points-items': '/points?tab=items',
  'points-paper': '/points?tab=paper',
  exchange: '/exchange',
  settling: '/settling',
  import: '/import',
  settings: '/settings',
  'settings-village': '/settings/village',
  'settings-backup': '/settings/backup',
  'settings-recent': '/settings/recent',
  'settings-voided': '/settings/voided',
  'settings-questions': '/settings/questions',
  'settings-keys': '/settings/keys',
  'settings-about': '/settings/about',
  start: '/start',
  kit: '/kit',
}

const routes = [...readFileSync(resolve(import.meta.dirname, '../src/pages/routes.ts'), 'utf8').matchAll(/path: '([^']+)'/g)].map(([, path]) => path)
const takes = (route) => new RegExp(`^${route.replace(/\/:\w+\?/g, '(/[^/]+)?').replace(/:\w+/g, '[^/]+')}$`)
const here = Object.entries(screens).filter(([, path]) => routes.some((route) => takes(route).test(path.split('?')[0])))
const ofNewVillage = here.filter(([name, path]) => !path.includes(':') && !['start', 'kit'].includes(name))

let browser
let host
let page
const ids = {}

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  page = await openPage(browser, host)
  for (const kind of ['household', 'visit', 'matter']) ids[kind] = (await ask(host, 'record_list', { kind }))[0].id
  ids.helper = (await ask(host, 'household_list')).rows.flatMap((row) => row.helpers)[0].id
  ids.meeting = (await ask(host, 'meeting_list', { all: true }))[0].id
  ids.cycle = (await ask(host, 'star_new', { name: '2026年度', year: 2026, by: '', on: '2026-11-10' })).value
  const person = (await ask(host, 'record_list', { kind: 'person' }))[0].id
  ids.recruit = (await ask(host, 'recruit_new', { person, applied_on: '2026-11-02' })).value
  ids.decision = (await ask(host, 'decision_new', { procedure: 'open4', title: '修三组机耕路', raised_on: '2026-11-01', raised_by: '村党支部', plan: '硬化 1.2 公里' })).value
  await branchLife()
  const { rows: payers } = await ask(host, 'dues_year', { year: 2026 })
  const base = { from: '2026-01', payer: 'farmer', fixed_fen: 50, income_fen: null, relief: null }
  await ask(host, 'dues_base_save', { members: payers.slice(0, 40).map((row) => row.member), ...base })
  const paid = (row, month) => ({ member: row.member, month: `2026-${String(month).padStart(2, '0')}`, fen: 50, paid_on: '2026-11-05', seen: null })
  await ask(host, 'dues_pay', { payments: payers.slice(0, 20).flatMap((row) => row.months.flatMap((cell, i) => (cell.asked === 'not_asked' ? [] : [paid(row, i + 1)]))) })
  const item = (await ask(host, 'point_item_save', { name: '参加义务劳动', sort: 'gain', points: 5, rule: '村规民约第六条', from: '2026-01-01', until: null })).value
  const families = (await ask(host, 'household_list')).rows.slice(0, 12)
  for (const [i, family] of families.entries()) {
    const point = (await ask(host, 'point_save', { household: family.id, item, on: '2026-11-08', points: i % 3 ? null : 8, grounds: '清扫通组公路半天', raters: ['王芳', '潘忠德', '解德永'] })).value
    if (i === 2) await ask(host, 'point_appeal', { id: point, on: '2026-11-12', by: '本人', why: '扫了一整天' })
  }
  await ask(host, 'star_carry', { cycle: ids.cycle, stage: 'self', from: 'last_cycle' })
})

/** A branch with something on each of its pages. */
async function branchLife() {
  const { members } = await ask(host, 'member_list', {})
  ids.member = members[0].id
  const save = (kind, fields) => ask(host, 'record_save', { kind, fields })
  const branch = (await save('org_unit', { name: '禾坪村党支部', unit_kind: 'branch' })).value
  await ask(host, 'organisation_take', { parent: branch })
  const office = (organ, position, persons) => ask(host, 'office_new', { organ, position, persons, from: '2026-01-10', term_until: '2031-01-10' })
  await office('branch_committee', '书记', [members[0].person])
  await office('branch_committee', '委员', members.slice(1, 5).map((m) => m.person))
  await office('village_committee', '主任', [members[0].person])
  const meet = async (kind, on, cell = '') => (await ask(host, 'meeting_new', { kind, on, time: '', place: '村党群服务中心', host: '', recorder: '', cell, groups: [], again: false })).value
  ids.theme = await meet('theme_day', '2026-11-05')
  await ask(host, 'meeting_roll_call', { meeting: ids.theme, absent: [{ person: members[3].person, why: '外出务工' }, { person: members[9].person, why: '生病' }] })
  ids.admits = await meet('members', '2026-11-06')
  await ask(host, 'meeting_roll_call', { meeting: ids.admits, absent: [] })
  await save('resolution', { meeting: ids.admits, text: '同意修缮党群服务中心', votes: { yes: 35, no: 1, abstained: 2 } })
  await meet('cell', '2026-10-12', '第一党小组')
  await save('pledge', { member: ids.member, position: '环境卫生岗', text: '每周打扫一次村口', on: '2026-03-01', due: '2026-12-31' })
  await save('talk', { member: ids.member, on: '2026-11-02', by: '镇党委委员' })
  await ask(host, 'member_change', { id: members[6].id, event: 'floated', on: '2026-02-20', place: '浙江义乌' })
  await ask(host, 'branch_course_save', { course: '镇党校冬训', on: '2026-11-10', hours: 24, organiser: '镇党委', central: true, members: members.slice(0, 20).map((m) => m.id) })
}
after(async () => {
  await browser?.close()
  await host?.stop()
})

const address = (path) => path.replace(/:(household|visit|matter|meeting|helper|cycle|decision|recruit|member|theme|admits)\b/, (_, kind) => ids[kind])

async function inWindow(size) {
  const [width, height] = sizes[size]
  await page.setViewportSize({ width, height })
}

test('every address has its screen here', () => {
  const seen = (route) => here.some(([, path]) => takes(route).test(path.split('?')[0]))
  assert.deepEqual(routes.filter((route) => !seen(route)), [])
})

for (const [name, path] of here) {
  test(`${name}: axe finds nothing, controls can be hit, the focus is seen`, async () => {
    await inWindow('laptop')
    await setType(page, 'standard')
    await go(page, '/settings/keys')
    await go(page, address(path))
    await picture(page, `${name}-standard`)
    const first = await page.evaluate(() => document.activeElement?.matches('h1, input, select, textarea, [data-first]'))
    assert.ok(first, 'the focus is on the heading or the first field')
    assert.deepEqual(await faults(page), {})
    assert.deepEqual(await focusFaults(page), [])
  })

  test(`${name}: holds in every window and type size`, async () => {
    await go(page, address(path))
    for (const size of Object.keys(sizes)) {
      for (const type of ['standard', 'large', 'huge']) {
        await inWindow(size)
        await setType(page, type)
        assert.deepEqual(await sidewaysScroll(page), [], `sideways ${size} ${type}`)
        assert.deepEqual(await cutWords(page), [], `cut ${size} ${type}`)
        if (size === 'laptop' && type === 'large') {
          await picture(page, `${name}-large`)
          assert.deepEqual(await axeViolations(page), [], 'axe in large type')
        }
      }
    }
    await setType(page, 'standard')
  })
}

test('English holds where it is longest, and leaves no Chinese but what people entered', async () => {
  await inWindow('scaled')
  await ask(host, 'settings_save', { language: 'en' })
  await page.reload()
  await page.locator('html[lang=en]').waitFor()
  for (const [name, path] of here) {
    await go(page, address(path))
    assert.deepEqual(await sidewaysScroll(page), [], `${name}: sideways`)
    assert.deepEqual(await cutWords(page), [], `${name}: cut`)
    assert.deepEqual(await rawKeys(page), [], `${name}: raw keys`)
    const ours = await page.locator('main button, main label, h1, thead th, nav a, [role=tab]').allInnerTexts()
    assert.deepEqual(ours.filter((text) => /[\u3001\u3002\uff0c\uff1a]/.test(text)), [], `${name}: Chinese stops`)
    await picture(page, `${name}-english`)
  }
})

test('a new village: every screen says what will be here, and holds', async () => {
  const fresh = await startHost(newFolder(), [])
  await ask(fresh, 'session_new', { village: '新坪村', user: '王文书' })
  const empty = await openPage(browser, fresh)
  const broken = {}
  for (const [name, path] of ofNewVillage) {
    await go(empty, path)
    await picture(empty, `${name}-empty`)
    const found = { ...(await faults(empty)), ...Object.fromEntries([['focus', await focusFaults(empty)]].filter(([, list]) => list.length)) }
    if (Object.keys(found).length) broken[name] = found
    await setType(empty, 'large')
    const wide = [...(await sidewaysScroll(empty)), ...(await axeViolations(empty))]
    if (wide.length) broken[`${name} in large type`] = wide
    await setType(empty, 'standard')
  }
  assert.deepEqual(broken, {})
  assert.deepEqual(empty.complaints, [])
  await empty.context().close()
  await fresh.stop()
})

test('the first start says what to do, and holds too', async () => {
  const fresh = await startHost(newFolder(), [])
  const start = await openPage(browser, fresh)
  await picture(start, 'start-standard')
  assert.deepEqual(await faults(start), {})
  assert.deepEqual(await focusFaults(start), [])
  await setType(start, 'large')
  await picture(start, 'start-large')
  assert.deepEqual(await faults(start), {})
  await start.context().close()
  await fresh.stop()
})

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints, [])
})
