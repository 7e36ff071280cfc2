/** Going from page to page: hash addresses, which hold under tauri:// as under http://. */
import { nextTick } from 'vue'
import { createRouter, createWebHashHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { t } from '../shared/i18n'
import { focusPageStart } from '../shared/useFocus'
import { routes } from './routes'

export const startPage = '/start'

/** `isOpen` says whether there is a ledger to work in. */
export function makeRouter(isOpen: () => boolean): Router {
  const known = new Set(routes.map((route) => route.path))
  const home = () => (isOpen() || !known.has(startPage) ? firstPage() : startPage)
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [...routes, { path: '/:unknown(.*)*', redirect: home, meta: { name: 'app.name', free: true } }],
  })

  router.beforeEach((to) => {
    if (to.meta.free || isOpen() || !known.has(startPage)) return true
    return startPage
  })

  router.afterEach(async (to, from, failure) => {
    if (failure) return
    document.title = t('app.title', { page: t(to.meta.name), app: t('app.name') })
    // The same page with other filters keeps the focus where the person is.
    if (to.path === from.path && from.matched.length > 0) return
    await nextTick()
    document.querySelector('#main > .scroll')?.scrollTo(0, 0)
    await focusPageStart()
  })
  return router
}

function firstPage(): string {
  return routes.some((route) => route.path === '/') ? '/' : (routes[0]?.path ?? '/')
}

const entry = (route: RouteRecordRaw) => ({ path: withoutPlaces(route.path), label: route.meta?.name ?? '', last: route.meta?.nav === 'last-of-group' })

export const navEntries = routes.filter((route) => route.meta?.nav && route.meta.nav !== 'section').map(entry)

/** A nav entry with the pages of its section, the entry first. */
export function sectionOf(path: string) {
  const within = routes.filter((route) => route.meta?.nav && (route.path === path || route.meta.under === path))
  return within.map((route) => ({ ...entry(route), label: route.meta?.within ?? route.meta?.name ?? '' }))
}

/** Where Ctrl+G leads by a page's name. */
export const places = routes
  .filter((route) => route.meta?.nav ?? route.meta?.place)
  .map((route) => ({ path: withoutPlaces(route.path), label: route.meta?.name ?? '' }))

/** `/settings/:section?` is entered at `/settings`. */
function withoutPlaces(path: string): string {
  return path.replace(/\/:.*$/, '')
}
