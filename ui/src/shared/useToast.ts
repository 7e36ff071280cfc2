/** What was just done, with a way back. The newest stands lowest; Ctrl+Z takes it back. */
import { reactive, readonly } from 'vue'

export type Toast = {
  id: number
  text: string
  kind: 'done' | 'problem'
  undo?: () => void | Promise<void>
  busy: boolean
}

export type NewToast = { text: string; kind?: Toast['kind']; undo?: Toast['undo'] }

/** Two lines are all a small screen can spare; older steps are in the list of recent ones. */
const atMost = 2
const toasts = reactive<Toast[]>([])
let last = 0

function show(next: NewToast): number {
  last += 1
  toasts.push({ id: last, text: next.text, kind: next.kind ?? 'done', undo: next.undo, busy: false })
  while (toasts.length > atMost) toasts.shift()
  return last
}

function dismiss(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

async function undo(id: number): Promise<void> {
  const toast = toasts.find((one) => one.id === id)
  if (!toast?.undo || toast.busy) return
  toast.busy = true
  try {
    await toast.undo()
  } finally {
    dismiss(id)
  }
}

/** Takes the newest step back; false when nothing shown can be taken back. */
function undoNewest(): boolean {
  const newest = toasts.findLast((toast) => toast.undo && !toast.busy)
  if (newest) void undo(newest.id)
  return newest !== undefined
}

export function useToast() {
  return { toasts: readonly(toasts) as readonly Toast[], show, dismiss, undo, undoNewest }
}
