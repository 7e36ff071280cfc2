/** Where one can go: pages by their words, households by anyone in them, people from outside. */
import { call, type Found } from '../../ipc'
import { t } from '../../shared/i18n'
import type { Option } from '../../shared/kit/option'

export type Place = Option & { to: string }

const AT_MOST = 20

export async function findPlaces(typed: string, pages: readonly { path: string; label: string }[]): Promise<Place[]> {
  const text = typed.trim()
  const named = pages.filter((page) => page.label.toLowerCase().includes(text.toLowerCase()))
  const asPages = named.map((page) => ({ value: page.path, label: page.label, detail: t('goto.page'), to: page.path }))
  if (!text) return asPages
  const [people, homes] = await Promise.all([
    call('find', { text, among: 'everyone', limit: AT_MOST }),
    /^\d+/.test(text) ? call('find', { text, among: 'households', limit: AT_MOST }) : [],
  ])
  const places = [...homes, ...people].map(placeOf)
  return [...asPages, ...new Map(places.map((place) => [place.value, place])).values()]
}

/** A person of the village is met in the household; one from outside in the register. */
function placeOf(found: Found): Place {
  const number = found.number === null ? '' : t('pick.number', { n: found.number })
  const home = found.head || !found.head_name ? '' : t('goto.home_of', { name: found.head_name })
  const told = found.household === null ? (found.unit ?? t('goto.outside')) : [home, found.group ?? '', number].filter(Boolean).join(' ')
  const to = found.household === null ? `/people?who=cadre&person=${found.person}` : `/households/${found.household}`
  return { value: found.person, label: found.name, detail: told, to }
}
