/** Where what is missing is put right, and where a record behind a figure stands. */
import type { RouteLocationRaw } from 'vue-router'
import type { Answer } from '../../ipc'
import type { Lack } from './words'

interface Way {
  to: RouteLocationRaw
  /** The key of the words on the link. */
  words: string
}

const ways: Record<string, Way> = {
  mass: { to: '/meetings', words: 'new_meeting' },
  held: { to: '/meetings', words: 'new_meeting' },
  opinions_noted: { to: '/meetings', words: 'meeting' },
  visits: { to: '/visits', words: 'visits' },
  link_visits: { to: '/visits', words: 'visits' },
  self_paid: { to: '/visits', words: 'visits' },
  ways_done: { to: '/visits', words: 'visits' },
  opinions_open: { to: '/matters', words: 'matters' },
  mend: { to: '/matters', words: 'matters' },
  households: { to: '/import', words: 'import' },
  groups: { to: '/households', words: 'households' },
  classes: { to: '/households', words: 'households' },
  members: { to: '/people', words: 'people' },
  pairings: { to: '/pairings', words: 'pairings' },
}

export function wayTo(lack: Lack): Way {
  if (lack.meeting !== null) return { to: `/meetings/${lack.meeting}`, words: 'meeting' }
  return ways[lack.code] ?? { to: '/', words: 'meeting' }
}

/** Where what a duty asks for is entered. */
export function wayOfDuty(duty: string): Way {
  return (duty.endsWith('visits') ? ways.visits : ways.held) ?? { to: '/', words: 'meeting' }
}

type Link = NonNullable<Answer<'month_records'>['records'][number]['link']>

export function recordAt(link: Link): RouteLocationRaw {
  const pages = { household: '/households', visit: '/visits', meeting: '/meetings', matter: '/matters' }
  return `${pages[link.page]}/${link.id}`
}
