/**
 * The grid of ballots. A pair is written into the ledger as soon as its numbers are whole and possible; until then
 * what is typed is a draft on this computer.
 */
import { computed, onBeforeUnmount, onMounted, reactive, ref, toRaw, watch } from 'vue'
import type { RoundView } from '../../ipc'
import { t } from '../../shared/i18n'
import { ballotsOf, check, tallyOf, type Ballots } from './ballots'
import { dropDraft, findDraft, putDraft } from './drafts'
import { useMeeting, useOpenField } from './useMeeting'

type Rows = Record<number, Ballots>

function isRows(form: unknown): form is Rows {
  return typeof form === 'object' && form !== null && Object.values(form).every((row: unknown) => typeof row === 'object' && row !== null && 'grades' in row)
}

export function useTallies() {
  const meeting = useMeeting()
  const key = `meeting:${meeting.id}:tallies`
  const rows = reactive<Rows>({})
  const each = ref(false)
  const rounds = computed(() => meeting.page.value?.rounds ?? [])
  const counts = computed(() => meeting.page.value?.counts ?? [])
  const present = computed(() => meeting.page.value?.present ?? null)
  const stored = computed(() => Object.fromEntries(rounds.value.map((round) => [round.pair, ballotsOf(round, counts.value)])))
  /** What the ledger holds, as far as we know: our own last write counts before the page has asked again. */
  let before: Rows = {}
  let seen: Record<number, unknown> = {}
  let saving: Promise<void> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined

  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const isOpen = (pair: number) => !same(rows[pair], before[pair])

  watch(stored, (now) => {
    for (const [pair, ballots] of Object.entries(now)) {
      if (!rows[Number(pair)] || !isOpen(Number(pair))) rows[Number(pair)] = structuredClone(ballots)
    }
    before = structuredClone(now)
    seen = Object.fromEntries(rounds.value.map((round) => [round.pair, round.tally]))
    // Pairs that were handed out in different numbers are shown so.
    each.value ||= new Set(Object.values(now).filter((row) => row.grades.some((n) => n !== null)).map((row) => `${row.issued} ${row.returned}`)).size > 1
  }, { immediate: true })

  onMounted(async () => {
    const draft = await findDraft(key)
    if (!isRows(draft)) return
    for (const [pair, ballots] of Object.entries(draft)) {
      if (rows[Number(pair)] && ballots.grades.length === counts.value.length) rows[Number(pair)] = ballots
    }
  })

  const open = () => rounds.value.filter((round) => isOpen(round.pair))

  async function keepDraft(): Promise<void> {
    clearTimeout(timer)
    const form = Object.fromEntries(open().map((round) => [round.pair, rows[round.pair]]))
    await (Object.keys(form).length > 0 ? putDraft(key, form) : dropDraft(key))
  }
  watch(rows, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void keepDraft(), 500)
  }, { deep: true })
  onBeforeUnmount(() => clearTimeout(timer))

  /** Writes what is whole by now. */
  async function once(): Promise<void> {
    if (meeting.sealed.value) return
    const ready = open().flatMap((round) => one(round) ?? [])
    if (ready.length > 0) {
      const list = ready.map(({ round, tally }) => ({ pair: round.pair, fields: { tally }, seen: { tally: seen[round.pair] ?? null } }))
      const typed = structuredClone(toRaw(rows))
      const done = await meeting.write('meeting_rounds', { meeting: meeting.id, rounds: list }, t('meeting.tally_saved', { who: ready.map(({ round }) => round.who).join('、') }))
      if (done) ready.forEach(({ round, tally }) => settle(round.pair, tally, typed))
    }
    await keepDraft()
  }

  /** Cells left empty that the sum proves to be none are shown as such once the page has asked again. */
  function settle(pair: number, tally: Record<string, number> | null, typed: Rows) {
    seen[pair] = tally
    if (typed[pair]) before[pair] = typed[pair]
  }

  /** Every cell that is left asks for it: the next finds only what is new. */
  function save(): Promise<void> {
    saving = saving.then(once)
    return saving
  }
  useOpenField(save)

  function one(round: RoundView): { round: RoundView; tally: Record<string, number> | null } | undefined {
    const row = rows[round.pair]
    if (!row) return undefined
    const emptied = row.grades.every((n) => n === null) && round.tally !== null
    const tally = emptied ? null : tallyOf(row, counts.value, present.value)
    return tally === null && !emptied ? undefined : { round, tally }
  }

  /** 发出 and 收回 of all pairs alike. */
  function forAll(name: 'issued' | 'returned') {
    return computed({
      get: () => rows[rounds.value[0]?.pair ?? 0]?.[name] ?? null,
      set: (n: number | null) => rounds.value.forEach((round) => rows[round.pair] && (rows[round.pair]![name] = n)),
    })
  }

  const checkOf = (pair: number) => (rows[pair] ? check(rows[pair], present.value) : ({ state: 'empty' } as const))
  const waiting = computed(() => rounds.value.filter((round) => rows[round.pair] && isOpen(round.pair) && one(round) === undefined && checkOf(round.pair).state !== 'empty').length)
  return { rows, rounds, each, present, save, checkOf, waiting, issued: forAll('issued'), returned: forAll('returned') }
}
