/** Hands that have only a keyboard. Every key is counted, and the counts may only fall: `effort.json`. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const committed = resolve(import.meta.dirname, 'effort.json')
const counted = resolve(import.meta.dirname, '../../target/effort.json')
const counts = {}

export class Hands {
  keys = 0

  constructor(page) {
    this.page = page
  }

  async press(...keys) {
    for (const key of keys) {
      this.keys += 1
      await this.page.keyboard.press(key)
    }
  }

  /** A character counts as one key: what an input method asks for beyond that is not ours. */
  async type(text) {
    this.keys += [...text].length
    await this.page.keyboard.type(text)
  }

  /** Presses `key` until `there()` holds. */
  async until(key, there, most = 30) {
    for (let i = 0; i < most; i += 1) {
      if (await there()) return
      await this.press(key)
    }
    throw new Error(`${key}, ${most} times, did not lead there`)
  }
}

/** Holds what a task took against what it took when it was last written down. */
export function effort(task, keys) {
  counts[task] = keys
  mkdirSync(resolve(counted, '..'), { recursive: true })
  writeFileSync(counted, `${JSON.stringify(counts, null, 2)}\n`)
  const before = JSON.parse(readFileSync(committed, 'utf8'))[task]
  assert.ok(keys <= before, `${task} takes ${keys} keys, it took ${before}`)
  assert.ok(keys >= before, `${task} takes ${keys} keys, it took ${before}: write the new count into ui/tests/effort.json`)
}
