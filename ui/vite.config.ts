import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** What only the command line and the township's server say does not come along to the window. */
const windowsWords: Plugin = {
  name: 'windows-words',
  enforce: 'pre',
  transform(code, id) {
    if (!/assets\/text\/[\w-]+\.json$/.test(id)) return null
    const words = Object.entries(JSON.parse(code) as Record<string, string>).filter(([key]) => !/^(cli|township|lan)\./.test(key))
    return { code: JSON.stringify(Object.fromEntries(words)), map: null }
  },
}

export default defineConfig({
  plugins: [windowsWords, vue()],
  // Relative addresses: the same pages work under tauri:// and under http://.
  base: './',
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    // Messages are compiled to a tree and interpreted, never to code: the page's policy forbids eval.
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
  },
  server: { fs: { allow: ['.', fileURLToPath(new URL('../assets', import.meta.url))] } },
  build: {
    target: ['chrome109', 'safari16'],
    modulePreload: { polyfill: false },
    // Nothing inlined: the page's policy allows files of ours and nothing else.
    assetsInlineLimit: 0,
  },
})
