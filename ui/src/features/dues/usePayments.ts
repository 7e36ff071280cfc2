/**
 * Payments as they are typed: shown at once, written when the hand rests. What the ledger refused is said and taken off
 * the grid again; the rest is written all the same.
 */
import { onBeforeUnmount, reactive } from 'vue'
import { changed, problemText, undoOf, useAction, type DuesRow } from '../../ipc'
import { t } from '../../shared/i18n'
import { useToast } from '../../shared/useToast'
import { monthOf, yuan } from './words'

const RESTS_AFTER_MS = 600
/** The message of the last write: one line at a time, the grid must stay in sight. */
let shown: number | undefined

/** On which day, to whom and under which receipt what is typed now was paid. */
export interface Till {
  paid_on: string
  collected_by: string
  receipt: string
}

interface Typed extends Till {
  member: string
  month: string
  fen: number
  /** What the grid had shown before the first key. */
  seen: number | null
}

export function usePayments(year: () => number, till: () => Till) {
  const typed = reactive(new Map<string, Typed>())
  const leaving = new Set<string>()
  const save = useAction('dues_pay')
  const toast = useToast()
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()

  const keyOf = (row: DuesRow, month: number) => `${row.member} ${month}`
  const paidOf = (row: DuesRow, month: number): number | null => typed.get(keyOf(row, month))?.fen ?? row.months[month - 1]?.paid ?? null

  function put(row: DuesRow, month: number, fen: number): void {
    const key = keyOf(row, month)
    if (fen === paidOf(row, month)) return
    const before = typed.get(key)
    leaving.delete(key)
    typed.set(key, { member: row.member, month: monthOf(year(), month), fen, seen: before ? before.seen : (row.months[month - 1]?.paid ?? null), ...till() })
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
    const mine = [...typed.keys()].filter((key) => !leaving.has(key))
    if (mine.length === 0 || (await write(mine))) return
    // One that cannot be written does not take the others along.
    if (mine.length > 1) for (const key of mine) await write([key])
    mine.forEach((key) => leaving.has(key) || typed.delete(key))
    // It was refused for what stands there now: that is to be seen.
    changed(['dues'])
  }

  /** In one step; false when the ledger refused it, which is said when it is about one cell. */
  async function write(keys: readonly string[]): Promise<boolean> {
    const mine = new Map(keys.flatMap((key) => (typed.has(key) ? [[key, { ...typed.get(key)! }] as const] : [])))
    const done = await save.run({ payments: [...mine.values()] })
    if (done === undefined) {
      // What was refused is shown as the ledger has it, not as if it had been kept.
      if (mine.size === 1 && save.problem.value) toast.show({ kind: 'problem', text: problemText(save.problem.value) })
      return false
    }
    if (done.batch !== null) {
      const sum = [...mine.values()].reduce((all, one) => all + one.fen, 0)
      if (shown !== undefined) toast.dismiss(shown)
      shown = toast.show({ text: t('dues.told_paid', { n: mine.size, yuan: yuan(sum) }), undo: undoOf(done.batch) })
    }
    for (const [key, one] of mine) {
      const now = typed.get(key)
      if (now?.fen === one.fen) leaving.add(key)
      else if (now) now.seen = one.fen
    }
    return true
  }

  /** Written cells stay as typed until the grid has asked again. */
  function asked(): void {
    leaving.forEach((key) => typed.delete(key))
    leaving.clear()
  }

  onBeforeUnmount(() => void flush())
  return { paidOf, put, flush, asked }
}
