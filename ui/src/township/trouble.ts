/** What went wrong, in words. */
import { t, hasWords } from '../shared/i18n'
import { isTrouble, type Trouble } from './api'

export function troubleOf(error: unknown): Trouble {
  if (isTrouble(error)) return error
  console.error(error)
  return { is: 'fault' }
}

export function troubleText(trouble: Trouble): string {
  if (trouble.is === 'slow') return t('town.trouble.slow', { n: trouble.seconds })
  if (trouble.is !== 'refused') return t(`town.trouble.${trouble.is}`)
  return hasWords(trouble.code) ? t(trouble.code, trouble.details) : t('town.trouble.fault')
}
