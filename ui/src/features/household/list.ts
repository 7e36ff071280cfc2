/** The household list as the clerk has narrowed it down. Kept while the program runs, so that coming back finds it as it was. */
import { computed, reactive, ref, watch, type ComputedRef } from 'vue'
import type { LocationQuery } from 'vue-router'
import { call, type HouseholdList, type HouseholdRow } from '../../ipc'
import type { Sort } from '../../shared/kit/table'

/** Which households: all on the roll, those lived in or not, those that have ended, or those of a class (its code). */
export const standings = ['standing', 'lived_in', 'vacant', 'ended'] as const

const start = { text: '', group: '', helper: '', kind: 'standing', unvisited: false }

export const filters = reactive({ ...start })
export const sort = ref<Sort>()

/** Nobody at all is paired with it; or nobody by 结对帮扶. */
export const nobody = 'nobody'
export const noAid = 'no_aid'

/** What was found for `filters.text`: household → rank. */
const found = ref<ReadonlyMap<string, number>>(new Map())
/** The order in which the list last stood: the household page goes through it. */
export const lastOrder = ref<readonly string[]>([])

export const isNarrowed = computed(() => Object.entries(start).some(([name, value]) => filters[name as keyof typeof start] !== value))

export function clearFilters(): void {
  Object.assign(filters, start)
}

/** A link from elsewhere says what to show: `?unvisited=1|long`, `?unpaired=1|aid`, `?helper=…` (of one `&bond=…`), `?group=…`, `?class=…`. */
export function takeQuery(query: LocationQuery): void {
  const said = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  if (!['unvisited', 'unpaired', 'helper', 'group', 'class'].some((name) => said(name))) return
  clearFilters()
  filters.unvisited = said('unvisited') !== ''
  if (said('unvisited') === 'long') sort.value = { key: 'last', down: false }
  filters.group = said('group')
  filters.kind = said('class') || start.kind
  filters.helper = [said('helper'), said('bond')].filter(Boolean).join(' ') || (said('unpaired') === 'aid' ? noAid : said('unpaired') ? nobody : '')
}

let latest = 0
let searching: Promise<void> = Promise.resolve()
/** The former hits stay until the new ones are there: the list never blinks. */
watch(() => filters.text, (text) => (searching = search(text)), { flush: 'sync' })

async function search(text: string): Promise<void> {
  const mine = (latest += 1)
  const ids = text.trim() ? await call('find_all', { text, among: 'households' }) : []
  if (mine === latest) found.value = new Map(ids.map((id, rank) => [id, rank]))
}

/** Names may have changed since they were searched. */
export function searchAgain(): void {
  if (filters.text.trim()) searching = search(filters.text)
}

/** Enter right after the last letter means what that letter finds. */
export const searched = (): Promise<void> => searching

function isKind(row: HouseholdRow): boolean {
  if (filters.kind === 'ended') return row.ended_on !== null
  if (row.ended_on !== null) return false
  if (filters.kind === 'vacant' || filters.kind === 'lived_in') return row.vacant === (filters.kind === 'vacant')
  return filters.kind === 'standing' || row.classes.includes(filters.kind)
}

function isPaired(row: HouseholdRow): boolean {
  if (filters.helper === nobody) return row.helpers.length === 0
  if (filters.helper === noAid) return !row.helpers.some((helper) => helper.bond === 'aid')
  const [id, bond] = filters.helper.split(' ')
  return row.helpers.some((helper) => helper.id === id && (bond === undefined || helper.bond === bond))
}

function fits(row: HouseholdRow): boolean {
  if (filters.group && row.group !== filters.group) return false
  if (filters.helper && !isPaired(row)) return false
  if (filters.unvisited && !isDue(row)) return false
  return isKind(row)
}

export const isDue = (row: HouseholdRow): boolean => row.visited === 'not_yet' || row.visited === 'not_for_long'

const byKey: Record<string, (row: HouseholdRow) => string | number> = {
  number: (row) => row.number ?? Infinity,
  people: (row) => row.people,
  stars: (row) => row.stars ?? -1,
  last: (row) => row.last_visit ?? '',
}

function sorted(rows: HouseholdRow[]): HouseholdRow[] {
  const key = sort.value && byKey[sort.value.key]
  if (!key) return rows
  const sign = sort.value?.down ? -1 : 1
  return [...rows].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
}

export function useRows(list: () => HouseholdList | undefined): ComputedRef<HouseholdRow[]> {
  return computed(() => {
    const rows = (list()?.rows ?? []).filter(fits)
    if (!filters.text.trim()) return sorted(rows)
    const rank = (row: HouseholdRow) => found.value.get(row.id) ?? Infinity
    return sorted(rows.filter((row) => found.value.has(row.id)).sort((a, b) => rank(a) - rank(b)))
  })
}
