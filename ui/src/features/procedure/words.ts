/** What the form of a step writes. */
import type { StepAsks, StepLack } from '../../ipc'

/** A reason makes up for it. */
export const softLack = (lack: StepLack): boolean => !lack.hard

export const namesOf = (typed: string): string[] => typed.split(/[、,，;；\s]+/).filter(Boolean)

export interface StepValues {
  by: string
  persons: string
  body: string
  expected: number | null
  present: number | null
  yes: number | null
  no: number | null
  abstained: number | null
  posted_from: string
  posted_until: string
  papers: readonly string[]
  evidence: string
  incomplete_why: string
}

/** Only what this step asks for is written. */
export function fieldsOf(values: StepValues, asks: StepAsks): Record<string, unknown> {
  const fields: Record<string, unknown> = { by: values.by, evidence: values.evidence, incomplete_why: values.incomplete_why }
  if (asks.persons) fields.persons = listOrNull(namesOf(values.persons))
  if (asks.bodies.length) Object.assign(fields, { body: values.body || null, expected: values.expected, present: values.present })
  if (asks.votes) fields.votes = values.yes === null ? null : { yes: values.yes, no: values.no ?? 0, abstained: values.abstained ?? 0 }
  if (asks.posted || asks.announced !== null) fields.posted_from = values.posted_from || null
  if (asks.posted) fields.posted_until = values.posted_until || null
  if (asks.papers.length) fields.papers = listOrNull(values.papers)
  return fields
}

const listOrNull = (list: readonly string[]) => (list.length ? list : null)
