/** Draws only the rows in sight of a long table that scrolls with its page. Spacer rows stand for the rest. */
import { useVirtualizer } from '@tanstack/vue-virtual'
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { usePrint } from '../usePrint'

/** Shorter tables are drawn whole. */
const wholeUpTo = 60
const beyondSight = 4
/** A row is three rem high as a rule: --row. */
const rowRem = 3

export function useVirtualRows(count: () => number, table: Ref<HTMLElement | null>) {
  const scroller = ref<HTMLElement | null>(null)
  const above = ref(0)
  const rowHeight = ref(rowRem * 16)
  const { printing } = usePrint()
  const long = computed(() => count() > wholeUpTo && !printing.value)

  const virtual = useVirtualizer(
    computed(() => ({
      count: long.value ? count() : 0,
      getScrollElement: () => scroller.value,
      estimateSize: () => rowHeight.value,
      scrollMargin: above.value,
      overscan: beyondSight,
    })),
  )

  /** Where the table begins in its page, and how high a row is at this size of type. */
  function measure() {
    const body = table.value?.querySelector('tbody')
    if (!body || !scroller.value) return
    above.value = Math.round(body.getBoundingClientRect().top - scroller.value.getBoundingClientRect().top + scroller.value.scrollTop)
    const height = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    if (height === rowHeight.value) return
    rowHeight.value = height
    virtual.value.measure()
  }

  const watcher = new ResizeObserver(measure)
  onMounted(() => {
    scroller.value = table.value?.closest<HTMLElement>('.scroll, [role="dialog"] > .body') ?? document.documentElement
    watcher.observe(scroller.value)
    // What stands above the table may grow: its page is watched, not only its window.
    for (const child of scroller.value.children) watcher.observe(child)
    measure()
  })
  onBeforeUnmount(() => watcher.disconnect())
  watch(long, () => requestAnimationFrame(measure))

  const drawn = computed<readonly number[]>(() => (long.value ? virtual.value.getVirtualItems().map((item) => item.index) : Array.from({ length: count() }, (_, i) => i)))
  const before = computed(() => (long.value ? Math.max(0, (virtual.value.getVirtualItems()[0]?.start ?? above.value) - above.value) : 0))
  const after = computed(() => {
    const last = virtual.value.getVirtualItems().at(-1)
    return long.value && last ? Math.max(0, virtual.value.getTotalSize() - (last.end - above.value)) : 0
  })

  function showRow(index: number) {
    if (long.value) virtual.value.scrollToIndex(index, { align: 'auto' })
  }

  /** How many rows a page of the window holds. */
  const pageful = () => Math.max(1, Math.floor((scroller.value?.clientHeight ?? 0) / rowHeight.value) - 2)

  return { drawn, before, after, showRow, pageful, measureRow: (el: Element | null) => long.value && virtual.value.measureElement(el) }
}
