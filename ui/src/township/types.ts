/** What the server answers, as `crates/township/src/web` says it. */
import type { MonthRecords, Numbers, Rate, Row, State } from '../ipc/types'

export type { MonthRecords, Rate, Row, State }

export type Role = 'admin' | 'reader'

export interface Session {
  township: string
  user: string | null
  role: Role | null
  csrf: string
  today: string
  /** The month in hand, and those that can be looked at, newest first. */
  month: string
  months: string[]
}

export type LampState = 'late' | 'soon' | 'done' | 'none'
export type Why = 'not_enrolled' | 'empty' | 'report_late' | 'returned' | 'no_meeting' | 'stale' | 'unanswered'

export interface Measured {
  state: State
  rate: Rate | null
}

export interface Stage {
  cycle: string
  stage: string | null
}

export type Handed =
  | { is: 'missing' }
  | { is: 'waiting'; on: string; by: string; check_code: string }
  | { is: 'accepted'; on: string; check_code: string }
  | { is: 'returned'; on: string; check_code: string; reason: string }
  | { is: 'mending'; on: string; reason: string }

export interface BoardRow {
  code: string
  name: string
  lamp: LampState
  why: Why[]
  measures: Measured[]
  mass: State
  stars: Stage | null
  report: Handed
  heard: string | null
  silent_days: number | null
  broken: boolean
}

export interface Board {
  month: string
  today: string
  rows: BoardRow[]
}

export interface Point {
  month: string
  rate: Rate | null
  villages: number
  of: number
}

export interface Line {
  measure: string
  points: Point[]
}

export interface VillageMonth {
  code: string
  name: string
  month: string
  as_of: string
  report: Handed
  stars: Stage | null
  rows: Row[]
  rules: Numbers
  plans: string[]
  sample: boolean
}

export type Basis = 'reports' | 'now'

export interface Count {
  state: State
  of: number | null
}

export interface Sum {
  n: number | null
  of: number | null
  without: string[]
}

export interface Rollup {
  month: string
  basis: Basis
  today: string
  columns: string[]
  rows: { code: string; name: string; report: Handed; counted: boolean; counts: Count[] }[]
  sums: Sum[]
  missing: string[]
  returned: string[]
}

export interface VillageName {
  code: string
  name: string
  enrolled: boolean
}

export interface Computer {
  device: string
  who: string
  role: string
  state: 'member' | 'waits' | 'revoked'
  /** 核对码, while it waits. */
  short: string | null
  heard_ms: number | null
}

export interface Offer {
  code: string
  expires_ms: number
  svg: string
  village: string
  role: string
}

export interface HeldBatch {
  village: string
  code: string
  at: string
  why: 'gap' | 'stranger' | 'revoked' | 'role' | 'refused' | 'mass' | 'fork' | 'forged'
  who: string
  /** How many steps wait for the answer. */
  batches: number
  records: number
  voids: number
}

export interface PackageRead {
  village: string
  batches: number
  held: number
  /** The answer to be carried back, in base64. */
  answer: string
  called: string
}
