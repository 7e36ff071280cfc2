/**
 * A text that is saved when it is left. While it is being typed it is a draft on this computer, so that a power cut
 * loses nothing but the last half second.
 */
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { dropDraft, findDraft, putDraft } from './drafts'
import { useOpenField } from './useMeeting'

const draftAfterMs = 500

export interface SavedText {
  typed: Ref<string>
  /** What is typed was found in a draft of an earlier time. */
  found: Ref<boolean>
  error: Ref<string>
  save: () => Promise<void>
}

/** `keep` writes `text` where `seen` stood, and answers whether it stands now; `key` names the draft. */
export function useSavedText(key: string, stored: () => string, keep: (text: string, seen: string) => Promise<boolean>): SavedText {
  const typed = ref(stored())
  const found = ref(false)
  const error = ref('')
  /** What the ledger holds, as far as we know: our own last write counts before the page has asked again. */
  let known = stored()
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> = Promise.resolve()

  const isDirty = () => typed.value.trim() !== known.trim()

  watch(stored, (now) => {
    if (!isDirty()) typed.value = now
    known = now
  })
  watch(typed, (text) => {
    clearTimeout(timer)
    if (isDirty()) timer = setTimeout(() => void putDraft(key, text), draftAfterMs)
  })

  onMounted(async () => {
    const draft = await findDraft(key)
    if (typeof draft !== 'string' || draft.trim() === known.trim() || isDirty()) return
    typed.value = draft
    found.value = true
  })
  onBeforeUnmount(() => clearTimeout(timer))

  async function once(): Promise<void> {
    clearTimeout(timer)
    const text = typed.value
    if (isDirty()) {
      if (!(await keep(text.trim(), known))) return putDraft(key, text)
      known = text
      error.value = ''
    } else if (!found.value) return
    found.value = false
    await dropDraft(key)
  }

  /** Leaving a field and leaving the page may both ask for it: the second finds nothing left to save. */
  function save(): Promise<void> {
    saving = saving.then(once)
    return saving
  }
  useOpenField(save)
  return { typed, found, error, save }
}

/** Blank is “not known” to the ledger. */
export const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
