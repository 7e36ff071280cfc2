/** A township with villages in it: the real server, the real laptops' program, a page on it in a browser. */
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ask, newFolder, settled, startHost } from './host.mjs'

const house = resolve(import.meta.dirname, '../..')
const server = process.env.LIANHU_TOWNSHIP ?? join(house, 'target/debug/lianhu-township')
const laptop = process.env.LIANHU_CLI ?? join(house, 'target/debug/lianhu')

const servers = new Set()
process.on('exit', () => servers.forEach((child) => child.kill('SIGKILL')))

export const password = 'lan-hua-kai-le'

const env = { ...process.env, LANG: 'zh_CN.UTF-8' }

/** One command of the township's program on that folder. */
export function town(data, ...args) {
  return execFileSync(server, ['--data', data, ...args], { encoding: 'utf8', env })
}

/** One command of the laptop's program on that ledger. */
export function lianhu(ledger, ...args) {
  return execFileSync(laptop, ['--ledger', ledger, ...args], { encoding: 'utf8', env })
}

/** A township with its users and villages by code and name; nobody has enrolled yet. */
export function foundTown(villages) {
  const data = join(newFolder(), 'town')
  town(data, 'init', '--name', '松河镇')
  for (const [code, name] of villages) town(data, 'village', 'add', code, name)
  const file = join(newFolder(), 'password')
  writeFileSync(file, `${password}\n`)
  town(data, 'user', 'add', '韦所长', '--password-file', file)
  town(data, 'user', 'add', '看的人', '--role', 'reader', '--password-file', file)
  return data
}

/** The server, listening; `store` names another place for the villages than its own folder; `stop()` ends it as a person would. */
export function serve(data, listen = '127.0.0.1:0', store = []) {
  const child = spawn(server, ['--data', data, ...store, 'serve', '--listen', listen], { stdio: ['ignore', 'pipe', 'ignore'], env })
  const ended = new Promise((done) => child.once('exit', done))
  child.unref()
  servers.add(child)
  return new Promise((found, failed) => {
    child.once('error', failed)
    child.once('exit', (code) => failed(new Error(`the township ended with ${code}`)))
    let said = ''
    child.stdout.on('data', (bytes) => {
      said += bytes
      const url = /https:\S+/.exec(said)?.[0]
      if (!url) return
      child.stdout.unref()
      found({ url, address: new URL(url).host, stop: () => (child.ref(), child.kill('SIGTERM'), ended), freeze: () => child.kill('SIGSTOP'), thaw: () => child.kill('SIGCONT') })
    })
  })
}

/** A sample village of its own, with its October closed or not; gives the ledger's file. */
export async function foundVillage({ closed }) {
  const dir = newFolder()
  const host = await startHost(dir)
  if (closed) await ask(host, 'month_close', { month: '2026-10', reviewer: '韦志强' })
  await host.stop()
  const name = readdirSync(dir, { recursive: true }).map(String).find((one) => one.endsWith('.lianhu'))
  return join(dir, name)
}

/** The ledger joins its township and tells all it has. */
export function joinTown(data, at, ledger, code) {
  const offer = JSON.parse(town(data, 'enrol', code, '--role', 'secretary', '--address', at.address, '--json'))
  lianhu(ledger, 'enrol', offer.code, '--who', '王文书')
  lianhu(ledger, 'sync')
}

/** A page on the server; what it complained of is kept in `page.complaints`. */
export async function openTown(browser, at, { size = 'standard', lang = 'zh-CN', width = 1366, height = 688, clock = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true, acceptDownloads: true })
  await context.addInitScript((look) => localStorage.setItem('lianhu-township-look', JSON.stringify(look)), { size, contrast: 'normal', lang })
  await context.addInitScript(countAsking)
  if (clock) await context.clock.install()
  const page = await context.newPage()
  page.complaints = []
  // An answer that says no is none of the page's faults.
  page.on('console', (message) => message.type() === 'error' && !/status of (401|403|404|422|429|503)|ERR_CONNECTION|ERR_TIMED_OUT/.test(message.text()) && page.complaints.push(message.text()))
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  await page.goto(at.url)
  await page.locator('h1').first().waitFor()
  await settled(page)
  return page
}

export async function signIn(page, name = '韦所长') {
  await page.locator('[name=name]').fill(name)
  await page.locator('[name=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.locator('h1', { hasText: /各村情况|Villages/ }).waitFor()
  await settled(page)
}

/** Runs in the page before its own scripts: what is on its way is counted, and no printer is waited for. */
function countAsking() {
  window.print = () => {}
  const send = window.fetch
  window.asking = 0
  window.fetch = async (...question) => {
    window.asking += 1
    try {
      return await send(...question)
    } finally {
      window.asking -= 1
    }
  }
}
