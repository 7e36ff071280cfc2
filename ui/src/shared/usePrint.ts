/** Printing a quick list: long tables are drawn whole first, and go back to what is in sight afterwards. */
import { nextTick, readonly, ref } from 'vue'

const printing = ref(false)

window.addEventListener('beforeprint', () => (printing.value = true))
window.addEventListener('afterprint', () => (printing.value = false))

export function usePrint() {
  async function print(): Promise<void> {
    printing.value = true
    await nextTick()
    window.print()
    printing.value = false
  }
  return { printing: readonly(printing), print }
}
