/** What households, bonds and shares are called on these pages. */
import { t } from '../../shared/i18n'

export const bonds = ['aid', 'link', 'team'] as const
export type Bond = (typeof bonds)[number]

export function bondOf(said: unknown): Bond {
  return bonds.find((bond) => bond === said) ?? 'aid'
}

/** 罗德福; a household without a head goes by its number. */
export function headOf(row: { head: string; number: number | null }): string {
  return row.head || t('pairing.no_head', { no: row.number ?? '' })
}

/** 97.6%; of few a share says nothing. */
export function share(part: number, of: number): string {
  return of < 10 ? '' : t('pairing.share', { share: Number(((part / of) * 100).toFixed(1)) })
}
