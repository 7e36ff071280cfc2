/** Keys of a table: one row is in the Tab order, arrows move it, Enter opens, Space ticks, letters go to the page. */
import { nextTick, ref, watch } from 'vue'
import { imeHas } from '../ime'

export type RowActs = {
  count: () => number
  pageful: () => number
  show: (index: number) => void
  element: (index: number) => HTMLElement | null
  open: (index: number) => void
  tick: (index: number) => void
  /** A letter on a row; false when the page has no use for it there. */
  letter: (index: number, letter: string) => boolean
  /** A letter that begins a search. */
  type: (letter: string) => void
}

export function useRowKeys(acts: RowActs) {
  const active = ref(0)
  watch(acts.count, (n) => {
    active.value = Math.max(0, Math.min(active.value, n - 1))
  })

  async function focusRow(index: number) {
    active.value = Math.max(0, Math.min(index, acts.count() - 1))
    acts.show(active.value)
    await nextTick()
    const row = acts.element(active.value) ?? (await nextFrame(active.value))
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }

  /** A row far away is drawn only after the page has scrolled there. */
  async function nextFrame(index: number): Promise<HTMLElement | null> {
    await new Promise(requestAnimationFrame)
    await nextTick()
    return acts.element(index)
  }

  function target(event: KeyboardEvent): number | undefined {
    const at = active.value
    const jumps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + acts.pageful(), PageUp: at - acts.pageful(), Home: 0, End: acts.count() - 1 }
    return jumps[event.key]
  }

  function onKey(event: KeyboardEvent) {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof HTMLTableRowElement)) return
    // A word being composed begins a search: the page moves the focus to its box before the input method needs one.
    if (imeHas(event)) return acts.type('')
    const to = target(event)
    if (to !== undefined) void focusRow(to)
    else if (event.key === 'Enter') acts.open(active.value)
    else if (event.key === ' ') acts.tick(active.value)
    else if (event.key.length === 1) return void (acts.letter(active.value, event.key.toLowerCase()) ? event.preventDefault() : acts.type(event.key))
    else return
    event.preventDefault()
  }

  return { active, focusRow, onKey }
}
