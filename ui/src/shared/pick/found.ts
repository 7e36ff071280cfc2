/** People and households as a list of choices shows them. */
import { call, type Found } from '../../ipc'
import { t } from '../i18n'
import type { Option } from '../kit/option'

/** As many as a list can be looked through. */
const AT_MOST = 20

/** 何桂兰 · 第一组 12号 — enough to tell two of the same name apart. */
export function householdOption(found: Found): Option {
  return { value: found.household ?? '', label: found.head_name ?? found.name, detail: placeOf(found) }
}

export function personOption(found: Found): Option {
  const told = found.household === null ? (found.unit ?? '') : [placeOf(found), bornOf(found)].filter(Boolean).join(' · ')
  return { value: found.person, label: found.name, detail: told }
}

function placeOf(found: Found): string {
  const number = found.number === null ? '' : t('pick.number', { n: found.number })
  return [found.group ?? '', number].filter(Boolean).join(' ')
}

function bornOf(found: Found): string {
  return found.born === null ? '' : t('pick.born', { year: found.born.slice(0, 4) })
}

export async function findHouseholds(text: string): Promise<Option[]> {
  const found = await call('find', { text, among: 'households', limit: AT_MOST })
  return found.map(householdOption)
}

export async function findPeople(text: string, among: 'everyone' | 'visitors'): Promise<Option[]> {
  return (await call('find', { text, among, limit: AT_MOST })).map(personOption)
}
