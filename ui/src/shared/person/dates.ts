import { longDate, longMonth } from '../format'
import { t } from '../i18n'

/** 1991年, 1991年2月, 1991年2月11日 — as far as it is known. */
export function partialDate(date: string): string {
  if (date.length === 4) return t('person.year', { year: date })
  return date.length === 7 ? longMonth(date) : longDate(date)
}
