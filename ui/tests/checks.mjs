/** What must hold on every screen in every state (ui.md §4): each check gives the list of what breaks it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * WCAG by axe. The rows of a long list that are not drawn stand as one row of their height; axe lays a grid over all of
 * it and takes half a minute, so that row is out of the way while axe looks.
 */
export async function axeViolations(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(async (tags) => {
    const spaces = [...document.querySelectorAll('tr.space')]
    spaces.forEach((row) => (row.hidden = true))
    const answer = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
    spaces.forEach((row) => (row.hidden = false))
    return answer
  }, TAGS)
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`)
}

/** Nothing is wider than the window. */
export function sidewaysScroll(page) {
  return page.evaluate(() => {
    const wide = [document.documentElement, document.querySelector('#main > .scroll')].filter(Boolean)
    return wide.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`)
  })
}

/** Controls a finger or an unsteady mouse can hit; links inside a sentence are excepted. */
export function lowControls(page) {
  return page.evaluate(() => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    const seen = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== 'hidden'
    const inSentence = (el) => el.matches('a, button.link') && el.closest('p, li, td, th, dd') !== null
    const target = (el) => (el.matches('input[type=checkbox], input[type=radio]') ? (el.closest('label') ?? el) : el)
    return [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=tab], [role=combobox]')]
      .filter((el) => seen(el) && !el.matches('.skip, .sr-only, .sr-only *, [tabindex="-1"]') && !inSentence(el))
      .filter((el) => target(el).getBoundingClientRect().height < 2.75 * rem - 0.5)
      .map((el) => `${el.tagName} “${(el.textContent || el.name || '').trim().slice(0, 20)}” ${Math.round(target(el).getBoundingClientRect().height)}px`)
  })
}

/** Nothing is set smaller than 14 px. */
export function smallText(page) {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const small = []
    while (walker.nextNode()) {
      const el = walker.currentNode.parentElement
      if (!walker.currentNode.textContent.trim() || !el || el.closest('script, style, [aria-hidden=true], .only-print')) continue
      const size = Number.parseFloat(getComputedStyle(el).fontSize)
      if (size < 14 && el.getClientRects().length > 0) small.push(`${size}px “${walker.currentNode.textContent.trim().slice(0, 20)}”`)
    }
    return small
  })
}

/** A key of the catalogue that got onto the page instead of its words. */
export function rawKeys(page) {
  return page.evaluate(() => document.body.innerText.match(/\b[a-z_]{2,}\.[a-z_]{2,}(\.[a-z_]+)*\b/g)?.filter((w) => !/\.(xlsx|xls|csv|docx|pdf|lianhu|jpg|png|et)$/.test(w)) ?? [])
}

/** Words cut off at the edge of their box, without the dots that say so. */
export function cutWords(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, h1, h2, label, th, nav a, .lamp, [role=tab]')]
      .filter((el) => el.getClientRects().length > 0 && !el.matches('.sr-only, .sr-only *'))
      .filter((el) => el.scrollWidth > el.clientWidth + 2 && getComputedStyle(el).overflowX !== 'visible' && getComputedStyle(el).textOverflow !== 'ellipsis')
      .map((el) => `${el.tagName} “${el.textContent.trim().slice(0, 30)}”`),
  )
}

/**
 * Tabs through the page: each stop shows its focus by an outline of 3 px or more, and none hides under a bar. A long
 * page is looked at as far as `most` stops.
 */
export async function focusFaults(page, most = 60) {
  const faults = []
  await page.evaluate(() => {
    for (const el of document.querySelectorAll('[data-stop]')) delete el.dataset.stop
    if (!document.querySelector('[role=dialog]')) document.querySelector('.skip')?.focus()
  })
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const el = document.activeElement
      if (!el || el === document.body) return null
      const box = el.getBoundingClientRect()
      const shown = el.matches('input[type=checkbox], input[type=radio]') ? (el.closest('label') ?? el) : el
      const outline = Math.max(...[el, shown].map((one) => Number.parseFloat(getComputedStyle(one).outlineWidth) || 0))
      const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1)
      const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1)
      const top = document.elementFromPoint(x, y)
      const free = top === null || el.contains(top) || top.contains(el) || shown.contains(top)
      return { name: `${el.tagName} “${(el.getAttribute('aria-label') || el.textContent || el.getAttribute('name') || '').trim().slice(0, 20)}”`, outline, free, again: el.dataset.stop === '1' || !(el.dataset.stop = '1') }
    })
    if (stop === null || stop.again) break
    if (stop.outline < 3) faults.push(`${stop.name}: outline ${stop.outline}px`)
    if (!stop.free) faults.push(`${stop.name}: under something else`)
  }
  return faults
}

/** What a screen breaks of all that must hold in any state; an empty object when nothing. */
export async function faults(page) {
  const found = {}
  for (const check of [axeViolations, lowControls, smallText, rawKeys, cutWords, sidewaysScroll, hiddenFocus]) {
    const broken = await check(page)
    if (broken.length > 0) found[check.name] = broken
  }
  return found
}

/** What has the focus is in sight: under no bar, and not scrolled away. */
export function hiddenFocus(page) {
  return page.evaluate(() => {
    const el = document.activeElement
    if (!el || el === document.body || el.matches('main')) return []
    const box = el.getBoundingClientRect()
    const frame = (el.closest('[role=dialog], .scroll') ?? document.documentElement).getBoundingClientRect()
    const inSight = Math.min(box.bottom, frame.bottom) - Math.max(box.top, frame.top) >= Math.min(box.height, 24) - 1
    return inSight ? [] : [`${el.tagName} “${(el.name || el.textContent || '').trim().slice(0, 20)}” at ${Math.round(box.top)}–${Math.round(box.bottom)} of ${Math.round(frame.top)}–${Math.round(frame.bottom)}`]
  })
}
