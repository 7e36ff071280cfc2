/** A matter in words: how it stands, where it came up. */
import type { RouteLocationRaw } from 'vue-router'
import type { MatterRow } from '../../ipc'
import { codeText } from '../../shared/codes'
import { longDate, shortDate } from '../../shared/format'
import { t } from '../../shared/i18n'

export function stateOf(row: MatterRow, today: string): { state: 'done' | 'late' | 'soon' | 'none'; word: string } {
  if (row.state !== 'open') return { state: 'done', word: t(`matter.state.${row.state}`) }
  if (row.due === null || row.days_left === null) return { state: 'none', word: t('matter.no_due') }
  if (row.days_left < 0) return { state: 'late', word: t('matter.late', { n: -row.days_left }) }
  return { state: row.lamp, word: t('matter.by', { day: shortDate(row.due, today) }) }
}

export function raisedText(row: MatterRow, today: string): string {
  const where = row.raised_in?.at === 'meeting' ? codeText('meeting_kind', row.raised_in.meeting_kind) : t(`matter.raised.${row.raised_at}`)
  return t('matter.raised_on', { day: shortDate(row.on, today), where })
}

/** The meeting's own page; the visits of that household. */
export function raisedPage(row: MatterRow): RouteLocationRaw | undefined {
  if (row.raised_in?.at === 'meeting') return `/meetings/${row.raised_in.id}`
  if (row.raised_in?.at === 'visit' && row.household !== null) return { path: '/visits', query: { household: row.household } }
  return undefined
}

/** As much of it as a toast has room for. */
export const shortText = (text: string) => (text.trim().length > 16 ? `${text.trim().slice(0, 16)}…` : text.trim())
export const dayOf = (iso: string | null) => (iso === null ? '' : longDate(iso))
