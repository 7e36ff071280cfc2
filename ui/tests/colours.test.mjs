/** The tokens' contrasts, computed anew from the style sheet (WCAG 2.2). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'

const css = readFileSync(resolve(import.meta.dirname, '../src/shared/style/tokens.css'), 'utf8')
const tokens = Object.fromEntries([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\b/gi)].reverse().map(([, name, value]) => [name, value]))

function luminance(hex) {
  const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join('') : hex.slice(1)
  const parts = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255)
  const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a, b) {
  const [light, dark] = [luminance(tokens[a]), luminance(tokens[b])].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const TEXT = 4.5
const EDGE = 3
const pairs = [
  ['ink', 'paper', TEXT], ['ink2', 'paper', TEXT], ['ink3', 'paper', TEXT],
  ['act', 'paper', TEXT], ['act', 'sheet', TEXT], ['on-act', 'act', TEXT],
  ['done', 'done-tint', TEXT], ['soon', 'soon-tint', TEXT], ['late', 'late-tint', TEXT], ['late', 'sheet', TEXT],
  ['edge', 'sheet', EDGE], ['edge', 'paper', EDGE], ['focus', 'paper', EDGE],
]

for (const [over, under, least] of pairs) {
  test(`${over} on ${under} is at least ${least}`, () => {
    assert.ok(tokens[over] && tokens[under], `${over}, ${under} are tokens`)
    assert.ok(contrast(over, under) >= least, contrast(over, under).toFixed(2))
  })
}
