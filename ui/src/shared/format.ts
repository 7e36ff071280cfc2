/** Dates and numbers as people here write them. A date is `2026-11-22`, never an instant: no time zone can move it. */
import { currentLang, t } from './i18n'

type Parts = { year: number; month: number; day: number }

function parts(iso: string): Parts {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { year, month, day }
}

/** Days since 1970 of a calendar date. */
export function dayNumber(iso: string): number {
  const { year, month, day } = parts(iso)
  return Date.UTC(year, month - 1, day) / 86_400_000
}

export function isoOf(dayNumber: number): string {
  return new Date(dayNumber * 86_400_000).toISOString().slice(0, 10)
}

export function addDays(iso: string, days: number): string {
  return isoOf(dayNumber(iso) + days)
}

/** 11月22日, or 2025年11月22日 when it is not this year's. */
export function shortDate(iso: string, today = ''): string {
  const { year, month, day } = parts(iso)
  if (today && parts(today).year !== year) return longDate(iso)
  return t('format.day', { month, monthName: monthName(month), day })
}

/** 2026年11月22日 */
export function longDate(iso: string): string {
  const { year, month, day } = parts(iso)
  return t('format.date', { year, month, monthName: monthName(month), day })
}

/** 2026年11月 */
export function longMonth(iso: string): string {
  const { year, month } = parts(iso)
  return t('format.month', { year, month, monthName: monthName(month) })
}

/** All of China keeps one time. */
const EIGHT_HOURS_MS = 8 * 3_600_000

/** 11月20日 20:05, with the year when it is not this one. */
export function clock(ms: number, today = ''): string {
  const iso = new Date(ms + EIGHT_HOURS_MS).toISOString()
  return `${shortDate(iso.slice(0, 10), today)} ${iso.slice(11, 16)}`
}

/** 今天, 昨天, 3 天前; 5 天后 */
export function daysAgo(iso: string, today: string): string {
  const days = dayNumber(today) - dayNumber(iso)
  if (days === 0) return t('format.today')
  if (days === 1) return t('format.yesterday')
  return days > 0 ? t('format.days_ago', { n: days }) : t('format.days_ahead', { n: -days })
}

/** 87 天 */
export function days(n: number): string {
  return t('format.days', { n })
}

export function count(n: number): string {
  return n.toLocaleString(currentLang())
}

/** 7; Jul */
export function monthName(month: number): string {
  if (currentLang() === 'zh-CN') return String(month)
  return new Date(Date.UTC(2026, month - 1, 1)).toLocaleString('en', { month: 'short', timeZone: 'UTC' })
}

/** Full-width digits and signs, as an input method leaves them, in their plain form. */
export function halfWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ')
}

/**
 * Reads a date as typed: 20261122, 2026-11-22, 2026.11.22, 2026年11月22日; 11-22, 11月22日 or 1122 in the year of `today`.
 * Without a year the nearest such day is meant: 12-28 typed in January is last year's. Gives '' when it is no date.
 */
export function readDate(typed: string, today: string): string {
  const text = halfWidth(typed).trim()
  const found = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})[-./\u5e74 ]+(\d{1,2})[-./\u6708 ]+(\d{1,2})\u65e5?$/.exec(text)
  if (found) return isoIfReal(Number(found[1]), Number(found[2]), Number(found[3]))
  const short = /^(\d{1,2})[-./\u6708 ]+(\d{1,2})[\u65e5\u53f7]?$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text)
  return short ? nearest(Number(short[1]), Number(short[2]), today) : ''
}

function nearest(month: number, day: number, today: string): string {
  const { year } = parts(today)
  const away = (iso: string) => Math.abs(dayNumber(iso) - dayNumber(today))
  const real = [year, year - 1, year + 1].map((y) => isoIfReal(y, month, day)).filter(Boolean)
  return real.sort((a, b) => away(a) - away(b))[0] ?? ''
}

function isoIfReal(year: number, month: number, day: number): string {
  const iso = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && isoOf(dayNumber(iso)) === iso ? iso : ''
}
