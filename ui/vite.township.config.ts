import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import window from './vite.config.ts'

const path = (to: string) => fileURLToPath(new URL(to, import.meta.url))

/** The page has catalogues of its own: the window's words for screens it does not have stay away. */
function ownWords(): Plugin {
  const own: Record<string, string> = { './messages': path('src/township/messages.ts'), './messages-en': path('src/township/messages-en.ts') }
  return {
    name: 'own-words',
    enforce: 'pre',
    resolveId: (source, importer) => (importer?.endsWith('/src/shared/i18n.ts') ? own[source] : undefined),
  }
}

/** The township's page: the same kit, styles and target as the window, served by the township's own program. */
export default defineConfig({
  ...window,
  root: path('township'),
  plugins: [ownWords(), vue()],
  base: './',
  server: { fs: { allow: [path('.'), path('../assets')] } },
  build: {
    ...window.build,
    outDir: path('dist-township'),
    emptyOutDir: true,
    // The charts come when they are shown, after the tables.
    chunkSizeWarningLimit: 700,
  },
})
