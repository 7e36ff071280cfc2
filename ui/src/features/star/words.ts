/** Stars in words and signs. */
import type { StarRow } from '../../ipc'

export type Stage = 'self' | 'peer' | 'panel'
export type Stars = [boolean, boolean, boolean, boolean, boolean]

export const STAGES: readonly Stage[] = ['self', 'peer', 'panel']
export const ASPECTS = ['wealth', 'law', 'virtue', 'clean', 'honest'] as const
export const LEVELS = [5, 4, 3, 2, 1, 0] as const

export function scoreOf(row: StarRow, stage: Stage): Stars | null {
  return stage === 'self' ? row.own : stage === 'peer' ? row.peer : row.panel
}

/** What the stage before gave; the first one is held against nothing. */
export function scoreBefore(row: StarRow, stage: Stage): Stars | null {
  return stage === 'self' ? null : stage === 'peer' ? row.own : row.peer
}

export const whyOf = (row: StarRow, stage: Stage): string | null => (stage === 'peer' ? row.peer_why : stage === 'panel' ? row.panel_why : null)

export const countOf = (stars: Stars | null): number => stars?.filter(Boolean).length ?? 0

/** Another number of stars than the stage before gave, and nobody has said why. */
export function lacksReason(row: StarRow, stage: Stage, stars: Stars | null): boolean {
  const before = scoreBefore(row, stage)
  return before !== null && stars !== null && countOf(before) !== countOf(stars) && whyOf(row, stage) === null
}

export const drawn = (n: number | null): string => (n === null ? '' : '★'.repeat(n) + '☆'.repeat(5 - n))
