/** What the shell shows around a page: whose ledger it is, the sentence in the header, the counts in the nav. */
import { reactive, ref } from 'vue'

/** The open ledger's village; '' while none is open. */
const village = ref('')
const status = ref('')
const badges = reactive<Record<string, number>>({})

export function useShell() {
  /** A count that needs somebody to act, beside the nav entry of `path`; 0 takes it away. */
  function setBadge(path: string, n: number) {
    if (n > 0) badges[path] = n
    else delete badges[path]
  }
  return { village, status, badges, setBadge }
}
