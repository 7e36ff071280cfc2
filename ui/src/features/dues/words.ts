/** Money is fen, whole; people read and type yuan. */
import type { Answer, DuesCell, DuesRow } from '../../ipc'
import { halfWidth, monthName } from '../../shared/format'
import { t } from '../../shared/i18n'

export type Year = Answer<'dues_year'>
export const PAYERS = ['farmer', 'salaried', 'retired', 'low_income', 'self_employed'] as const
export type Payer = (typeof PAYERS)[number]
export const isFixed = (payer: string): boolean => payer === 'farmer' || payer === 'low_income'

/** 0.5, 45, 16.67 */
export function yuan(fen: number): string {
  const places = fen % 100 === 0 ? 0 : fen % 10 === 0 ? 1 : 2
  return `${Math.trunc(fen / 100)}${places === 0 ? '' : `.${String(fen % 100).padStart(2, '0').slice(0, places)}`}`
}

/** What was typed as yuan, in fen; `undefined` when it is no sum. Read by its digits, so no fraction is ever rounded. */
export function readYuan(typed: string): number | undefined {
  const found = /^(\d{1,7})(?:[.\u3002](\d{1,2}))?$/.exec(halfWidth(typed).replace(/\u5143$/, '').trim())
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : undefined
}

export const monthOf = (year: number, month: number): string => `${year}-${String(month).padStart(2, '0')}`

/** 7月 */
export const monthText = (month: number): string => t('dues.one_month', { n: monthName(month) })

/** 1—3月、5月 */
export function monthsText(months: readonly number[]): string {
  const runs: [number, number][] = []
  for (const month of months) {
    const run = runs.at(-1)
    if (run && run[1] + 1 === month) run[1] = month
    else runs.push([month, month])
  }
  return runs.map(([from, to]) => (from === to ? monthText(from) : t('dues.months_run', { from: monthName(from), to: monthName(to) }))).join(t('dues.comma'))
}

export type CellState = 'paid' | 'part' | 'owed' | 'open' | 'unknown' | 'let_off' | 'not_asked'

/** How a month stands; `over` says that it lies behind us. */
export function stateOf(cell: DuesCell, paid: number | null, over: boolean): CellState {
  if (paid !== null) return cell.due !== null && paid < cell.due ? 'part' : 'paid'
  if (cell.asked === 'due') return over ? 'owed' : 'open'
  return cell.asked
}

export const MARKS: Record<CellState, string> = { paid: '●', part: '◆', owed: '▲', open: '', unknown: '?', let_off: '', not_asked: '' }

export const baseText = (row: DuesRow): string => {
  const { base } = row
  if (base === null) return ''
  const sum = base.relief_fen !== null ? t(base.relief_fen === 0 ? 'dues.let_off' : 'dues.relieved', { yuan: yuan(base.relief_fen) }) : ''
  return [t(`dues.payer.${base.payer}`), sum].filter(Boolean).join(' ')
}
