/** Words and made-up records of the kit page; they travel with it, not with the program's catalogue. */
import { currentLang } from '../../shared/i18n'
import type { Option } from '../../shared/kit/option'
import english from './en.json'
import chinese from './zh-CN.json'

export type Word = keyof typeof chinese

export function w(key: Word, named: Record<string, string | number> = {}): string {
  const text = (currentLang() === 'en' ? english : chinese)[key]
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name] ?? ''))
}

export type Row = { id: string; head: string; group: string; people: number; cadre: string; last: string; state: 'done' | 'soon' | 'late' | 'none' }

const letter = (text: string, n: number) => text.charAt(n % text.length)
const name = (n: number) => letter(w('surnames'), n) + letter(w('given'), n * 5 + 1) + letter(w('given2'), n * 7 + 2)
const states = ['done', 'soon', 'late', 'none'] as const

export function makeRows(count: number): Row[] {
  return Array.from({ length: count }, (_, n) => ({
    id: String(n + 1),
    head: name(n),
    group: w((['group1', 'group2', 'group3'] as const)[n % 3] ?? 'group1'),
    people: (n * 7) % 6 + 1,
    cadre: name(n % 9 + 40),
    last: `2026-${String((n % 9) + 1).padStart(2, '0')}-${String((n % 27) + 1).padStart(2, '0')}`,
    state: states[n % 4] ?? 'none',
  }))
}

export function makeOptions(): Option[] {
  return makeRows(200).map((row) => ({ value: row.id, label: row.head, detail: row.group, find: `H${row.id.padStart(4, '0')}` }))
}
