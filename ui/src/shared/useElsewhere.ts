/** Says when a record that is open in a form has just been changed on another computer. What is typed stays as it is. */
import { onScopeDispose, ref, type Ref } from 'vue'
import { onNews } from '../ipc'

export function useElsewhere(records: () => readonly (string | null | undefined)[]): { changed: Ref<boolean>; seen: () => void } {
  const changed = ref(false)
  const stop = onNews((ids) => {
    if (records().some((id) => typeof id === 'string' && ids.has(id))) changed.value = true
  })
  onScopeDispose(stop)
  return { changed, seen: () => (changed.value = false) }
}
