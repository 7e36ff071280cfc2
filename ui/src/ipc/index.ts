/** Commands and their answers, typed by name. Pages use `useQuery` and `useAction`; nothing else asks the program. */
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'

import { useToast } from '../shared/useToast'
import { READS, type Commands } from './commands'
import { findHost } from './host'
import { problemOf, problemText } from './problem'
import type { Kind, Problem, Progress, Session } from './types'

export type * from './types'
export type { Commands } from './commands'
export type { Pick } from './host'
export { findingText, lackText, opOf, problemOf, problemText, wordOf } from './problem'

const host = findHost()

export const pick = host.pick.bind(host)
export const show = host.show.bind(host)

const BEAT_EVERY_MS = 5_000
host.beat()
window.setInterval(() => host.beat(), BEAT_EVERY_MS)
document.addEventListener('visibilitychange', () => host.beat())

type Name = keyof Commands
export type Ask<K extends Name> = Commands[K]['ask']
export type Answer<K extends Name> = Commands[K]['answer']

type Listener = (touched: ReadonlySet<string> | 'all') => void
const listeners = new Set<Listener>()

/** Tells every open page what has changed. */
export function changed(touched: Iterable<string> | 'all'): void {
  const kinds = touched === 'all' ? 'all' : new Set(touched)
  listeners.forEach((listen) => listen(kinds))
}

type NewsListener = (records: ReadonlySet<string>) => void
const newsListeners = new Set<NewsListener>()

/** Hears which records came in from other computers; the answer ends it. */
export function onNews(listen: NewsListener): () => void {
  newsListeners.add(listen)
  return () => void newsListeners.delete(listen)
}

const NEWS_EVERY_MS = 2_000
const NEWS_UNSEEN_MS = 20_000

/** Asks for what came in while `isOn`; open pages hear of it as of a save of their own. */
export function followNews(isOn: () => boolean): void {
  let seen = 0
  async function look(): Promise<void> {
    const news = await call('exchange_news', { seen })
    // What came before the first look is news too: a township that was just joined answers sooner than it is asked.
    if (news.no === seen) return
    seen = news.no
    newsListeners.forEach((listen) => listen(new Set(news.records)))
    changed(news.touched ?? 'all')
  }
  async function follow(): Promise<void> {
    // A window that cannot ask now asks again; what it missed is told then.
    if (isOn()) await look().catch(() => {})
    window.setTimeout(() => void follow(), document.visibilityState === 'visible' ? NEWS_EVERY_MS : NEWS_UNSEEN_MS)
  }
  void follow()
}

interface Written {
  batch: string | null
  touched: Kind[]
}

function isWritten(answer: unknown): answer is Written {
  return typeof answer === 'object' && answer !== null && 'touched' in answer && 'batch' in answer
}

/** Questions on their way; when the first page has all its answers and has drawn them, the window is told once. */
let asking = 0
let told = false

function settle(): void {
  asking -= 1
  if (told) return
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (told || asking > 0 || document.querySelector('h1') === null) return
      told = true
      host.beat(true)
    }),
  )
}

/** Asks once. Throws a `Problem`. */
export async function call<K extends Name>(name: K, ask: Ask<K>): Promise<Answer<K>> {
  asking += 1
  try {
    const answer = await host.call(name, ask)
    if (isWritten(answer) && answer.batch !== null) changed(answer.touched)
    return answer
  } catch (error) {
    throw problemOf(error)
  } finally {
    settle()
  }
}

export interface Query<T> {
  /** The last good answer: it stays on the screen while a newer one is on its way. */
  data: ShallowRef<T | undefined>
  problem: Ref<Problem | undefined>
  loading: Ref<boolean>
  refetch: () => Promise<void>
}

/** Asks now, again when the question changes, and again when a write touches what the answer is made of. */
export function useQuery<K extends Name>(name: K, ask: MaybeRefOrGetter<Ask<K> | undefined>): Query<Answer<K>> {
  const data = shallowRef<Answer<K>>()
  const problem = ref<Problem>()
  const loading = ref(false)
  let latest = 0

  async function refetch(): Promise<void> {
    const question = toValue(ask)
    const mine = (latest += 1)
    if (question === undefined) {
      data.value = undefined
      loading.value = false
      return
    }
    loading.value = true
    try {
      const answer = await call(name, question)
      if (mine === latest) {
        data.value = answer
        problem.value = undefined
      }
    } catch (error) {
      if (mine === latest) problem.value = problemOf(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  const reads: readonly string[] = READS[name] ?? []
  const listen: Listener = (touched) => {
    const concerned = touched === 'all' || reads.includes('all') || reads.some((kind) => touched.has(kind))
    if (concerned) void refetch()
  }
  listeners.add(listen)
  onScopeDispose(() => {
    listeners.delete(listen)
    latest += 1
  })
  watch(() => JSON.stringify(toValue(ask)), () => void refetch(), { immediate: true })
  return { data, problem, loading, refetch }
}

export interface Action<K extends Name> {
  /** The answer, or nothing when there was a problem (then `problem` says which). */
  run: (ask: Ask<K>, told?: string) => Promise<Answer<K> | undefined>
  busy: Ref<boolean>
  problem: Ref<Problem | undefined>
}

/**
 * What a refusal has told of a value that was changed elsewhere counts as seen: saving again is then a decision, about
 * that value and no later one.
 */
function useTold(): { learn: (problem: Problem) => void; knowing: <A>(ask: A) => A; forget: () => void } {
  let told: Record<string, unknown> = {}
  return {
    learn: (problem) => {
      if (problem.is !== 'refusal' || problem.code !== 'changed_meanwhile') return
      const { field, held } = problem.details
      if (field !== undefined && held !== undefined) told[field] = JSON.parse(held)
    },
    knowing: (ask) => {
      if (typeof ask !== 'object' || ask === null || !('seen' in ask) || typeof ask.seen !== 'object') return ask
      const shown = Object.entries(ask.seen ?? {}).map(([field, value]) => [field, field in told ? told[field] : value])
      return { ...ask, seen: Object.fromEntries(shown) }
    },
    forget: () => (told = {}),
  }
}

/** A write. While one runs a second is not begun; `told` is the sentence of the toast, which carries 撤销. */
export function useAction<K extends Name>(name: K): Action<K> {
  const busy = ref(false)
  const problem = ref<Problem>()
  const toast = useToast()
  const { learn, knowing, forget } = useTold()

  async function run(ask: Ask<K>, told?: string): Promise<Answer<K> | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = undefined
    try {
      const answer = await call(name, knowing(ask))
      forget()
      if (told !== undefined) toast.show({ text: told, undo: isWritten(answer) && answer.batch !== null ? undoOf(answer.batch) : undefined })
      return answer
    } catch (error) {
      problem.value = problemOf(error)
      learn(problem.value)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { run, busy, problem }
}

/** Takes a step back; when it cannot be, says why. */
export function undoOf(batch: string): () => Promise<void> {
  return async () => {
    try {
      await call('history_undo', { batch })
    } catch (error) {
      useToast().show({ kind: 'problem', text: problemText(problemOf(error)) })
    }
  }
}

export interface Work {
  progress: Ref<Progress | undefined>
  problem: Ref<Problem | undefined>
  /** Begins, follows and ends; true when it came to its end. */
  follow: (begin: () => Promise<{ job: number }>) => Promise<number | undefined>
  stop: () => Promise<void>
}

const LOOK_EVERY_MS = 150

/** Long work: how far it has come, and a way to stop it. `follow` gives the job's number when it has ended well. */
export function useWork(): Work {
  const progress = ref<Progress>()
  const problem = ref<Problem>()
  let running: number | undefined

  async function follow(begin: () => Promise<{ job: number }>): Promise<number | undefined> {
    problem.value = undefined
    // Under way from the first moment: a second beginning finds it so.
    progress.value = { step: '', done: 0, of: 0, ended: false, problem: null }
    try {
      const { job } = await begin()
      running = job
      for (;;) {
        const now = await call('job_look', { job })
        progress.value = now
        if (now.problem !== null) throw now.problem
        if (now.ended) return job
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      }
    } catch (error) {
      problem.value = problemOf(error)
      return undefined
    } finally {
      running = undefined
      progress.value = undefined
    }
  }

  async function stop(): Promise<void> {
    if (running !== undefined) await call('job_stop', { job: running })
  }
  return { progress, problem, follow, stop }
}

const session = shallowRef<Session>()

/** What every page needs to know; asked again after every write to the village itself. */
export function useSession(): { session: ShallowRef<Session | undefined>; refresh: () => Promise<void> } {
  return { session, refresh: refreshSession }
}

async function refreshSession(): Promise<void> {
  session.value = await call('session_look', {})
}

listeners.add((touched) => {
  if (touched === 'all' || touched.has('village')) void refreshSession()
})
