/** The words of the boards: a rate, a state, how a report stands, why a lamp is lit. */
import { daysAgo, shortDate } from '../shared/format'
import { t } from '../shared/i18n'
import type { BoardRow, Handed, LampState, Measured, Rate, State, Why } from './types'

/** In the order of the keys 1 to 5; the server's own names of the figures. */
export const measures = ['aid.visited', 'assembly.satisfaction', 'assembly.answered', 'links.visited', 'aid.all_three'] as const
export type Measure = (typeof measures)[number]

const keyOf = (name: string) => name.replace('.', '_')

export const measureWord = (measure: string) => t(`town.measure.${keyOf(measure)}`)
export const measureUnit = (measure: string) => t(`town.unit.${keyOf(measure)}`)
export const columnWord = (column: string) => t(`town.column.${keyOf(column)}`)

/** Fewer than this are told as counts: a percentage would say more than is known. */
const FEWEST_FOR_PERCENT = 10

export function percent(rate: Rate): number {
  return Math.round((rate.num / Math.max(rate.den, 1)) * 1000) / 10
}

export function rateText(rate: Rate): string {
  const parts = { num: rate.num, den: rate.den, percent: percent(rate).toFixed(1) }
  return t(rate.den < FEWEST_FOR_PERCENT ? 'town.rate.few' : 'town.rate.percent', parts)
}

/** 未填报 is never 0. */
export function stateText(state: State, known: (n: number) => string): string {
  if (state.is === 'unknown') return t('town.state.unknown')
  if (state.is === 'not_held') return t('town.state.not_held', { reason: state.reason })
  return known(state.n)
}

export function measuredText(measured: Measured | undefined): string {
  if (measured === undefined) return t('town.state.unknown')
  return stateText(measured.state, (n) => (measured.rate === null ? String(n) : rateText(measured.rate)))
}

export function massText(state: State): string {
  return stateText(state, (n) => t('town.mass', { n }))
}

export function reportText(report: Handed, today: string): string {
  switch (report.is) {
    case 'missing':
      return t('town.report.missing')
    case 'waiting':
      return t('town.report.waiting')
    case 'accepted':
      return t('town.report.accepted', { on: shortDate(report.on, today) })
    case 'returned':
      return t('town.report.returned', { on: shortDate(report.on, today) })
    case 'mending':
      return t('town.report.mending')
  }
}

/** The same in one word, for a column. */
export const reportWord = (report: Handed) => t(`town.report.word.${report.is}`)

export const reportLamp = (report: Handed): LampState => ({ missing: 'none', waiting: 'soon', accepted: 'done', returned: 'soon', mending: 'soon' })[report.is] as LampState

/** The day itself once it is long ago; before that how long ago. */
export function heardText(row: BoardRow, today: string): string {
  if (row.heard === null) return t('town.heard.never')
  return row.why.includes('stale') ? shortDate(row.heard, today) : daysAgo(row.heard, today)
}

export const whyWord = (why: Why) => t(`town.why.${why}`)

/** What the lamp says; without a reason all is well. */
export function lampWord(row: BoardRow): string {
  return row.why[0] === undefined ? t('town.why.well') : whyWord(row.why[0])
}
