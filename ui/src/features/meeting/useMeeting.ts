/** One meeting that is being recorded: what it says, and the one way in which its steps write. */
import { computed, inject, onBeforeUnmount, provide, reactive, shallowRef, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import { call, problemText, useQuery, useSession, type Answer, type Ask, type Commands, type MeetingPage, type Problem, type Query } from '../../ipc'
import { problemOf } from '../../ipc/problem'
import { t } from '../../shared/i18n'
import { useToast } from '../../shared/useToast'

/** Writes that take a reason where the month is closed. */
export type Correctable = { [K in keyof Commands]: Ask<K> extends { correct?: string } ? (Answer<K> extends { batch: string | null } ? K : never) : never }[keyof Commands]

export interface Meeting {
  id: string
  look: Query<MeetingPage>
  page: ComputedRef<MeetingPage | undefined>
  today: ComputedRef<string>
  /** 定稿: nothing is written until it is opened again. */
  sealed: ComputedRef<boolean>
  /** Writes in the order of asking; undefined when it was refused (`refused` is told which). */
  write: <K extends Correctable>(name: K, ask: Ask<K>, told?: string, refused?: (problem: Problem) => boolean) => Promise<Answer<K> | undefined>
  /** A reason is being asked for. */
  asking: ShallowRef<Asking | undefined>
  /** Fields that may hold something unsaved. */
  open: Set<() => Promise<void>>
  saveAll: () => Promise<void>
}

export interface Asking {
  answer: (reason: string | undefined) => void
}

const key: InjectionKey<Meeting> = Symbol('meeting')
/** A reason given once holds for the meeting until the program is closed. */
const reasons = reactive(new Map<string, string>())
/** The message of the last write, on whichever step. */
let shown: number | undefined

export function provideMeeting(id: string): Meeting {
  const look = useQuery('meeting_look', () => ({ id }))
  const { session } = useSession()
  const asking = shallowRef<Asking>()
  const open = new Set<() => Promise<void>>()
  const toast = useToast()
  let last: Promise<unknown> = Promise.resolve()

  const ask = () => new Promise<string | undefined>((answer) => (asking.value = { answer: (reason) => ((asking.value = undefined), answer(reason)) }))

  async function undo(batch: string): Promise<void> {
    try {
      await call('history_undo', { batch, correct: reasons.get(id) })
    } catch (error) {
      toast.show({ kind: 'problem', text: problemText(problemOf(error)) })
    }
  }

  /** One line at a time: field follows field here, and each has its place in the list of recent steps. */
  function tell(text: string, batch: string) {
    if (shown !== undefined) toast.dismiss(shown)
    shown = toast.show({ text, undo: () => undo(batch) })
  }

  async function once<K extends Correctable>(name: K, given: Ask<K>): Promise<Answer<K>> {
    return call(name, { ...given, correct: reasons.get(id) })
  }

  /** A fact of a closed month is changed for a reason, which is asked for once. */
  async function reasoned<K extends Correctable>(name: K, given: Ask<K>): Promise<Answer<K> | undefined> {
    try {
      return await once(name, given)
    } catch (error) {
      const problem = problemOf(error)
      if (problem.is !== 'refusal' || problem.code !== 'month_closed' || reasons.has(id)) throw problem
      const reason = await ask()
      if (reason === undefined) return undefined
      reasons.set(id, reason)
      return once(name, given)
    }
  }

  function write<K extends Correctable>(name: K, given: Ask<K>, told?: string, refused?: (problem: Problem) => boolean): Promise<Answer<K> | undefined> {
    const mine = last.then(async () => {
      try {
        const answer = await reasoned(name, given)
        const batch = answer?.batch
        if (told !== undefined && batch) tell(told, batch)
        return answer
      } catch (error) {
        const problem = problemOf(error)
        // What was changed elsewhere is shown, and counts as seen: saving again is then a decision.
        if (problem.is === 'refusal' && problem.code === 'changed_meanwhile') await look.refetch()
        if (!refused?.(problem)) toast.show({ kind: 'problem', text: problemText(problem) })
        return undefined
      }
    })
    last = mine
    return mine
  }

  const meeting: Meeting = {
    id,
    look,
    page: computed(() => look.data.value),
    today: computed(() => session.value?.today ?? ''),
    sealed: computed(() => Boolean(look.data.value?.sealed_on)),
    write,
    asking,
    open,
    saveAll: async () => void (await Promise.all([...open].map((save) => save()))),
  }
  provide(key, meeting)
  return meeting
}

export function useMeeting(): Meeting {
  const meeting = inject(key)
  if (!meeting) throw new Error('a step stands inside a meeting')
  return meeting
}

/** Ctrl+S, and leaving the page, save what a field still holds. */
export function useOpenField(save: () => Promise<void>): void {
  const { open } = useMeeting()
  open.add(save)
  onBeforeUnmount(() => {
    open.delete(save)
    void save()
  })
}

/** In a list of meetings the counts are one step away: 97.8%. */
export function shortRate(rate: { satisfied: number; valid: number; plain: boolean }): string {
  return rate.plain || rate.valid === 0 ? rateText(rate) : t('meeting.percent', { percent: percentOf(rate) })
}

function percentOf(rate: { satisfied: number; valid: number }): string {
  const tenths = Math.floor((rate.satisfied * 2000 + rate.valid) / (rate.valid * 2))
  return `${Math.floor(tenths / 10)}.${tenths % 10}`
}

/** 满意率: a percentage with its counts, or the counts alone where they are few. One decimal, halves up, as on paper. */
export function rateText(rate: { satisfied: number; valid: number; plain: boolean }): string {
  if (rate.valid === 0) return '—'
  if (rate.plain) return `${rate.satisfied}/${rate.valid}`
  return t('meeting.rate', { percent: percentOf(rate), satisfied: rate.satisfied, valid: rate.valid })
}
