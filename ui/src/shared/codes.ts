/** The code sets of the ledger in words, and as the options of a field. */
import table from '../../../assets/codes.json'
import { currentLang } from './i18n'

type Code = { code: string; zh: string; en: string }
type Set = 'meeting_kind' | 'sex' | 'ethnic' | 'relation' | 'education' | 'political' | 'health' | 'household_class' | 'pairing_role' | 'unrated' | 'unit_kind' | 'office_body' | 'member_event' | 'appraisal_grade'

const sets = new Map<string, readonly Code[]>(table.sets.map((set) => [set.id, set.codes]))

const worded = (code: Code) => (currentLang() === 'zh-CN' ? code.zh : code.en)

/** The label of a code; one that this release does not know shows as itself. */
export function codeText(set: Set, code: string | null | undefined): string {
  if (!code) return ''
  const known = sets.get(set)?.find((one) => one.code === code)
  return known ? worded(known) : code
}

export function codeOptions(set: Set): { value: string; label: string }[] {
  return (sets.get(set) ?? []).map((code) => ({ value: code.code, label: worded(code) }))
}
