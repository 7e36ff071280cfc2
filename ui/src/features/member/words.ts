/** What a line of the roll says, in words. */
import type { MemberLine, MemberList } from '../../ipc'
import { codeText } from '../../shared/codes'
import { shortDate } from '../../shared/format'
import { t } from '../../shared/i18n'

/** What one may look for in the roll. */
export const LOOKS = ['all', 'floating', 'probationary', 'hours', 'links', 'missed', 'pledged', 'left'] as const
export type Look = (typeof LOOKS)[number]

export function fits(look: Look, line: MemberLine, list: MemberList): boolean {
  const here = line.left_on === null
  switch (look) {
    case 'all':
      return here
    case 'floating':
      return here && line.floating
    case 'probationary':
      return here && line.probationary
    case 'hours':
      return here && line.hours < line.hours_needed
    case 'links':
      return here && linksOff(line, list)
    case 'missed':
      return here && line.not_made_up > 0
    case 'pledged':
      return here && line.pledges_open > 0
    case 'left':
      return !here
  }
}

/** Fewer or more households than is usual; a member who looks after none is not meant. */
export function linksOff(line: MemberLine, list: { links_min: number; links_max: number }): boolean {
  return line.households > 0 && (line.households < list.links_min || line.households > list.links_max)
}

/** 支委会书记、村委会主任; where nothing was entered here, what the roll brought along. */
export function officesText(line: MemberLine): string {
  const entered = line.offices.map((office) => `${codeText('office_body', office.organ)}${office.position}`)
  return entered.join('、') || (line.duty ?? '')
}

/** How they stand, where it is not simply a full member at home. */
export function standingText(line: MemberLine, today: string): string {
  if (line.left_on) return [codeText('member_event', line.left_how ?? 'left'), shortDate(line.left_on, today), line.left_to ?? ''].filter(Boolean).join(' ')
  if (line.suspended_on) return t('member.suspended_since', { day: shortDate(line.suspended_on, today) })
  const parts = []
  if (line.probationary) parts.push(line.probation_ends ? t('member.probation_until', { day: shortDate(line.probation_ends, today) }) : t('member.probationary'))
  if (line.floating) parts.push(line.place ? t('member.floating_in', { place: line.place }) : t('member.floating'))
  return parts.join('，')
}
