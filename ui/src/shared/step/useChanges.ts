/** What a form has changed of a record, and what it had shown: a value changed elsewhere meanwhile is not written over. */
type Values = Record<string, string | boolean | number | null>

export function changesOf(shown: Values, typed: Values): { fields: Record<string, unknown>; seen: Record<string, unknown> } {
  const fields: Record<string, unknown> = {}
  const seen: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(typed)) {
    const before = shown[name] ?? null
    const now = typeof value === 'string' && value.trim() === '' ? null : value
    if (now === (before === '' ? null : before)) continue
    fields[name] = now
    seen[name] = before === '' ? null : before
  }
  return { fields, seen }
}

/** A number that is still masked was not changed. One that holds a star and was changed is no number. */
export function isHalfMasked(typed: string, masked: string): boolean {
  return typed !== masked && typed.includes('*')
}
