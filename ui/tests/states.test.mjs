/** Screens in the states that a picture of the loaded page does not show: a dialog, a list of choices, a save that failed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults, focusFaults } from './checks.mjs'
import { ask, go, openPage, picture, sampleVillage, setType, settled, startBrowser, startHost } from './host.mjs'

let browser
let host
let page
const ids = {}

before(async () => {
  browser = await startBrowser()
  host = await startHost(await sampleVillage(), [])
  const { rows } = await ask(host, 'household_list')
  const family = rows.find((row) => row.helpers.length && row.people > 2)
  ids.household = family.id
  ids.helper = family.helpers[0].id
  ids.matter = (await ask(host, 'matter_list', { which: 'open' })).rows[0].id
  ids.meeting = (await ask(host, 'meeting_list', { all: true }))[0].id
  await ask(host, 'visit_save', { household: family.id, visitor: ids.helper, on: '2026-11-18', meal: true, self_paid: false, chore: false, chore_what: '', way: false, opportunity: '', note: '' })
  ids.item = (await ask(host, 'point_item_save', { name: '参加义务劳动', sort: 'gain', points: 5, rule: '村规民约第六条', from: '2026-01-01', until: null })).value
  await ask(host, 'point_save', { household: family.id, item: ids.item, on: '2026-11-08', points: null, grounds: '清扫通组公路半天', raters: ['王芳', '潘忠德', '解德永'] })
  ids.cycle = (await ask(host, 'star_new', { name: '2026年度', year: 2026, by: '', on: '2026-11-10' })).value
  ids.member = (await ask(host, 'member_list')).members[0].id
  ids.members = (await ask(host, 'meeting_new', { kind: 'members', on: '2026-11-12', time: '', place: '', host: '', recorder: '', cell: '', groups: [], again: false })).value
  page = await openPage(browser, host)
})
after(async () => {
  await browser?.close()
  await host?.stop()
})

const address = (path) => path.replace(/:(household|helper|matter|meeting|cycle|members?)\b/, (_, kind) => ids[kind])
const press = (key) => () => page.keyboard.press(key)
const button = (name) => () => page.locator('#main').getByRole('button', { name }).first().click()
const row = () => page.locator('tbody tr:not(.space)').first().click()
const field = (name) => page.locator(`[name="${name}"]`)
const choices = (name, typed) => async () => {
  await field(name).fill('')
  await page.keyboard.type(typed)
  await page.locator('[role=option]').first().waitFor()
}

const dialogs = {
  goto: ['/', press('Control+g')],
  'duty-dismiss': ['/', button('有的事本月不办')],
  'household-new': ['/households', press('Alt+n')],
  'household-facts': ['/households/:household', button('修改：基本情况')],
  'household-member': ['/households/:household', button('添成员')],
  'household-person': ['/households/:household', () => page.locator('#main li button', { hasText: '修改' }).first().click()],
  'household-move': ['/households/:household', button('调户')],
  'household-leaves': ['/households/:household', button('去世或迁出')],
  'household-head': ['/households/:household', button('换户主')],
  'household-split': ['/households/:household', button('分户')],
  'household-merge': ['/households/:household', button('并户')],
  'household-end': ['/households/:household', button('迁出或销户')],
  'household-void': ['/households/:household', button('作废这一户')],
  'pairing-change': ['/households/:household', button(/^换人/)],
  'person-new': ['/people', press('Alt+n')],
  'cadre-new': ['/people', button('添外来干部')],
  'visit-void': ['/visits', button('作废')],
  'matter-new': ['/matters', press('Alt+n')],
  'matter-answer': ['/matters/:matter', press('d')],
  'matter-close': ['/matters/:matter', button('办结')],
  'matter-change': ['/matters/:matter', press('g')],
  'matter-void': ['/matters/:matter', button('作废')],
  'meeting-void': ['/meetings/:meeting/attend', button('作废这次会议')],
  'meeting-family': ['/meetings/:meeting/attend', row],
  'meeting-phrases': ['/meetings/:meeting/report', button('常用语')],
  'pairing-leave': ['/pairings', press('Alt+h')],
  'helper-hand': ['/pairings/:helper', press('Alt+h')],
  'month-export': ['/month?month=2026-10', press('Control+e')],
  'month-close': ['/month?month=2026-10', button('月结')],
  'recruit-new': ['/recruits', press('Alt+n')],
  'member-new': ['/members', press('Alt+n')],
  'member-change': ['/members/:member', press('Alt+b')],
  'member-pledge': ['/members/:member', press('Alt+n')],
  'member-course': ['/members?tab=courses', button('记一次培训')],
  'branch-talk': ['/branch?tab=talks', row],
  'organisation-unit': ['/organisation', press('Alt+n')],
  'organisation-office': ['/organisation?tab=bodies', button('添加：村民代表')],
  'meeting-resolution': ['/meetings/:members/report', button('记一项决议')],
  'decision-new': ['/decisions', press('Alt+n')],
  'star-begin': ['/stars', press('Alt+b')],
  'star-criteria': ['/stars/:cycle?tab=steps', button('评星标准')],
  'star-back': ['/stars/:cycle?tab=steps', button('退回上一步')],
  'star-rate': ['/stars/:cycle?tab=result', () => page.locator('table.table tbody tr:not(.space)').first().click()],
  'star-why': ['/stars/:cycle?tab=scores', async () => {
    await page.locator('[name=stage][value=peer]').check()
    await page.locator('tbody tr:not(.space)').first().focus()
    await page.keyboard.press('r')
  }],
  'star-object': ['/stars/:cycle?tab=objections', press('Alt+n')],
  'dues-base': ['/dues', async () => {
    await page.locator('[data-cell="0-11"]:focus').waitFor()
    await page.keyboard.press('b')
  }],
  'points-new': ['/points', press('Alt+n')],
  'points-item': ['/points?tab=items', press('Alt+i')],
  'points-appeal': ['/points?tab=entries', button(/^记申诉/)],
  kit: ['/kit', button('打开对话框')],
}

const open = {
  'visit-household': ['/visits', choices('household', 'zh')],
  'visit-calendar': ['/visits', button('日历')],
  'visit-same-day': ['/visits?household=:household', async () => {
    await field('on').fill('2026-11-18')
    await page.getByText('另记一次').waitFor()
  }],
  'sheet-visitor': ['/visits/batch', choices('visitor', 'w')],
  'goto-found': ['/', async () => {
    await page.keyboard.press('Control+g')
    await page.getByRole('dialog').waitFor()
    await choices('goto', 'zh')()
  }],
  'household-history': ['/households/:household', button('看改动记录')],
  'people-none': ['/people', async () => {
    await field('search').fill('没有这个人')
    await page.getByText('没有找到').waitFor()
  }],
  'matters-none': ['/matters', async () => {
    await field('search').fill('没有这件事')
    await settled(page)
  }],
}

/** What is typed, what is pressed, and how many fields are wrong then. */
const failed = {
  'visit-nothing': ['/visits', press('Control+s'), 2],
  'visit-ahead': ['/visits?household=:household', async () => {
    await field('on').fill('2026-12-24')
    await choices('visitor', 'w')()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+s')
  }, 1],
  'sheet-day': ['/visits/batch', async () => {
    await choices('visitor', (await ask(host, 'person_look', { id: ids.helper })).name)()
    await page.keyboard.press('Enter')
    await page.locator('[data-cell="0-0"]').fill('31')
    await page.keyboard.press('Control+s')
  }, 1],
  'household-new': ['/households', async () => {
    await page.keyboard.press('Alt+n')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+s')
  }, 1],
  'person-new': ['/people', async () => {
    await page.keyboard.press('Alt+n')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+s')
  }, 2],
  'matter-new': ['/matters', async () => {
    await page.keyboard.press('Alt+n')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+s')
  }, 1],
  'matter-void': ['/matters/:matter', async () => {
    await button('作废')()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+s')
  }, 1],
  'dues-base': ['/dues', async () => {
    await page.locator('[data-cell="0-11"]:focus').waitFor()
    await page.keyboard.press('b')
    await page.getByRole('dialog').waitFor()
    await field('fixed').fill('2')
    await page.keyboard.press('Control+s')
  }, 1],
  'points-new': ['/points', async () => {
    await page.keyboard.press('Alt+n')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+s')
  }, 3],
  'assign-nobody': ['/pairings/assign', press('Control+s'), 1],
}

/** In large type as if it had been opened so: what had the focus is in sight again. */
async function faultsInLarge() {
  await setType(page, 'large')
  await page.evaluate(() => document.activeElement.scrollIntoView({ block: 'nearest' }))
  return faults(page)
}

async function holds(name) {
  await settled(page)
  await picture(page, `${name}-standard`)
  const standard = await faults(page)
  const stops = await focusFaults(page, 25)
  const large = await faultsInLarge()
  await picture(page, `${name}-large`)
  await setType(page, 'standard')
  assert.deepEqual({ standard, stops, large }, { standard: {}, stops: [], large: {} })
}

/** Another screen comes between and drafts are dropped, so that every state begins on a fresh page. */
async function begin(path) {
  while (await page.getByRole('dialog').count()) {
    await page.keyboard.press('Escape')
    await settled(page)
  }
  await go(page, '/settings/keys')
  for (const { key } of await ask(host, 'draft_list')) await ask(host, 'draft_drop', { key })
  await go(page, address(path))
}

for (const [name, [path, act]] of Object.entries(dialogs)) {
  test(`${name}: the dialog holds, and Esc closes it where it was opened`, async () => {
    await begin(path)
    await act()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await settled(page)
    assert.ok(await page.evaluate(() => document.querySelector('[role=dialog]').contains(document.activeElement)), 'the focus is in it')
    await holds(`dialog-${name}`)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
}

for (const [name, [path, act]] of Object.entries(open)) {
  test(`${name}: open, it holds`, async () => {
    await begin(path)
    await act()
    await settled(page)
    await picture(page, `open-${name}-standard`)
    const standard = await faults(page)
    const large = await faultsInLarge()
    await picture(page, `open-${name}-large`)
    await setType(page, 'standard')
    assert.deepEqual({ standard, large }, { standard: {}, large: {} })
  })
}

for (const [name, [path, act, wrong]] of Object.entries(failed)) {
  test(`${name}: not saved, it says what is wrong at each field and where to go on`, async () => {
    await begin(path)
    await act()
    await page.locator('[aria-invalid=true]').first().waitFor()
    await settled(page)
    const marked = await page.locator('[aria-invalid=true]').evaluateAll((fields) =>
      fields.map((one) => (one.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('')),
    )
    assert.equal(marked.length, wrong)
    for (const words of marked) assert.match(words, /\p{Script=Han}/u, 'the field is described by its error')
    const where = await page.evaluate(() => (document.activeElement.matches('[aria-invalid=true]') ? 'field' : document.activeElement.closest('.summary') ? 'summary' : document.activeElement.outerHTML.slice(0, 80)))
    assert.equal(where, wrong === 1 ? 'field' : 'summary')
    await holds(`failed-${name}`)
  })
}

test('the pages complained of nothing', () => {
  assert.deepEqual(page.complaints.filter((text) => !text.includes('422')), [])
})
