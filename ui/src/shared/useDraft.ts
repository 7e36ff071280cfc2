/**
 * 草稿 — what is typed into a form is kept on this computer while it is typed, and offered when the form is opened again
 * after a power cut. It goes when the form is saved.
 */
import { onBeforeUnmount, onMounted, ref, toRaw, watch, type Ref } from 'vue'
import { call } from '../ipc'

/** At most the last field is lost. */
const KEEP_AFTER_MS = 400

export interface Draft {
  /** The form was begun earlier and is shown as it was left. */
  restored: Ref<boolean>
  /** It lies on the disk as it is typed. */
  kept: Ref<boolean>
  /** Saved, or thrown away: the form begins anew. */
  drop: () => Promise<void>
}

/** `values` is the form's reactive object; `dirty` says whether there is anything to keep; `put` fills it from a draft. */
export function useDraft<V extends object>(key: string, values: V, dirty: () => boolean, put: (form: V) => void): Draft {
  const restored = ref(false)
  const kept = ref(false)
  let timer: number | undefined
  // One write after the other: two of one draft would be in each other's way.
  let writing: Promise<unknown> = Promise.resolve()
  let typed = 0

  function keep(): void {
    window.clearTimeout(timer)
    timer = undefined
    if (!dirty()) return
    const form: unknown = JSON.parse(JSON.stringify(toRaw(values)))
    // What was typed while this was on its way is not on the disk yet.
    const mine = typed
    writing = writing.then(() => call('draft_put', { key, form })).then(
      () => void (kept.value = mine === typed),
      () => void (kept.value = false),
    )
  }

  async function drop(): Promise<void> {
    window.clearTimeout(timer)
    timer = undefined
    restored.value = false
    kept.value = false
    writing = writing.then(() => call('draft_drop', { key })).catch(() => {})
    await writing
  }

  watch(values, () => {
    typed += 1
    kept.value = false
    window.clearTimeout(timer)
    timer = window.setTimeout(keep, KEEP_AFTER_MS)
  })
  const keepNow = () => timer !== undefined && keep()
  onMounted(async () => {
    window.addEventListener('focusout', keepNow)
    window.addEventListener('pagehide', keepNow)
    const draft = await call('draft_get', { key }).catch(() => null)
    if (draft === null || dirty()) return
    put(draft.form as V)
    restored.value = true
  })
  onBeforeUnmount(() => {
    window.removeEventListener('focusout', keepNow)
    window.removeEventListener('pagehide', keepNow)
    keepNow()
  })
  return { restored, kept, drop }
}
