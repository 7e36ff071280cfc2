/** The catalogues: the same keys in both languages, the same places, and no words outside of them. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const source = resolve(import.meta.dirname, '../src')

function files(folder, ending) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))).filter((path) => path.endsWith(ending) && statSync(path).isFile())
}

function flat(tree, before = '') {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value]] : flat(value, `${before}${key}.`)))
}

const chinese = files(source, 'zh-CN.json')

test('both languages have the same keys, and the same places in each sentence', () => {
  assert.ok(chinese.length > 0)
  for (const path of chinese) {
    const zh = flat(JSON.parse(readFileSync(path, 'utf8')))
    const en = new Map(flat(JSON.parse(readFileSync(path.replace('zh-CN.json', 'en.json'), 'utf8'))))
    assert.deepEqual([...en.keys()].sort(), zh.map(([key]) => key).sort(), path)
    // English calls a month by its name where Chinese gives its number.
    const places = (text) => [...new Set(text.replaceAll('{monthName}', '{month}').match(/\{\w+\}/g) ?? [])].sort()
    for (const [key, text] of zh) assert.deepEqual(places(en.get(key)), places(text), `${path} ${key}`)
  }
})

test('no words for people stand outside the catalogues', () => {
  const found = []
  for (const path of [...files(source, '.vue'), ...files(source, '.ts')]) {
    if (path.includes('/ipc/')) continue
    // Comments name the trade's terms; what remains is what a person might see.
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(^|[^:])\/\/.*$/gm, '$1')
    const lines = text.split('\n').filter((line) => /\p{Script=Han}/u.test(line))
    found.push(...lines.map((line) => `${path.slice(source.length + 1)}: ${line.trim().slice(0, 80)}`))
  }
  assert.deepEqual(found, [])
})

test('no word of ours that a villager would not use', () => {
  const ours = /同步冲突|提交失败|异常|非法|参数|字段|缓存|数据库|会话|令牌/
  for (const path of chinese) for (const [key, text] of flat(JSON.parse(readFileSync(path, 'utf8')))) assert.doesNotMatch(text, ours, `${path} ${key}`)
})
