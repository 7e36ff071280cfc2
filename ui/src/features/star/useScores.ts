/**
 * Scores as they are typed: shown at once, written when the row is left or the hand rests. What could not be written
 * stays on the screen and is said.
 */
import { computed, onBeforeUnmount, reactive, type Ref } from 'vue'
import { call, problemText, undoOf, useAction, type StarRow } from '../../ipc'
import { t } from '../../shared/i18n'
import { useToast } from '../../shared/useToast'
import { countOf, scoreOf, STAGES, whyOf, type Stage, type Stars } from './words'

const RESTS_AFTER_MS = 600
/** The message of the last write: one line at a time, the list must stay in sight. */
let shown: number | undefined

interface Typed {
  household: string
  /** The stage it was typed for: it is written there, whichever is shown by then. */
  stage: Stage
  stars: Stars | null
  /** What the grid had shown when the first key was pressed. */
  seen: Stars | null
  why: string | null
}

export function useScores(cycle: () => string, stage: Ref<Stage>, rows: () => readonly StarRow[]) {
  const typed = reactive(new Map<string, Typed>())
  const save = useAction('star_score')
  const toast = useToast()
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()

  const keyOf = (household: string) => `${stage.value} ${household}`
  const starsOf = (row: StarRow): Stars | null => {
    const mine = typed.get(keyOf(row.household))
    return mine === undefined ? scoreOf(row, stage.value) : mine.stars
  }
  const scored = computed(() => rows().filter((row) => isRated(row) && starsOf(row) !== null).length)
  const rated = computed(() => rows().filter(isRated).length)

  function set(row: StarRow, stars: Stars | null): void {
    if (!isRated(row)) return
    const before = typed.get(keyOf(row.household))
    keep(row, stars, before ? before.seen : scoreOf(row, stage.value), before?.why ?? whyOf(row, stage.value))
    rest()
  }

  function toggle(row: StarRow, at: number): void {
    const now = starsOf(row) ?? [false, false, false, false, false]
    set(row, now.map((is, i) => (i === at ? !is : is)) as Stars)
  }

  function explain(row: StarRow, why: string): Promise<void> {
    keep(row, starsOf(row), scoreOf(row, stage.value), why.trim() || null)
    return flush()
  }

  function keep(row: StarRow, stars: Stars | null, seen: Stars | null, why: string | null): void {
    leaving.delete(keyOf(row.household))
    typed.set(keyOf(row.household), { household: row.household, stage: stage.value, stars, seen, why })
  }

  function rest(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), RESTS_AFTER_MS)
  }

  /** Writes what is typed. One after the other: the later one builds on the earlier. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    writing = writing.then(once)
    return writing
  }

  async function once(): Promise<void> {
    for (const one of STAGES) await write(one)
  }

  async function write(of: Stage): Promise<void> {
    const mine = new Map([...typed].filter(([key, one]) => one.stage === of && !leaving.has(key)).map(([key, one]) => [key, { ...one }]))
    if (mine.size === 0) return
    const scores = [...mine.values()].map(({ household, stars, seen, why }) => ({ household, stars, seen, ...(why === null ? {} : { why }) }))
    const done = await save.run({ cycle: cycle(), stage: of, scores })
    if (done === undefined) {
      const problem = save.problem.value
      if (problem?.is === 'refusal' && problem.code === 'changed_meanwhile') await seeAgain(of)
      if (problem) toast.show({ kind: 'problem', text: problemText(problem) })
      return
    }
    if (done.batch !== null) {
      if (shown !== undefined) toast.dismiss(shown)
      shown = toast.show({ text: toldOf(mine), undo: undoOf(done.batch) })
    }
    for (const [key, one] of mine) {
      const now = typed.get(key)
      if (now && JSON.stringify(now.stars) === JSON.stringify(one.stars) && now.why === one.why) leaving.add(key)
      else if (now) now.seen = one.stars
    }
  }

  /** Another window was first, and that is told: what it wrote counts as seen, saving again is then a decision. */
  async function seeAgain(of: Stage): Promise<void> {
    const now = new Map((await call('star_rows', { id: cycle() })).map((row) => [row.household, row]))
    for (const one of typed.values()) {
      const row = one.stage === of ? now.get(one.household) : undefined
      if (row) one.seen = scoreOf(row, of)
    }
  }

  /** Written rows stay as typed until the grid has asked again. */
  const leaving = new Set<string>()
  function asked(): void {
    leaving.forEach((key) => typed.delete(key))
    leaving.clear()
  }

  function toldOf(mine: ReadonlyMap<string, Typed>): string {
    if (mine.size !== 1) return t('star.carried', { n: mine.size })
    const one = [...mine.values()][0]
    const row = rows().find((other) => other.household === one?.household)
    const named = { head: row?.head ?? '', stage: t(`star.stage.${one?.stage ?? stage.value}`) }
    return one?.stars ? t('star.told_score', { ...named, n: countOf(one.stars) }) : t('star.told_cleared', named)
  }

  onBeforeUnmount(() => void flush())
  return { starsOf, scored, rated, set, toggle, explain, flush, asked }
}

/** Nothing keeps it out. */
export const isRated = (row: StarRow): boolean => row.veto === null && row.unrated_reason === null
