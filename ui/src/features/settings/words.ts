/** Times, sizes and names of files, as this page says them. */
import { t } from '../../shared/i18n'
import { shortDate } from '../../shared/format'

/** All of China keeps one time. */
const EIGHT_HOURS_MS = 8 * 3_600_000

/** 11月20日 20:05, with the year when it is not this one. */
export function clockTime(ms: number, today = ''): string {
  const iso = new Date(ms + EIGHT_HOURS_MS).toISOString()
  return `${shortDate(iso.slice(0, 10), today)} ${iso.slice(11, 16)}`
}

export function megabytes(bytes: number): string {
  return t('settings.megabytes', { n: (bytes / 1_048_576).toFixed(1) })
}

export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path
}
