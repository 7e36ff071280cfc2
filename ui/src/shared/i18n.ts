/** Words of the program. zh-CN is built in; English is fetched the first time it is chosen. */
import { createI18n } from 'vue-i18n'
import { builtIn } from './messages'

export type Lang = 'zh-CN' | 'en'
export type Tree = { [key: string]: string | Tree }

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': builtIn },
  missingWarn: false,
  fallbackWarn: false,
  warnHtmlMessage: false,
  missing: (lang, key) => {
    console.error(`no words for “${key}” in ${lang}`)
  },
})

/** The sentence under `key`, with `{names}` filled in; `n` also chooses between one and many. */
export function t(key: string, named: Record<string, unknown> = {}): string {
  const many = typeof named.n === 'number' ? { plural: named.n } : {}
  return i18n.global.t(key, named, many)
}

/** Whether the catalogue has words for `key`. */
export function hasWords(key: string): boolean {
  return i18n.global.te(key) || i18n.global.te(key, 'zh-CN')
}

export function currentLang(): Lang {
  return i18n.global.locale.value as Lang
}

export async function setLocale(lang: Lang): Promise<void> {
  if (lang === 'en') {
    const { english } = await import('./messages-en')
    i18n.global.setLocaleMessage('en', await english())
  }
  ;(i18n.global.locale as { value: string }).value = lang
  document.documentElement.lang = lang
}
