import { createApp } from 'vue'
// Before the styles: what they say of a stack or a row stands over the shell's own.
import App from './App.vue'
import { i18n, t } from '../shared/i18n'
import '../shared/style/tokens.css'
import '../shared/style/base.css'
import '../shared/style/print.css'
import { useToast } from '../shared/useToast'
import { beginLook } from './look'
import { makeRouter } from './router'
import { useSession } from './session'

/** Whatever goes wrong unforeseen is said in one sentence. */
function tell(error: unknown): void {
  console.error(error)
  useToast().show({ text: t('town.broke'), kind: 'problem' })
}

async function start(): Promise<void> {
  // The browser was found too old, and its notice stands already.
  if (document.documentElement.hasAttribute('data-old')) return
  await beginLook()
  await useSession().refresh()
  const app = createApp(App)
  app.config.errorHandler = tell
  app.use(i18n)
  app.use(makeRouter())
  app.mount('#app')
}

window.addEventListener('error', (event) => {
  // Chromium's word for “measured again next frame”; nothing is wrong.
  if (!event.message.startsWith('ResizeObserver loop')) tell(event.error ?? event.message)
})
window.addEventListener('unhandledrejection', (event) => tell(event.reason))

void start()
