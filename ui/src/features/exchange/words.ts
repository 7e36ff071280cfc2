/** Where the work is, why it is not further, and what is done now, in plain words. */
import { opOf, wordOf, type ExchangeBrief, type ExchangePage, type Progress, type WaitingItem } from '../../ipc'
import { clock } from '../../shared/format'
import { currentLang, hasWords, t } from '../../shared/i18n'

/** What went wrong, by its name in the catalogue. */
export function troubleText(name: string): string {
  const key = ['trouble', 'enrolment', 'exchange.trouble'].map((of) => `${of}.${name}`).find(hasWords)
  return t(key ?? 'trouble.broken')
}

export function packageText(name: string): string {
  return t(`package.${name}`)
}

/** Why a request or an answer of a further computer was not taken. */
export function invitationText(name: string): string {
  return t(hasWords(`invitation.${name}`) ? `invitation.${name}` : `package.${name}`)
}

/** Why two computers in one room did not exchange: a line that was lost has one sentence, whatever the cause. */
export function roomTrouble(name: string): string {
  const key = `exchange.room.trouble.${name === 'older' ? 'newer' : name}`
  return t(hasWords(key) ? key : 'exchange.room.trouble.gone')
}

/** Why the township keeps a step and does not take it. */
export function whyText(why: string): string {
  return hasWords(`held.${why}`) ? t(`held.${why}`) : why
}

export function roleText(role: string): string {
  return hasWords(`role.${role}`) ? t(`role.${role}`) : role
}

/** 走访 罗德福 2026-11-20 */
export function itemText(item: WaitingItem): string {
  if (item.record === null) return opOf(item.op)
  // A kind that has no word of its own is told by what was done with it.
  const kind = wordOf(item.record.kind)
  const first = [kind === item.record.kind ? '' : kind, item.record.name].filter(Boolean).join(' ')
  if (first === '') return opOf(item.op)
  return item.records > 1 ? t('exchange.item_more', { op: opOf(item.op), first, n: item.records }) : t('exchange.item', { op: opOf(item.op), first })
}

/** Where a waiting record is looked at. */
export function wayToItem(item: WaitingItem): string | undefined {
  const record = item.record
  if (record === null) return undefined
  const pages: Record<string, string> = { visit: '/visits', meeting: '/meetings', matter: '/matters', decision: '/decisions', recruit: '/recruits', party_member: '/members' }
  const own = pages[record.kind]
  if (own !== undefined) return `${own}/${record.id}`
  if (record.household !== null) return `/households/${record.household}`
  const others: Record<string, string> = { report: '/month', month_plan: '/month', village: '/settings/village' }
  return others[record.kind]
}

/** One sentence for all of it. */
export function safeSentence(page: ExchangePage, today: string): string {
  if (page.township === null) return t('exchange.sentence.none')
  // Without a township nothing ever has its receipt; what other computers have is all that can be told.
  if (!page.township.by_line) return page.here + page.packed > 0 ? t('exchange.sentence.waiting_stick', { n: page.here + page.packed }) : t('exchange.sentence.all_village')
  const waiting = page.here + page.packed + page.delivered
  const last = page.last_ms === null ? t('exchange.sentence.never') : t('exchange.sentence.last', { when: clock(page.last_ms, today) })
  const where = waiting > 0 ? t('exchange.sentence.waiting', { n: waiting }) : t('exchange.sentence.all')
  const returned = page.returned > 0 ? t('exchange.sentence.returned', { n: page.returned }) : ''
  return [where, returned, last].filter(Boolean).join(currentLang() === 'en' ? ' ' : '')
}

/** The same for the header, shorter. */
export function briefSentence(brief: ExchangeBrief, today: string): string {
  if (!brief.enrolled || (!brief.by_line && !brief.revoked)) return ''
  if (brief.revoked) return t('exchange.brief.revoked')
  if (brief.waits) return t('exchange.brief.waits')
  if (brief.returned > 0) return t('exchange.brief.returned', { n: brief.returned })
  if (brief.waiting > 0) return t(brief.trouble === 'no_connection' ? 'exchange.brief.offline' : 'exchange.brief.waiting', { n: brief.waiting })
  return brief.last_ms === null ? t('exchange.brief.all') : t('exchange.brief.all_at', { when: clock(brief.last_ms, today) })
}

/** What is done now, and how far it has come. */
export function stepText(progress: Progress): string {
  const step = t(`exchange.step.${progress.step || 'connecting'}`)
  return progress.of > 0 ? t('exchange.step_of', { step, done: progress.done, of: progress.of }) : step
}

/** 123 456, as it is read aloud. */
export function spacedDigits(short: string): string {
  return `${short.slice(0, 3)} ${short.slice(3)}`
}

/** 12 分钟, 3 小时, 8 天: as exact as it helps. */
export function spanText(minutes: number): string {
  const n = Math.abs(minutes)
  if (n < 120) return t('exchange.span.minutes', { n })
  return n < 48 * 60 ? t('exchange.span.hours', { n: Math.round(n / 60) }) : t('exchange.span.days', { n: Math.round(n / 1440) })
}
