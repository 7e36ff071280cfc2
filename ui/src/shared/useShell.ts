/** What pages tell the shell: the sentence in the header, the counts in the nav. */
import { reactive, ref } from 'vue'

/** Takes the place of “everything is on this computer” while a page has something more to say. */
const status = ref('')
const badges = reactive<Record<string, number>>({})

export function useShell() {
  /** A count that needs somebody to act, beside the nav entry of `path`; 0 takes it away. */
  function setBadge(path: string, n: number) {
    if (n > 0) badges[path] = n
    else delete badges[path]
  }
  return { status, badges, setBadge }
}
