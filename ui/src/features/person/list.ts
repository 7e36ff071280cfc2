/** The register as the clerk has narrowed it down; kept while the program runs. */
import { computed, reactive, ref, watch, type ComputedRef } from 'vue'
import type { LocationQuery } from 'vue-router'
import { call, type PersonList, type PersonRow } from '../../ipc'
import type { Sort } from '../../shared/kit/table'

export const who = ['roll', 'cadre', 'member', 'head', 'away', 'doubtful', 'missing', 'left', 'all'] as const
export type Who = (typeof who)[number]

const start = { text: '', group: '', who: 'roll' as Who }
export const filters = reactive({ ...start })
export const sort = ref<Sort>()
const found = ref<ReadonlyMap<string, number>>(new Map())

export const isNarrowed = computed(() => filters.text !== '' || filters.group !== '' || filters.who !== start.who)

export function clearFilters(): void {
  Object.assign(filters, start)
}

/** A link from elsewhere: `?who=cadre`, `?who=doubtful`. */
export function takeQuery(query: LocationQuery): void {
  const said = who.find((one) => one === query.who)
  if (!said) return
  clearFilters()
  filters.who = said
}

let latest = 0
let searching: Promise<void> = Promise.resolve()
watch(() => filters.text, (text) => (searching = search(text)), { flush: 'sync' })

async function search(text: string): Promise<void> {
  const mine = (latest += 1)
  const ids = text.trim() ? await call('find_all', { text, among: 'everyone' }) : []
  if (mine === latest) found.value = new Map(ids.map((id, rank) => [id, rank]))
}

export function searchAgain(): void {
  if (filters.text.trim()) searching = search(filters.text)
}

/** Enter right after the last letter means what that letter finds. */
export const searched = (): Promise<void> => searching

export const isCadre = (row: PersonRow): boolean => row.household === null

const belongs: Record<Who, (row: PersonRow) => boolean> = {
  roll: (row) => row.on_roll,
  cadre: (row) => isCadre(row) && !row.left && !row.died,
  member: (row) => row.member !== null,
  head: (row) => row.on_roll && row.head,
  away: (row) => row.on_roll && row.away,
  doubtful: (row) => row.on_roll && row.id_state === 'doubtful',
  missing: (row) => row.on_roll && row.id_state === 'missing',
  left: (row) => row.left || row.died,
  all: () => true,
}

export function useRows(list: () => PersonList | undefined): ComputedRef<PersonRow[]> {
  return computed(() => {
    const { households = [], groups = [], people = [] } = list() ?? {}
    const group = groups.findIndex((one) => one.id === filters.group)
    const inGroup = (row: PersonRow) => !filters.group || (row.household !== null && households[row.household]?.group === group)
    const text = filters.text.trim()
    const rows = people.filter((row) => belongs[filters.who](row) && inGroup(row) && (!text || found.value.has(row.id)))
    const rank = (row: PersonRow) => found.value.get(row.id) ?? Infinity
    return sorted(text ? rows.sort((a, b) => rank(a) - rank(b)) : rows)
  })
}

const byKey: Record<string, (row: PersonRow) => string> = { born: (row) => row.born ?? '' }

function sorted(rows: PersonRow[]): PersonRow[] {
  const key = sort.value && byKey[sort.value.key]
  if (!key) return rows
  const sign = sort.value?.down ? -1 : 1
  return [...rows].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
}
