/** The steps of a meeting, and which of them are done. Meetings without pairs have no tallies. */
import type { MeetingPage } from '../../ipc'
import { t } from '../../shared/i18n'

export type StepName = 'attend' | 'report' | 'tally' | 'opinion' | 'photo' | 'paper'

export function stepsOf(page: MeetingPage): { value: StepName; label: string; done: boolean }[] {
  const paired = page.rounds.length > 0
  const reported = paired ? page.rounds.every((round) => round.summary) : Boolean(page.minutes)
  const step = (value: StepName, label: string, done: boolean) => ({ value, label: t(`meeting.step.${label}`), done })
  return [
    step('attend', 'attend', page.present !== null),
    step('report', paired ? 'report' : 'contents', reported),
    ...(paired ? [step('tally', 'tally', page.rounds.every((round) => round.tally))] : []),
    step('opinion', 'opinion', page.opinions > 0 || page.opinions_noted !== null),
    step('photo', 'photo', page.photos > 0),
    step('paper', 'paper', page.sealed_on !== null),
  ]
}
