/** While a person is typed in: is the number one, whose is it already, who has the same name. */
import { ref, watch } from 'vue'
import { call, type Namesake, type PersonCheck } from '../../ipc'
import { t } from '../i18n'

/** Nothing is asked for every letter of a number. */
const PAUSE_MS = 200

export function useCheck(typed: () => { name: string; id_number: string; but?: string }) {
  const check = ref<PersonCheck>()
  let latest = 0

  watch(() => JSON.stringify(typed()), (_now, _before, onCleanup) => {
    const mine = (latest += 1)
    const timer = setTimeout(async () => {
      const { name, id_number, but } = typed()
      // A masked number is the one that stands: there is nothing to check.
      const number = id_number.includes('*') ? '' : id_number
      const asked = name.trim() || number.trim() ? await call('person_check', { name, id_number: number, ...(but ? { but } : {}) }) : undefined
      if (mine === latest) check.value = asked
    }, PAUSE_MS)
    onCleanup(() => clearTimeout(timer))
  }, { immediate: true })
  return check
}

/** 第三组 罗德福家 1968年生 — which of two with the same name. */
export function whereabouts(person: Namesake): string {
  const home = person.head ? t('person.home_of', { name: person.head }) : (person.unit ?? '')
  const born = person.born ? t('pick.born', { year: person.born.slice(0, 4) }) : ''
  return [person.group ?? '', home, born].filter(Boolean).join(' ')
}
