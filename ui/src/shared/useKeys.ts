/** Shortcuts of a page: bound while it is mounted, silent while an input method or a dialog has the keys. */
import { onBeforeUnmount, onMounted } from 'vue'
import { imeHas, takesText } from './ime'

/** `ctrl+s`, `ctrl+enter`, `alt+n`, `esc`, `f1`, or a bare letter, which works outside text fields only. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>

/** Keys that input methods use to switch; binding one would take Chinese away from the user. */
const imeKeys = ['ctrl+space', 'ctrl+.', 'ctrl+shift+f', 'ctrl+shift', 'shift', 'shift+space']

const names: Record<string, string> = { escape: 'esc', ' ': 'space', arrowup: 'up', arrowdown: 'down', arrowleft: 'left', arrowright: 'right', pageup: 'pgup', pagedown: 'pgdn' }

export function keyName(event: KeyboardEvent): string {
  const key = event.key.toLowerCase()
  const mods = [event.ctrlKey || event.metaKey ? 'ctrl' : '', event.altKey ? 'alt' : '', event.shiftKey && key.length > 1 ? 'shift' : '']
  return [...mods.filter(Boolean), names[key] ?? key].join('+')
}

/** Ctrl+Z in a text field is the field's own undo. */
const leftToText = (name: string) => name.length === 1 || name === 'ctrl+z' || name === 'space'

/** While a dialog is open only the maps bound `inDialog` have the keys. */
export function useKeys(map: KeyMap, options: { inDialog?: boolean } = {}): void {
  const taken = Object.keys(map).find((name) => imeKeys.includes(name))
  if (taken) throw new Error(`${taken} belongs to the input method`)

  function onKey(event: KeyboardEvent) {
    if (event.defaultPrevented || imeHas(event)) return
    const name = keyName(event)
    const act = map[name]
    if (!act || (leftToText(name) && takesText(event.target))) return
    if (dialogOpen() !== (options.inDialog ?? false)) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => window.addEventListener('keydown', onKey))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey))
}

function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-modal]') !== null
}
