/** Moving the focus so that it is seen and told. */
import { nextTick } from 'vue'

const reachable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex="-1"])'

export function focusables(within: ParentNode): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>(reachable)].filter((el) => el.getClientRects().length > 0)
}

/** Where a page starts: its field marked `data-first`, or its h1. */
export async function focusPageStart(): Promise<void> {
  await nextTick()
  const main = document.getElementById('main')
  const first = main?.querySelector<HTMLElement>('[data-first] :is(input, select, textarea, button), [data-first]:is(input, select, textarea, button)')
  const start = first ?? main?.querySelector<HTMLElement>('h1') ?? main
  start?.focus({ preventScroll: start.tagName === 'H1' })
}

/** Focuses the field called `name`; false when the page shows none. */
export function focusField(name: string, within: ParentNode = document): boolean {
  const field = within.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"], [data-field="${CSS.escape(name)}"]`)
  field?.focus()
  field?.scrollIntoView({ block: 'nearest' })
  return field !== null && field !== undefined
}

/** What Tab leads to comes into sight as a whole: a browser shows the first line of a tall box, a dialog's trap nothing at all. */
export function showWhole(event: KeyboardEvent): void {
  if (event.target instanceof HTMLElement) event.target.scrollIntoView({ block: 'nearest' })
}
