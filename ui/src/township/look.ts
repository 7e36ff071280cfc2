/** Size of type, contrast and language as this browser was left: kept beside the page, for nobody else to see. */
import type { Lang } from '../shared/i18n'
import { applySettings, keepSettingsWith, type Look } from '../shared/useSettings'

const PLACE = 'lianhu-township-look'

function kept(): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Look>
  } catch {
    return {}
  }
}

export async function beginLook(): Promise<void> {
  const { size = 'standard', contrast = 'normal', lang } = kept()
  const spoken: Lang = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
  await applySettings({ size, contrast, lang: lang ?? spoken })
  keepSettingsWith((look) => localStorage.setItem(PLACE, JSON.stringify(look)))
}
