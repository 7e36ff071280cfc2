/**
 * 导入 — what was chosen, said and typed over so far, and what the desk made of it. The first lies in a draft and comes
 * back after a power cut; the second is asked anew whenever the first has changed.
 */
import { reactive, ref, shallowRef, watch } from 'vue'
import { call, problemOf, useWork, type ChosenTable, type ImportCheck, type Problem, type TableLook } from '../../ipc'
import { useDraft } from '../../shared/useDraft'

export const STEPS = ['files', 'columns', 'check', 'write'] as const
export type Step = (typeof STEPS)[number]
export type Choice = '' | 'update' | 'new'

export interface ImportState {
  step: Step
  files: ChosenTable[]
  /** What becomes of records that stand in the ledger and differ. */
  choice: Choice
  /** Why a closed month is changed. */
  reason: string
}

const fresh = (): ImportState => ({ step: 'files', files: [], choice: '', reason: '' })

export function useImport() {
  const state = reactive(fresh())
  const draft = useDraft('import', state, () => state.files.length > 0, (kept) => Object.assign(state, kept))
  const work = useWork()
  const tables = shallowRef<TableLook[]>([])
  const seen = shallowRef<ImportCheck>()
  const problem = ref<Problem>()
  /** How often the cells were typed over since the check that is shown. */
  let behind = 0

  const busy = () => work.progress.value !== undefined

  /** Runs one piece of work; its problem is told on the page. */
  async function follow(begin: () => Promise<{ job: number }>): Promise<number | undefined> {
    problem.value = undefined
    const job = await work.follow(begin)
    problem.value = work.problem.value
    return job
  }

  async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question()
    } catch (error) {
      problem.value = problemOf(error)
      return undefined
    }
  }

  async function look(): Promise<void> {
    tables.value = (await ask(() => call('import_look', { files: state.files }))) ?? tables.value
  }

  async function read(): Promise<boolean> {
    const job = await follow(() => call('import_read', { paths: state.files.map((file) => file.path) }))
    if (job === undefined) return false
    await look()
    return true
  }

  async function check(): Promise<boolean> {
    const job = await follow(() => call('import_check', { files: state.files, only_new: false }))
    const found = job === undefined ? undefined : await ask(() => call('import_checked', { job }))
    if (found !== undefined) seen.value = found
    return found !== undefined
  }

  /** Checks again; what is typed meanwhile is checked in a further round. */
  async function recheck(): Promise<void> {
    behind += 1
    if (busy()) return
    while (behind > 0) {
      behind = 0
      if (!(await check())) return
    }
  }

  /** Goes to a step when what it shows can be had. */
  async function go(step: Step): Promise<void> {
    if (busy()) return
    if (step !== 'files' && !(await read())) return
    if ((step === 'check' || step === 'write') && !(await check())) return
    state.step = step
  }

  async function restart(): Promise<void> {
    Object.assign(state, fresh())
    tables.value = []
    seen.value = undefined
    problem.value = undefined
    await draft.drop()
  }

  // What was left half done goes on where it was.
  watch(draft.restored, async (restored) => {
    if (!restored) return
    const step = state.step
    state.step = 'files'
    await go(step)
  })

  return { state, draft, work, tables, seen, problem, busy, follow, ask, look, recheck, go, restart }
}

export type Import = ReturnType<typeof useImport>
