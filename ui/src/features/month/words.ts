/** The words of a figure: its name, its value in one of three states, its change, how it is counted. */
import type { Answer } from '../../ipc'
import { count, longMonth, shortDate } from '../../shared/format'
import { hasWords, t } from '../../shared/i18n'

export type Look = Answer<'month_look'>
/** As much of it as the words of its figures need: the township reads a month without being able to write it. */
export type Told = Pick<Look, 'month' | 'as_of' | 'rules' | 'rows'>
export type Row = Look['rows'][number]
export type Lack = Look['lacks'][number]
/** What names a figure; a change since the last export carries the same. */
export type Named = Pick<Row, 'section' | 'code' | 'part' | 'called'>
type Stood = Pick<Row, 'state' | 'rate'>
type Rate = NonNullable<Row['rate']>

/** Shares that mean something as a percentage; the others are so many of so many. */
const percentages = ['aid.visited', 'aid.all_three', 'links.visited', 'assembly.answered', 'links.matters_done', 'assembly.satisfaction']

/** Shown first: what a township looks at. */
const main = [
  'roll.households',
  'roll.people',
  'assembly.mass',
  'assembly.attended',
  'assembly.satisfaction',
  'assembly.answered',
  'aid.visited',
  'aid.visits',
  'aid.all_three',
  'aid.unvisited_long',
  'links.visited',
  'entry.late',
]

const keyOf = (row: Named) => `${row.section}.${row.code}`
const wordsOf = (row: Named, what: string) => `month.figure.${keyOf(row)}.${what}`

export const isMain = (row: Named) => main.includes(keyOf(row))

/** What a duty, a meeting's kind is called; the code itself for one of a newer release. */
export function kindWord(kind: string): string {
  return hasWords(`month.kind.${kind}`) ? t(`month.kind.${kind}`) : kind
}

function calledOf(row: Named): string {
  if (row.section === 'stars' && row.part !== null) return t(`month.stars.${row.part}`)
  if (row.section === 'branch' && row.part !== null) return kindWord(row.part)
  return row.called ?? ''
}

export function nameOf(row: Named, look: Told): string {
  return t(wordsOf(row, 'name'), { called: calledOf(row), months: look.rules.unvisited_months })
}

export function howOf(row: Named, look: Told): string {
  const { rules } = look
  return t(wordsOf(row, 'how'), {
    asOf: shortDate(look.as_of),
    least: rules.least_denominator,
    percent: rules.satisfaction_percent,
    months: rules.unvisited_months,
    min: rules.links_min,
    max: rules.links_max,
    late: rules.late_days,
  })
}

/** As the paper prints it: 未填报 is never 0, and few ballots are no percentage. */
export function valueOf(row: Named & Stood, look: Told): string {
  const { state, rate } = row
  if (state.is === 'unknown') return t('month.state.unknown')
  if (state.is === 'not_held') return t('month.state.not_held', { reason: state.reason })
  const unit = t(wordsOf(row, 'unit'))
  if (rate === null) return t('month.state.n', { n: count(state.n), unit }).trim()
  const parts = { num: count(rate.num), den: count(rate.den), unit, percent: percentOf(row, rate, look) }
  return t(parts.percent === undefined ? 'month.state.of' : 'month.state.percent', parts).replace(/ (?=$|,)/, '')
}

export function sideOf(named: Named, stood: Stood | null, look: Told): string {
  return stood === null ? t('month.state.absent') : valueOf({ ...named, ...stood }, look)
}

function percentOf(row: Named, rate: Rate, look: Told): string | undefined {
  const tooFew = row.code === 'satisfaction' && rate.den < look.rules.least_denominator
  return tooFew || !percentages.includes(keyOf(row)) ? undefined : oneDecimal((rate.num / rate.den) * 100)
}

function oneDecimal(n: number): string {
  return (Math.round(n * 10) / 10).toFixed(1)
}

/** Against the month before; nothing where either is not known. */
export function changeOf(row: Row, look: Told): string {
  if (row.state.is !== 'known' || row.before === null) return t('month.change.none')
  if (row.code === 'satisfaction') return pointsOf(row, look)
  const more = row.state.n - row.before
  if (more === 0) return t('month.change.same')
  return t(more > 0 ? 'month.change.more' : 'month.change.fewer', { n: count(Math.abs(more)) })
}

function pointsOf(row: Row, look: Told): string {
  const { rate, before_rate: before } = row
  const tooFew = (of: Rate | null) => of === null || of.den < look.rules.least_denominator
  if (rate === null || before === null || tooFew(rate) || tooFew(before)) return t('month.change.none')
  const points = Math.round((rate.num / rate.den - before.num / before.den) * 1000) / 10
  if (points === 0) return t('month.change.same')
  return t(points > 0 ? 'month.change.up' : 'month.change.down', { n: oneDecimal(Math.abs(points)) })
}

export function lackText(lack: Lack): string {
  const n = lack.n === null ? {} : { n: lack.n }
  const part = lack.duty === null ? (lack.part ?? '') : kindWord(lack.part ?? lack.duty)
  return t(`month.lack.${lack.code}`, { ...n, part, on: lack.on === null ? '' : shortDate(lack.on) })
}

export function stateSentence(look: Look): string {
  const { closed } = look
  if (closed === null) return t('month.draft', { on: shortDate(look.as_of) })
  const said = { on: shortDate(closed.on), by: closed.by, code: closed.check_code, reviewer: closed.reviewer }
  return t(closed.reviewer ? 'month.closed_reviewer' : 'month.closed', said)
}

export const monthWord = (month: string) => longMonth(month)
