/** What households and moments are called on these pages. */
import { currentLang, t } from '../../shared/i18n'

/** 罗德福家; a household without a head goes by its number. */
export function nameOf(head: string | null, number: number | null = null): string {
  if (head) return t('household.of', { name: head })
  return number === null ? t('household.no_head') : t('household.numbered', { no: number })
}

/** 2026年11月20日 20:00, as a clock in China showed it. */
export function moment(ms: number): string {
  const lang = currentLang()
  return new Intl.DateTimeFormat(lang, { dateStyle: lang === 'en' ? 'medium' : 'long', timeStyle: 'short', timeZone: 'Asia/Shanghai', hour12: false }).format(ms)
}

export { voidedWhy } from '../../shared/told'
