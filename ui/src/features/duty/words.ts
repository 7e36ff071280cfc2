/** A duty in words: what it is, how it stands, what its button does. */
import type { DoneDuty, Duty, Unknown } from '../../ipc'
import { codeText } from '../../shared/codes'
import { daysAgo, longMonth, shortDate } from '../../shared/format'
import { t } from '../../shared/i18n'
import { stepWord } from '../../shared/steps'

type What = Duty['what']

/** The duty's name; with its month where that is not the month of the page. */
export function titleOf(duty: Pick<Duty, 'what' | 'month'>, month: string): string {
  const { what } = duty
  switch (what.code) {
    case 'mass':
      return duty.month === month ? t('home.duty.mass.title') : t('home.duty.mass.title_of', { month: longMonth(duty.month) })
    case 'report':
      return t('home.duty.report.title', { month: longMonth(duty.month) })
    case 'returned':
      return t('home.duty.returned.title', { month: longMonth(duty.month) })
    case 'visits':
      return t('home.duty.visits.title', { n: what.left })
    case 'unvisited':
      return t('home.duty.unvisited.title', { n: what.households, months: what.months })
    case 'matter':
      return what.text
    case 'term':
      return t('home.duty.term.title', { organ: codeText('office_body', what.organ) })
    case 'step':
      return t('home.duty.step.title', { title: what.title, step: stepWord(what.step) })
    default:
      return t(`home.duty.${what.code}.title`, what)
  }
}

export function detailOf(duty: Duty, today: string): string {
  const { what } = duty
  const said = { ...what, when: whenOf(duty, today), day: duty.due === null ? '' : shortDate(duty.due, today) }
  switch (what.code) {
    case 'mass':
      return t(what.times > 1 ? 'home.duty.mass.detail_of' : 'home.duty.mass.detail', said)
    case 'visits':
      return t('home.duty.visits.detail', { ...said, done: what.paired - what.left })
    case 'unvisited':
      return what.days === null ? t('home.duty.unvisited.never', said) : t('home.duty.unvisited.detail', { head: what.head, n: what.days })
    case 'matter':
      return matterDetail(duty, what, said.when)
    case 'branch':
      return t(what.late ? 'home.duty.branch.detail_late' : 'home.duty.branch.detail', { ...said, kinds: what.kinds.map((kind) => codeText('meeting_kind', kind)).join(t('format.comma')) })
    case 'retest':
      return t('home.duty.retest.detail', { ...said, on: shortDate(what.on, today) })
    case 'report':
      return what.missing ? t('home.duty.report.detail', { when: said.when, n: what.missing }) : t('home.duty.report.whole', said)
    case 'returned':
      return t(what.reopened ? 'home.duty.returned.mending' : 'home.duty.returned.detail', said)
    case 'notice':
      return what.objections ? t('home.duty.notice.detail', { day: said.day, n: what.objections }) : t('home.duty.notice.quiet', said)
    default:
      return t(`home.duty.${what.code}.detail`, said)
  }
}

function matterDetail(duty: Duty, what: Extract<What, { code: 'matter' }>, when: string): string {
  const family = what.head && t('home.family', { head: what.head })
  return [family, duty.group, what.owner && t('home.owner', { name: what.owner }), when].filter(Boolean).join(' · ')
}

/** 11月30日前; 原定11月18日，已过 4 天 */
function whenOf(duty: Duty, today: string): string {
  if (duty.due === null || duty.days_left === null) return ''
  const day = shortDate(duty.due, today)
  return duty.days_left < 0 ? t('home.past', { day, n: -duty.days_left }) : t('home.before', { day })
}

export function actOf(duty: Duty): string {
  const { what } = duty
  if (what.code === 'unvisited') return t('home.duty.unvisited.do', { n: what.households })
  if (what.code === 'visits') return t('home.duty.visits.do', { n: what.left })
  if (what.code === 'report' && !what.missing) return t('home.duty.report.do_whole')
  return t(`home.duty.${what.code}.do`)
}

export function lampWord(duty: Duty): string | undefined {
  if (duty.what.code === 'returned') return t('home.duty.returned.lamp')
  if (duty.lamp === 'late') return undefined
  if (duty.days_left === null) return t('home.to_check')
  return duty.days_left === 0 ? t('format.today') : t('home.within', { n: duty.days_left })
}

export function doneTitle(done: DoneDuty, month: string): string {
  if (done.reason !== null) return titleOf(done, month)
  const { what } = done
  if (what.code === 'report') return t('home.done.report', { month: longMonth(done.month) })
  return t(`home.done.${what.code}`, what)
}

export function doneDetail(done: DoneDuty, today: string): string {
  if (done.reason !== null) return t('home.reason_is', { reason: done.reason })
  return done.on === null ? '' : `${shortDate(done.on, today)} · ${daysAgo(done.on, today)}`
}

export function unknownText(unknown: Unknown): string {
  return unknown.code === 'rule' ? t('home.unknown.rule', { duty: t(`home.duty.${unknown.duty}.name`) }) : t(`home.unknown.${unknown.code}`, unknown)
}
