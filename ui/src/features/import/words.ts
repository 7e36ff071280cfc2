/** The importer's codes in words. */
import type { ImportDoubt, ImportLine } from '../../ipc'
import { t } from '../../shared/i18n'

export const fileName = (path: string): string => path.split(/[\\/]/).pop() ?? path

export const kindWord = (kind: string | null): string => t(`import.kind.${kind ?? 'none'}`)
export const fieldWord = (field: string): string => t(`import.field.${field}`)

/** The ledgers a sheet can be, in the order in which they build on each other. */
export const KINDS = ['households', 'members', 'pairings', 'member_links', 'visits', 'meetings', 'stars'] as const

export const wrongWord = (doubt: ImportDoubt): string => t(`doubt.${doubt.what}`)
export const didWord = (doubt: ImportDoubt): string => t(`done.${doubt.did}`, doubt.details)

/** 身份证号码（H12）, 第 12 行, or the sheet alone. */
export function cellWord(doubt: ImportDoubt): string {
  if (doubt.row === 0) return doubt.header
  if (doubt.column === '') return t('import.check.row', { row: doubt.row })
  return t('import.check.cell', { header: doubt.header, column: doubt.column, row: doubt.row })
}

export const cellKey = (doubt: ImportDoubt): string => [doubt.path ?? doubt.file, doubt.sheet, doubt.row, doubt.column, doubt.what].join('|')

export interface Sum {
  new: number
  changed: number
  same: number
}

export function sumOf(lines: readonly ImportLine[]): Sum {
  return lines.reduce((sum, line) => ({ new: sum.new + line.new, changed: sum.changed + line.changed, same: sum.same + line.same }), { new: 0, changed: 0, same: 0 })
}
