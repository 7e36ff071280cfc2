/**
 * Typing Chinese: while a word is being put together, Enter and letters belong to the input method.
 * WebKit may report the last key after the composition has ended; it then still carries code 229.
 */
export function imeHas(event: KeyboardEvent): boolean {
  // `keyCode` is the only sign some engines give.
  return event.isComposing || event.keyCode === 229
}

/** Whether keys typed here become text. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file', 'range'].includes(target.type)
}
