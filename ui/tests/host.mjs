/** The second host with a village on it, and a browser that shows its pages. */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'

const house = resolve(import.meta.dirname, '../..')
export const hostProgram = process.env.LIANHU_HOST ?? join(house, 'target/debug/host')
const pages = process.env.LIANHU_PAGES ?? join(house, 'ui/dist')
export const pictures = process.env.LIANHU_PICTURES ?? join(house, 'target/pictures/browser')

/** What is left when the run ends, however it ends. */
const left = { hosts: new Set(), folders: new Set() }
process.on('exit', () => {
  for (const child of left.hosts) child.kill('SIGKILL')
  for (const folder of left.folders) rmSync(folder, { recursive: true, force: true })
})

/** The evening on which every test sits down. */
export const evening = '2026-11-20T20:00'

/** Starts the host on `dir`; it ends with `stop()`, or without a word with `kill()`. */
export function startHost(dir, more = ['--sample']) {
  const args = ['--data', dir, ...(more.includes('--at') ? [] : ['--at', evening]), '--pages', pages, ...more]
  const child = spawn(hostProgram, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((done) => child.once('exit', done))
  // A test that fails before it stops its host ends all the same, and takes the host along.
  child.unref()
  left.hosts.add(child)
  const end = (signal) => () => (child.ref(), child.kill(signal), ended)
  return new Promise((found, failed) => {
    child.once('error', failed)
    child.once('exit', (code) => failed(new Error(`the host ended with ${code}`)))
    let said = ''
    child.stdout.on('data', (bytes) => {
      said += bytes
      const url = /http:\S+/.exec(said)?.[0]
      if (url) child.stdout.unref()
      if (url) found({ url, stop: end('SIGTERM'), kill: end('SIGKILL'), dir })
    })
  })
}

let sample

/** A copy of the sample village: founded once a run, copied for every test that writes. */
export async function sampleVillage() {
  if (sample === undefined) {
    const dir = newFolder()
    sample = startHost(dir).then((host) => host.stop()).then(() => dir)
  }
  const copy = newFolder()
  cpSync(await sample, copy, { recursive: true })
  return copy
}

/** An empty folder that goes when the run ends. */
export function newFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'lianhu-'))
  left.folders.add(dir)
  return dir
}

export function startBrowser() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: process.env.LIANHU_CHROMIUM ?? '/usr/bin/chromium', args })
}

/** The four windows that a page must hold in: a 1366 × 768 laptop, the same at 125 %, a small old one, a large one. */
export const sizes = { laptop: [1366, 688], scaled: [1093, 550], old: [1024, 700], wide: [1920, 1000] }

/**
 * A page on `host`. What the page said on its console as an error, and what the policy held back, is kept in
 * `page.complaints`: a test that ends with one there has found a fault.
 */
export async function openPage(browser, host, { size = 'laptop', type = 'standard', path = '/' } = {}) {
  const [width, height] = sizes[size]
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  await page.addInitScript(countAsking)
  page.complaints = []
  // A refusal is an answer (422), no fault of the page.
  page.on('console', (message) => message.type() === 'error' && !message.text().includes('status of 422') && page.complaints.push(message.text()))
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  await page.goto(host.url)
  await page.locator('h1').first().waitFor()
  await settled(page)
  await setType(page, type)
  if (path !== '/') await go(page, path)
  return page
}

export async function setType(page, type) {
  await page.evaluate((size) => (document.documentElement.dataset.size = size), type)
  await settled(page)
}

/** Asks the host as a page would. */
export async function ask(host, name, question = {}) {
  const headers = { 'content-type': 'application/json', 'x-lianhu-token': new URL(host.url).searchParams.get('token') }
  const answer = await fetch(new URL(`/ipc/${name}`, host.url), { method: 'POST', headers, body: JSON.stringify(question) })
  const said = await answer.json()
  if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(said)}`)
  return said
}

/**
 * Runs in the page before its own scripts: what is on its way is counted, so that a test waits for answers and not for
 * the clock. A browser without a screen has no printer either and would never say that it is done with it.
 */
function countAsking() {
  window.print = () => {}
  const send = window.fetch
  window.asking = 0
  window.fetch = async (...question) => {
    window.asking += 1
    try {
      const answer = await send(...question)
      const body = await answer.text()
      answer.json = async () => JSON.parse(body)
      return answer
    } finally {
      window.asking -= 1
    }
  }
}

/** What is typed lies on the disk: a draft is written a moment after the last letter. */
export async function draftHas(host, words) {
  for (const end = Date.now() + 10_000; ; await new Promise((next) => setTimeout(next, 50))) {
    if (JSON.stringify(await ask(host, 'draft_list')).includes(words)) return
    if (Date.now() > end) throw new Error(`no draft has “${words}”`)
  }
}

/** Every answer has come and has been drawn: nothing is asked for during three frames. */
export async function settled(page) {
  await page.evaluate(async () => {
    for (let still = 0; still < 3; still = window.asking ? 0 : still + 1) await new Promise((next) => requestAnimationFrame(next))
  })
}

/** Goes to an address of ours and waits until its page stands and what it asked for has come. */
export async function go(page, path) {
  await page.evaluate((to) => {
    // Other filters, and other steps of a meeting, are the same page.
    const pageOf = (path) => path.split('?')[0].replace(/^(\/meetings\/[^/]+)\/\w+$/, '$1')
    const there = pageOf(location.hash.slice(1)) === pageOf(to)
    const before = document.querySelector('.page > *')
    if (before && !there) before.dataset.left = ''
    location.hash = to
  }, path)
  // A bare answer: a handle on an element would keep its page from ever being freed.
  await page.waitForFunction(() => document.querySelector('.page > *:not([data-left]) h1') !== null)
  await settled(page)
}

export async function picture(page, name) {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}
