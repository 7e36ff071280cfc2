/** The person's form: what it shows of a record, and the words of its choices. */
import type { PersonLine } from '../../ipc'
import { codeOptions } from '../../shared/codes'
import { t } from '../../shared/i18n'

export const emptyPerson = {
  household: '',
  name: '',
  id_number: '',
  relation: '',
  sex: '',
  born: '',
  phone: '',
  unit: '',
  post: '',
  ethnic: '',
  education: '',
  political: '',
  away: false,
  away_where: '',
  note: '',
}

export function shownOf(person: PersonLine): typeof emptyPerson {
  const said = (value: string | null) => value ?? ''
  return {
    household: said(person.household),
    name: person.name,
    id_number: said(person.id_number),
    relation: said(person.relation),
    sex: said(person.sex),
    born: said(person.born),
    phone: said(person.phone),
    unit: said(person.unit),
    post: said(person.post),
    ethnic: said(person.ethnic),
    education: said(person.education),
    political: said(person.political),
    away: person.away,
    away_where: said(person.away_where),
    note: said(person.note),
  }
}

/** The head's own words are given with the headship, not chosen. */
export function choices(set: 'relation' | 'sex' | 'pairing_role' | 'ethnic' | 'education' | 'political'): { value: string; label: string }[] {
  const codes = codeOptions(set).filter((code) => (set === 'relation' ? code.value > '02' : set === 'sex' ? code.value === '1' || code.value === '2' : true))
  return [{ value: '', label: t('person.unknown') }, ...codes]
}
