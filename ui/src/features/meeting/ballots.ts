/** 核对: whether the ballots of one pair add up, as far as they are written down. */
import type { RoundView } from '../../ipc'

/** Cells of one pair as typed; null is not written, which is not zero. */
export interface Ballots {
  issued: number | null
  returned: number | null
  spoilt: number | null
  /** By grade, in the template's order. */
  grades: (number | null)[]
}

export type Check = { state: 'empty' } | { state: 'open'; cells: number } | { state: 'fits' } | { state: 'lacks'; n: number } | { state: 'over'; n: number }

const names = ['best', 'good', 'fair', 'poor'] as const

export function ballotsOf(round: RoundView, counts: readonly number[]): Ballots {
  const tally = round.tally
  const grade = (at: number) => tally?.[names[at] ?? 'best'] ?? null
  return { issued: tally?.issued ?? null, returned: tally?.returned ?? null, spoilt: tally?.spoilt ?? null, grades: counts.map((at) => (tally ? grade(at) : null)) }
}

/** How many there should be: those that came back, else those handed out, else everybody present. */
export function wanted(ballots: Ballots, present: number | null): number | null {
  return ballots.returned ?? ballots.issued ?? present
}

const sum = (ballots: Ballots) => ballots.grades.reduce<number>((all, n) => all + (n ?? 0), ballots.spoilt ?? 0)

export function check(ballots: Ballots, present: number | null): Check {
  const typed = ballots.grades.filter((n) => n !== null).length
  if (typed === 0) return { state: 'empty' }
  const all = wanted(ballots, present)
  const n = sum(ballots)
  if (all !== null && n > all) return { state: 'over', n: n - all }
  if (all !== null && n === all) return { state: 'fits' }
  if (typed < ballots.grades.length) return { state: 'open', cells: ballots.grades.length - typed }
  return all === null ? { state: 'fits' } : { state: 'lacks', n: all - n }
}

/** What the ledger keeps: every grade is known. Where the sum is reached, cells left empty are known to be none. */
export function tallyOf(ballots: Ballots, counts: readonly number[], present: number | null): Record<string, number> | null {
  const { state } = check(ballots, present)
  const whole = ballots.grades.every((n) => n !== null)
  if (state === 'empty' || state === 'open' || (!whole && state !== 'fits')) return null
  if (!isPossible(ballots)) return null
  const tally: Record<string, number> = { best: 0, good: 0, fair: 0, poor: 0 }
  counts.forEach((at, i) => (tally[names[at] ?? 'best'] = ballots.grades[i] ?? 0))
  for (const name of ['issued', 'returned', 'spoilt'] as const) {
    const n = ballots[name]
    if (n !== null) tally[name] = n
  }
  return tally
}

/** The ledger takes no more ballots than were handed out, and none that are unaccounted for. */
function isPossible(ballots: Ballots): boolean {
  const n = sum(ballots)
  const { issued, returned, spoilt } = ballots
  const exact = returned === null || spoilt === null || returned === n
  return exact && (returned === null || n <= returned) && (issued === null || (returned ?? n) <= issued)
}
