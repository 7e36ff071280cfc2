/** Where a duty is done. */
import type { RouteLocationRaw } from 'vue-router'
import type { Duty, Unknown } from '../../ipc'

export type Place = Duty['goto']

export function wayTo(place: Place): RouteLocationRaw {
  switch (place.page) {
    case 'new_meeting':
      return '/meetings/new'
    case 'meeting':
      return `/meetings/${place.id}`
    case 'unvisited':
      return { path: '/households', query: { unvisited: place.long ? 'long' : '1' } }
    case 'pairings':
      return '/pairings'
    case 'matter':
      return `/matters/${place.id}`
    case 'matters':
      return { path: '/matters', query: { which: 'due' } }
    case 'matters_undated':
      return { path: '/matters', query: { which: 'undated' } }
    case 'report':
      return { path: '/month', query: { month: place.month } }
    case 'person':
      return place.household === null ? '/people' : `/households/${place.household}`
    case 'questions':
      return '/settling'
    case 'findings':
      return '/settings/questions'
    case 'decision':
      return `/decisions/${place.id}`
    case 'recruit':
      return `/recruits/${place.id}`
    case 'branch':
      return '/branch'
    case 'organisation':
      return { path: '/organisation', query: { tab: 'bodies' } }
    case 'stars':
      return { path: `/stars/${place.id}`, query: { tab: 'result' } }
    case 'cycle':
      return { path: `/stars/${place.id}`, query: { tab: 'objections' } }
  }
}

/** Where the missing data is put right. */
export function wayOut(unknown: Unknown): RouteLocationRaw | undefined {
  switch (unknown.code) {
    case 'no_pairings':
      return '/pairings'
    case 'undated_matters':
      return { path: '/matters', query: { which: 'undated' } }
    case 'joined_unknown':
      return unknown.household === null ? '/people' : `/households/${unknown.household}`
    case 'rule':
      return undefined
  }
}
