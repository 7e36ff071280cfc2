/** The lines of an evening's sheet as they are typed. */
import type { Ask, SheetRow } from '../../ipc'
import { halfWidth, readDate } from '../../shared/format'

export interface Line {
  household: string
  head: string
  place: string
  days: string[]
  day: string
  meal: boolean
  chore: boolean
  way: boolean
  selfPaid: boolean
  opportunity: string
  need: string
  note: string
}

export interface Sheet {
  visitor: string
  visitorName: string
  month: string
  lines: Line[]
}

/** The columns in the order of the printed sheet; the first takes the day. */
export const COLUMNS = ['day', 'meal', 'chore', 'way', 'selfPaid', 'opportunity', 'need', 'note'] as const
export type ColumnName = (typeof COLUMNS)[number]

export function lineOf(row: Pick<SheetRow, 'household' | 'head' | 'days'>, place: string): Line {
  return { household: row.household, head: row.head, place, days: row.days, day: '', meal: false, chore: false, way: false, selfPaid: false, opportunity: '', need: '', note: '' }
}

/** A day of the month by itself, as on the printed sheet. */
function dayAlone(typed: string): number | undefined {
  const digits = /^(\d{1,2})\D?$/.exec(halfWidth(typed).trim())?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** `3`, `11-03` or any day one writes → 2026-11-03; nothing when it is no day. */
export function dayOf(typed: string, month: string, today: string): string {
  const day = dayAlone(typed)
  if (day !== undefined) {
    const last = new Date(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0).getDate()
    return day >= 1 && day <= last ? `${month}-${String(day).padStart(2, '0')}` : ''
  }
  return readDate(typed, today)
}

export const isFilled = (line: Line): boolean => line.day.trim() !== ''

export function visitsOf(sheet: Sheet, today: string): Ask<'visit_sheet_save'>['visits'] {
  return sheet.lines.filter(isFilled).map((line) => ({
    household: line.household,
    on: dayOf(line.day, sheet.month, today),
    meal: line.meal,
    self_paid: line.selfPaid,
    chore: line.chore,
    way: line.way,
    ...(line.opportunity.trim() ? { opportunity: line.opportunity } : {}),
    ...(line.need.trim() ? { need: line.need } : {}),
    ...(line.note.trim() ? { note: line.note } : {}),
  }))
}

/** What is wrong with a line's day, as a key of the catalogue. */
export function dayFault(line: Line, month: string, today: string): 'visit.day_unread' | 'visit.day_none' | 'visit.row_future' | undefined {
  if (!isFilled(line)) return undefined
  const iso = dayOf(line.day, month, today)
  if (!iso) return dayAlone(line.day) === undefined ? 'visit.day_unread' : 'visit.day_none'
  return iso > today ? 'visit.row_future' : undefined
}

/** The day is in already: the line will be one visit more. */
export const isAgain = (line: Line, month: string, today: string): boolean => isFilled(line) && line.days.includes(dayOf(line.day, month, today))
