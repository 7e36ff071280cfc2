import type { PersonRow } from '../../ipc'
import { codeText } from '../../shared/codes'
import { t } from '../../shared/i18n'

/** 身份: what a person is known as beside a member of a household. */
export function identityOf(row: PersonRow): string[] {
  return [
    row.died ? t('person.is.died') : '',
    row.left ? t(row.household === null ? 'person.is.ended' : 'person.is.left') : '',
    row.head ? t('person.is.head') : '',
    row.member ? t(row.member === '02' ? 'person.is.probationary' : 'person.is.member') : '',
    codeText('pairing_role', row.post),
    row.on_roll && row.away ? t('person.is.away') : '',
    row.on_roll && row.id_state === 'missing' ? t('person.is.no_number') : '',
  ].filter(Boolean)
}
