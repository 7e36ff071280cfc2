/** The pages, by hash addresses: the server serves one page and nothing is asked of it for another. */
import { nextTick } from 'vue'
import { createRouter, createWebHashHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { t } from '../shared/i18n'
import { focusPageStart } from '../shared/useFocus'
import { useSession } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    name: string
    free?: boolean
  }
}

export const signInPath = '/sign-in'

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/BoardPage.vue'), meta: { name: 'town.nav.board' } },
  { path: '/village/:code', component: () => import('./pages/VillagePage.vue'), meta: { name: 'town.nav.village', under: '/' } },
  { path: '/village/:code/figure', component: () => import('./pages/FigurePage.vue'), meta: { name: 'town.nav.village', under: '/' } },
  { path: '/rollup', component: () => import('./pages/RollupPage.vue'), meta: { name: 'town.nav.rollup' } },
  { path: '/computers', component: () => import('./pages/ComputersPage.vue'), meta: { name: 'town.nav.computers' } },
  { path: '/held', component: () => import('./pages/HeldPage.vue'), meta: { name: 'town.nav.held' } },
  { path: '/package', component: () => import('./pages/PackagePage.vue'), meta: { name: 'town.nav.package' } },
  { path: signInPath, component: () => import('./pages/SignInPage.vue'), meta: { name: 'town.sign_in.title', free: true } },
  { path: '/:unknown(.*)*', redirect: '/', meta: { name: 'town.nav.board' } },
]

export const navEntries = ['board', 'rollup', 'computers', 'held', 'package'].map((name) => ({
  path: name === 'board' ? '/' : `/${name}`,
  label: `town.nav.${name}`,
  last: name === 'rollup',
}))

export function makeRouter(): Router {
  const { user } = useSession()
  const router = createRouter({ history: createWebHashHistory(), routes })
  router.beforeEach((to) => {
    if (to.meta.free || user.value !== undefined) return true
    return { path: signInPath, query: to.path === '/' ? {} : { then: to.fullPath } }
  })
  router.afterEach(async (to, from, failure) => {
    if (failure) return
    document.title = t('app.title', { page: t(to.meta.name), app: t('town.app') })
    // The same page with other filters keeps the focus where the person is.
    if (to.path === from.path && from.matched.length > 0) return
    await nextTick()
    document.querySelector('#main > .scroll')?.scrollTo(0, 0)
    await focusPageStart()
  })
  return router
}
