/** Size of type, contrast and language: applied to the page at once, kept by whoever calls. */
import { reactive, readonly } from 'vue'
import { setLocale, type Lang } from './i18n'

export type TypeSize = 'standard' | 'large' | 'huge'
export type Contrast = 'normal' | 'high'
export type Look = { size: TypeSize; contrast: Contrast; lang: Lang }

const look = reactive<Look>({ size: 'standard', contrast: 'normal', lang: 'zh-CN' })

/** Told after a change made here, so that the ledger can keep it. */
let keep: (look: Look) => void = () => {}

export function keepSettingsWith(save: (look: Look) => void): void {
  keep = save
}

/** Shows the page as `next` says, without keeping it. */
export async function applySettings(next: Partial<Look>): Promise<void> {
  Object.assign(look, next)
  const root = document.documentElement
  root.dataset.size = look.size
  root.dataset.contrast = look.contrast
  if (next.lang) await setLocale(next.lang)
}

export function useSettings() {
  async function change(next: Partial<Look>) {
    await applySettings(next)
    keep({ ...look })
  }
  const toggleSize = () => change({ size: look.size === 'standard' ? 'large' : 'standard' })
  return { look: readonly(look), change, toggleSize }
}
