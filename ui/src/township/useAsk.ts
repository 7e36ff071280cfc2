/** Asking the server: the last good answer stays on the page, with its time, while a newer one is on its way or fails. */
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { get, post, type Query, type Trouble } from './api'
import { signedOut } from './session'
import { troubleOf } from './trouble'

export interface Asked<T> {
  data: ShallowRef<T | undefined>
  /** When `data` was told. */
  at: Ref<number>
  trouble: ShallowRef<Trouble | undefined>
  loading: Ref<boolean>
  refetch: () => Promise<void>
}

/** A board that is left open is asked again now and then. */
const AGAIN_MS = 60_000

function failed(error: unknown): Trouble {
  const trouble = troubleOf(error)
  if (trouble.is === 'signed_out') signedOut()
  return trouble
}

export function useAsk<T>(name: string, query: MaybeRefOrGetter<Query | undefined>, options: { keeps?: boolean } = {}): Asked<T> {
  const data = shallowRef<T>()
  const at = ref(0)
  const trouble = shallowRef<Trouble>()
  const loading = ref(false)
  let latest = 0

  async function refetch(): Promise<void> {
    const question = toValue(query)
    const mine = (latest += 1)
    if (question === undefined) return
    loading.value = true
    try {
      const answer = await get<T>(name, question)
      if (mine !== latest) return
      data.value = answer
      at.value = Date.now()
      trouble.value = undefined
    } catch (error) {
      if (mine === latest) trouble.value = failed(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  watch(
    () => JSON.stringify(toValue(query)),
    () => {
      // Another question's answer is not shown for this one.
      data.value = undefined
      void refetch()
    },
    { immediate: true },
  )
  const timer = options.keeps ? window.setInterval(() => document.visibilityState === 'visible' && void refetch(), AGAIN_MS) : undefined
  onScopeDispose(() => {
    window.clearInterval(timer)
    latest += 1
  })
  return { data, at, trouble, loading, refetch }
}

/** A write. While one runs a second is not begun. */
export function useDeed<A, T>(name: string) {
  const busy = ref(false)
  const trouble = shallowRef<Trouble>()

  async function run(body: A): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    trouble.value = undefined
    try {
      return await post<T>(name, body)
    } catch (error) {
      trouble.value = failed(error)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { run, busy, trouble }
}
