/** What stands in a place of a record, in words: codes, yes and no, why something was voided. */
import { codeText } from './codes'
import { t } from './i18n'

const sets: Record<string, Parameters<typeof codeText>[0]> = { relation: 'relation', sex: 'sex', ethnic: 'ethnic', education: 'education', political: 'political', health: 'health', post: 'pairing_role', role: 'pairing_role', unrated_reason: 'unrated' }

/** `null` is a blank. */
export function toldValue(kind: string, field: string, value: string | null): string {
  if (value === null) return t('household.blank')
  if (value === 'true' || value === 'false') return t(value === 'true' ? 'common.yes' : 'common.no')
  const set = field === 'class' ? (kind === 'party_member' ? 'political' : 'household_class') : sets[field]
  if (set) return codeText(set, value)
  if (field === 'gone') return voidedWhy(value)
  return field === 'bond' ? t(`household.bond.${value}`) : value
}

/** Why a record was voided; a step that was taken back left only its number. */
export function voidedWhy(reason: string): string {
  return /^\S+ [0-9a-f]{8}-\d+-\d+$/.test(reason) ? t('household.undone') : reason
}
