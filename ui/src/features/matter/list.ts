/** The list of matters as the clerk has narrowed it down; coming back finds it as it was. */
import { computed, reactive, type ComputedRef } from 'vue'
import type { LocationQuery } from 'vue-router'
import type { MatterRow, Which } from '../../ipc'

export const whiches = ['open', 'due', 'undated', 'all'] as const satisfies readonly Which[]
export const sources = ['meeting', 'visit', 'link', 'mend', 'other'] as const satisfies readonly MatterRow['raised_at'][]

const start = { which: 'open' as Which, text: '', group: '', raised: '', household: '' }
export const filters = reactive({ ...start })

export const isNarrowed = computed(() => filters.text !== '' || filters.group !== '' || filters.raised !== '' || filters.household !== '')

export function clearFilters(): void {
  Object.assign(filters, { ...start, which: filters.which })
}

/** A link from elsewhere says what to show: `?which=due`, `?household=…`. */
export function takeQuery(query: LocationQuery): void {
  const which = whiches.find((one) => one === query.which)
  const household = typeof query.household === 'string' ? query.household : ''
  if (which === undefined && household === '') return
  Object.assign(filters, start, { which: which ?? 'all', household })
}

function fits(row: MatterRow): boolean {
  if (filters.group !== '' && row.group !== filters.group) return false
  if (filters.raised !== '' && row.raised_at !== filters.raised) return false
  const wanted = filters.text.trim()
  return wanted === '' || [row.text, row.head, row.owner, row.person, row.answer].some((text) => text?.includes(wanted))
}

export function useRows(list: () => readonly MatterRow[] | undefined): ComputedRef<MatterRow[]> {
  return computed(() => (list() ?? []).filter(fits))
}

/** The groups there are, in the village's order. */
export function groupsOf(rows: readonly MatterRow[]): string[] {
  const numbers = new Map(rows.flatMap((row) => (row.group === null ? [] : [[row.group, row.group_number ?? Infinity] as const])))
  return [...numbers].sort((a, b) => a[1] - b[1]).map(([name]) => name)
}
