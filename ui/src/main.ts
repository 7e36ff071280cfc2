import { createApp } from 'vue'
import App from './App.vue'
import { call, useSession } from './ipc'
import { makeRouter } from './pages/router'
import { i18n, t } from './shared/i18n'
import './shared/style/tokens.css'
import './shared/style/base.css'
import './shared/style/print.css'
import { applySettings, keepSettingsWith } from './shared/useSettings'
import { useToast } from './shared/useToast'

/** Whatever goes wrong unforeseen is said in one sentence; what is saved is safe. */
function tell(error: unknown): void {
  console.error(error)
  useToast().show({ text: t('shell.broke'), kind: 'problem' })
}

async function start(): Promise<void> {
  const { session, refresh } = useSession()
  // The page that most starts end on comes while the session is asked for.
  void import('./pages/HomePage.vue').catch(() => {})
  // Without an answer the window still opens, on the start page, and says what is wrong.
  await refresh().catch(tell)
  const kept = session.value?.settings
  await applySettings({ size: kept?.size ?? 'standard', contrast: kept?.high_contrast ? 'high' : 'normal', lang: kept?.language ?? 'zh-CN' })
  keepSettingsWith((look) => {
    call('settings_save', { size: look.size, high_contrast: look.contrast === 'high', language: look.lang }).then(refresh).catch(tell)
  })
  const app = createApp(App)
  app.config.errorHandler = tell
  app.use(i18n)
  app.use(makeRouter(() => session.value?.open != null))
  app.mount('#app')
}

window.addEventListener('error', (event) => {
  // Chromium's word for “measured again next frame”; nothing is wrong.
  if (!event.message.startsWith('ResizeObserver loop')) tell(event.error ?? event.message)
})
window.addEventListener('unhandledrejection', (event) => tell(event.reason))

void start()
