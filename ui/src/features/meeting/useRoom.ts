/** How wide a place is, in rem: large type has less room for the same table. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useRoom(place: Ref<HTMLElement | null>): Ref<number> {
  const rem = ref(Infinity)
  const watcher = new ResizeObserver(() => {
    const type = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    if (place.value) rem.value = place.value.clientWidth / type
  })
  onMounted(() => {
    if (place.value) watcher.observe(place.value)
  })
  onBeforeUnmount(() => watcher.disconnect())
  return rem
}
