import { createApp } from 'vue'
import App from './App.vue'
import { makeRouter } from './pages/router'
import { i18n, t } from './shared/i18n'
import './shared/style/tokens.css'
import './shared/style/base.css'
import './shared/style/print.css'
import { applySettings } from './shared/useSettings'
import { useShell } from './shared/useShell'
import { useToast } from './shared/useToast'

/** Whatever goes wrong unforeseen is said in one sentence; what is saved is safe. */
function tell(error: unknown): void {
  console.error(error)
  useToast().show({ text: t('shell.broke'), kind: 'problem' })
}

async function start(): Promise<void> {
  await applySettings({})
  const { village } = useShell()
  const app = createApp(App)
  app.config.errorHandler = tell
  app.use(i18n)
  app.use(makeRouter(() => village.value !== ''))
  app.mount('#app')
}

window.addEventListener('error', (event) => {
  // Chromium's word for “measured again next frame”; nothing is wrong.
  if (!event.message.startsWith('ResizeObserver loop')) tell(event.error ?? event.message)
})
window.addEventListener('unhandledrejection', (event) => tell(event.reason))

void start()
