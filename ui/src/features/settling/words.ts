/** What places, versions and families are called where somebody chooses among them. */
import { wordOf, type SettlingPlace, type SettlingVersion } from '../../ipc'
import { clock } from '../../shared/format'
import { hasWords, t } from '../../shared/i18n'
import { toldValue } from '../../shared/told'

/** 罗德福家; what belongs to no family goes by its own name. */
export function caseName(of: { household: string | null; name: string; places?: readonly SettlingPlace[]; place?: SettlingPlace }): string {
  if (of.household !== null) return of.name ? t('household.of', { name: of.name }) : t('household.no_head')
  const kind = (of.places?.[0] ?? of.place)?.kind ?? ''
  return [wordOf(kind), of.name].filter(Boolean).join(' ')
}

/** 联系电话（罗小明） */
export function placeName(place: SettlingPlace): string {
  const field = wordOf(place.field)
  if (place.kind === 'household') return field
  const about = place.kind === 'person' ? place.about : [wordOf(place.kind), place.about].filter(Boolean).join(' ')
  return about ? t('settling.of', { field, about }) : field
}

const partWord = (part: string) => (hasWords(`settling.part.${part}`) ? t(`settling.part.${part}`) : wordOf(part))

export function valueText(place: SettlingPlace, version: SettlingVersion): string {
  if (version.value.length === 0) return t('settling.blank')
  const told = version.value.map(({ part, text }) => (part === null ? toldValue(place.kind, place.field, text) : t('settling.part_is', { part: partWord(part), text: toldValue('', '', text) })))
  return told.join(t('format.comma'))
}

/** 11月20日 20:05 韦志强，这台电脑 */
export function whoText(version: SettlingVersion, today: string): string {
  const where = t(version.here ? 'settling.here' : 'settling.elsewhere')
  return t('settling.who', { when: clock(version.at_ms, today), who: version.author || t('settling.somebody'), where })
}
