/**
 * A text that is saved when it is left. While it is being typed it is a draft on this computer, so that a power cut
 * loses nothing but the last half second.
 */
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { call } from '../../ipc'
import { useOpenField } from './useMeeting'

const draftAfterMs = 500

export interface SavedText {
  typed: Ref<string>
  /** What is typed was found in a draft of an earlier time. */
  found: Ref<boolean>
  error: Ref<string>
  save: () => Promise<void>
}

/** `keep` writes it and answers whether it stands; `key` names the draft. */
export function useSavedText(key: string, stored: () => string, keep: (text: string) => Promise<boolean>): SavedText {
  const typed = ref(stored())
  const found = ref(false)
  const error = ref('')
  let last = stored()
  let timer: ReturnType<typeof setTimeout> | undefined

  const isDirty = () => typed.value.trim() !== last.trim()

  watch(stored, (now) => {
    if (!isDirty()) typed.value = now
    last = now
  })
  watch(typed, (text) => {
    clearTimeout(timer)
    if (isDirty()) timer = setTimeout(() => void call('draft_put', { key, form: text }), draftAfterMs)
  })

  onMounted(async () => {
    const draft = await call('draft_get', { key })
    if (!draft || typeof draft.form !== 'string' || draft.form.trim() === last.trim() || isDirty()) return
    typed.value = draft.form
    found.value = true
  })
  onBeforeUnmount(() => clearTimeout(timer))

  async function save(): Promise<void> {
    clearTimeout(timer)
    if (!isDirty()) {
      if (found.value) await call('draft_drop', { key })
      found.value = false
      return
    }
    const text = typed.value
    if (!(await keep(text.trim()))) return void call('draft_put', { key, form: text })
    last = text
    found.value = false
    error.value = ''
    await call('draft_drop', { key })
  }
  useOpenField(save)
  return { typed, found, error, save }
}
