/** `v-enter-moves-on` on a form: Enter goes to the next field, as in a sheet, and never submits. */
import type { Directive } from 'vue'
import { imeHas } from './ime'

const fields = 'input:not(:disabled):not([type="hidden"]), select:not(:disabled), textarea:not(:disabled)'

function onKey(this: HTMLElement, event: KeyboardEvent) {
  if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.shiftKey || event.metaKey) return
  const target = event.target
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return
  if (event.defaultPrevented) return
  event.preventDefault()
  if (imeHas(event)) return
  const next = nextField(this, target)
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

/** The next field in reading order; a radio group is one field. */
function nextField(form: HTMLElement, from: HTMLInputElement | HTMLSelectElement): HTMLElement | undefined {
  const all = [...form.querySelectorAll<HTMLElement>(fields)].filter((el) => el.getClientRects().length > 0)
  const rest = all.slice(all.indexOf(from) + 1)
  const next = rest.find((el) => !(el instanceof HTMLInputElement && el.type === 'radio' && el.name === from.name))
  if (!(next instanceof HTMLInputElement) || next.type !== 'radio') return next
  return form.querySelector<HTMLElement>(`input[type="radio"][name="${CSS.escape(next.name)}"]:checked`) ?? next
}

export const vEnterMovesOn: Directive<HTMLElement> = {
  mounted: (el) => el.addEventListener('keydown', onKey),
  beforeUnmount: (el) => el.removeEventListener('keydown', onKey),
}
