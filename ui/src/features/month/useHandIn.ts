/** 上报镇里 — whether this month's report still has to go to the township, the going, and what became of it. The window never waits for it: what did not go now goes by itself later. */
import { computed, ref, type ComputedRef, type MaybeRefOrGetter, type Ref, toValue } from 'vue'
import { call, changed, useQuery, useWork, type Problem, type Progress, type RecordSent } from '../../ipc'
import type { Look } from './words'

export interface HandIn {
  /** There is a township to report to. */
  possible: ComputedRef<boolean>
  /** Nothing has come of it yet: the one thing to do on the page. */
  open: ComputedRef<boolean>
  progress: Ref<Progress | undefined>
  problem: Ref<Problem | undefined>
  /** Why the last try did not bring it there, as a word of the catalogue. */
  trouble: Ref<string | undefined>
  send: () => Promise<void>
  stop: () => Promise<void>
}

export function useHandIn(look: MaybeRefOrGetter<Look | undefined>, sent: MaybeRefOrGetter<RecordSent | undefined>): HandIn {
  const { progress, problem, follow, stop } = useWork()
  const brief = useQuery('exchange_brief', {})
  const trouble = ref<string>()
  const possible = computed(() => brief.data.value?.by_line ?? false)
  const open = computed(() => {
    const now = toValue(look)
    return possible.value && now !== undefined && (now.closed === null || (now.answer === null && toValue(sent)?.state !== 'received'))
  })

  async function send(): Promise<void> {
    if (progress.value) return
    trouble.value = undefined
    const job = await follow(() => call('exchange_try', {}))
    if (job !== undefined) trouble.value = (await call('exchange_tried', { job })).trouble ?? undefined
    changed([])
  }
  return { possible, open, progress, problem, trouble, send, stop }
}
