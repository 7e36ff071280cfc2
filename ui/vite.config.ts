import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
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
