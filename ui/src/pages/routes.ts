/** Every page, once: its address, its name, and its place in the nav. Pages are fetched when first opened. */
import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** The key of the page's name, also the window's title. */
    name: string
    /** Stands in the nav, in the order of this file; Alt+1..9 open the first nine. A `section` stands above its pages instead. */
    nav?: 'entry' | 'last-of-group' | 'section'
    /** The nav entry it belongs to, where its address does not say so. */
    under?: string
    /** What it is called among the pages of its section, where the nav calls it by the section's name. */
    within?: string
    /** Not in the nav, but found by Ctrl+G. */
    place?: boolean
    /** Needs no open ledger. */
    free?: boolean
  }
}

export const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./HomePage.vue'), meta: { name: 'nav.home', nav: 'entry' } },
  { path: '/households', component: () => import('./HouseholdsPage.vue'), meta: { name: 'nav.households', nav: 'entry' } },
  { path: '/households/print', component: () => import('./HouseholdsPrintPage.vue'), meta: { name: 'nav.households' } },
  { path: '/households/:id', component: () => import('./HouseholdPage.vue'), meta: { name: 'nav.households' } },
  { path: '/people', component: () => import('./PeoplePage.vue'), meta: { name: 'nav.people', nav: 'entry' } },
  { path: '/visits', component: () => import('./VisitsPage.vue'), meta: { name: 'nav.visits', nav: 'entry' } },
  { path: '/visits/batch', component: () => import('./VisitSheetPage.vue'), meta: { name: 'visit.batch' } },
  { path: '/visits/:id', component: () => import('./VisitPage.vue'), meta: { name: 'visit.edit_title' } },
  { path: '/meetings', component: () => import('./MeetingsPage.vue'), meta: { name: 'nav.meetings', nav: 'entry' } },
  { path: '/meetings/new', component: () => import('./NewMeetingPage.vue'), meta: { name: 'nav.meetings' } },
  { path: '/meetings/template', component: () => import('./MeetingTemplatePage.vue'), meta: { name: 'nav.meetings' } },
  { path: '/meetings/:id/:step?', component: () => import('./MeetingPage.vue'), meta: { name: 'nav.meetings' } },
  { path: '/matters', component: () => import('./MattersPage.vue'), meta: { name: 'nav.matters', nav: 'entry' } },
  { path: '/matters/:id', component: () => import('./MatterPage.vue'), meta: { name: 'nav.matters' } },
  { path: '/pairings', component: () => import('./PairingsPage.vue'), meta: { name: 'nav.pairings', nav: 'entry' } },
  { path: '/pairings/assign', component: () => import('./PairingAssignPage.vue'), meta: { name: 'pairing.assign' } },
  { path: '/pairings/:id', component: () => import('./HelperPage.vue'), meta: { name: 'nav.pairings' } },
  { path: '/month', component: () => import('./MonthPage.vue'), meta: { name: 'nav.month', nav: 'entry' } },
  { path: '/month/figure', component: () => import('./MonthFigurePage.vue'), meta: { name: 'nav.month' } },
  { path: '/stars/:id?', component: () => import('./StarsPage.vue'), meta: { name: 'nav.stars', nav: 'entry' } },
  { path: '/decisions', component: () => import('./DecisionsPage.vue'), meta: { name: 'nav.decisions', nav: 'entry' } },
  { path: '/decisions/:id', component: () => import('./DecisionPage.vue'), meta: { name: 'nav.decisions' } },
  { path: '/members', component: () => import('./MembersPage.vue'), meta: { name: 'nav.members', nav: 'entry', within: 'member.tabs' } },
  { path: '/members/:id', component: () => import('./MemberPage.vue'), meta: { name: 'nav.members' } },
  { path: '/branch', component: () => import('./BranchPage.vue'), meta: { name: 'nav.branch', nav: 'section', under: '/members' } },
  { path: '/dues/:year?', component: () => import('./DuesPage.vue'), meta: { name: 'nav.dues', nav: 'section', under: '/members' } },
  { path: '/recruits', component: () => import('./RecruitsPage.vue'), meta: { name: 'nav.recruits', nav: 'section', under: '/members' } },
  { path: '/recruits/:id', component: () => import('./RecruitPage.vue'), meta: { name: 'nav.recruits', under: '/members' } },
  { path: '/organisation', component: () => import('./OrganisationPage.vue'), meta: { name: 'nav.organisation', nav: 'section', under: '/members' } },
  { path: '/year', component: () => import('./YearPage.vue'), meta: { name: 'nav.year', nav: 'section', under: '/members' } },
  { path: '/points', component: () => import('./PointsPage.vue'), meta: { name: 'nav.points', place: true, under: '/stars' } },
  { path: '/exchange', component: () => import('./ExchangePage.vue'), meta: { name: 'exchange.title', place: true } },
  { path: '/settling', component: () => import('./SettlingPage.vue'), meta: { name: 'settling.title', place: true } },
  { path: '/papers', component: () => import('./PapersPage.vue'), meta: { name: 'month.blank.title' } },
  { path: '/import', component: () => import('./ImportPage.vue'), meta: { name: 'nav.import', nav: 'entry' } },
  { path: '/start', component: () => import('./StartPage.vue'), meta: { name: 'nav.start', free: true } },
  { path: '/settings/:section?', component: () => import('./SettingsPage.vue'), meta: { name: 'nav.settings', nav: 'entry' } },
  { path: '/kit', component: () => import('./KitPage.vue'), meta: { name: 'nav.kit', free: true } },
]
