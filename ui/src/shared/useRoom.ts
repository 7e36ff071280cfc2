/** How wide an element is, counted in rem: what fits depends on the window and on the size of the type alike. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useRoom(element: Readonly<Ref<HTMLElement | null>>): Ref<number> {
  const room = ref(Infinity)
  const observer = new ResizeObserver(() => measure())

  function measure() {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    if (element.value) room.value = element.value.clientWidth / rem
  }
  onMounted(() => {
    measure()
    if (element.value) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer.disconnect())
  return room
}

/** The columns that have room; those named in `spare` are left out first, in that order. */
export function fitting<K extends string, C extends { key: K; width?: number }>(columns: readonly C[], room: number, spare: readonly K[], least: number): C[] {
  const wide = (list: readonly C[]) => list.reduce((sum, column) => sum + (column.width ?? least), 0)
  let left = [...columns]
  for (const key of spare) if (wide(left) > room) left = left.filter((column) => column.key !== key)
  return left
}
