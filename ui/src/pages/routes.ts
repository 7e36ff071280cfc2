/** Every page, once: its address, its name, and its place in the nav. Pages are fetched when first opened. */
import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** The key of the page's name, also the window's title. */
    name: string
    /** Stands in the nav, in the order of this file; Alt+1..9 open the first nine. */
    nav?: 'entry' | 'last-of-group'
    /** Needs no open ledger. */
    free?: boolean
  }
}

export const routes: RouteRecordRaw[] = [
  { path: '/kit', component: () => import('./KitPage.vue'), meta: { name: 'nav.kit', free: true } },
]
