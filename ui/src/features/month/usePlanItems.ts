/** The lines of 存在问题与下月安排 as they are being written: a draft of them outlives a power cut. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { call } from '../../ipc'
import type { Look } from './words'

export interface PlanItems {
  items: Ref<string[]>
  dirty: ComputedRef<boolean>
  keepDraft: () => Promise<void>
  settled: () => Promise<void>
}

const filled = (items: readonly string[]) => items.map((item) => item.trim()).filter(Boolean)
const same = (a: readonly string[], b: readonly string[]) => JSON.stringify(filled(a)) === JSON.stringify(filled(b))

function linesOf(draft: unknown): string[] | undefined {
  return Array.isArray(draft) ? draft.filter((line): line is string => typeof line === 'string') : undefined
}

export function usePlanItems(look: () => Look): PlanItems {
  const items = ref<string[]>([''])
  const saved = ref<string[]>([])
  const dirty = computed(() => !same(items.value, saved.value))
  const key = () => `month_plan:${look().month}`

  function show(lines: readonly string[]) {
    items.value = lines.length ? [...lines] : ['']
  }

  async function begin(month: string) {
    saved.value = look().plan.items
    show(saved.value)
    const draft = await call('draft_get', { key: key() })
    if (look().month === month && draft !== null) show(linesOf(draft.form) ?? saved.value)
  }

  watch(() => look().month, begin, { immediate: true })
  // What was saved may be undone, or changed elsewhere; what is being written stays.
  watch(
    () => look().plan.items,
    (now) => {
      if (!dirty.value) show(now)
      saved.value = now
    },
  )

  async function keepDraft() {
    if (dirty.value) await call('draft_put', { key: key(), form: items.value })
  }

  async function settled() {
    saved.value = filled(items.value)
    await call('draft_drop', { key: key() })
  }
  return { items, dirty, keepDraft, settled }
}
