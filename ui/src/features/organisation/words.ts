/** What the rules say of a body, in words. */
import type { BodyCheck } from '../../ipc'
import { t } from '../../shared/i18n'

export function checkText(check: BodyCheck): string {
  const tenths = `${Math.floor(check.n / 10)}.${check.n % 10}`
  const each = check.of ? (check.n / check.of).toFixed(1) : '—'
  return t(`organisation.check.${check.rule}`, { n: check.n, of: check.of ?? 0, least: check.least ?? 0, most: check.most ?? 0, tenths, each, yes: t(check.n > 0 ? 'common.yes' : 'common.no') })
}

export function checkState(check: BodyCheck): 'done' | 'soon' | 'none' {
  if (check.met === null) return 'none'
  return check.met ? 'done' : 'soon'
}
