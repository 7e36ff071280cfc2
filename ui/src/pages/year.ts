/** The year a page looks at: of its address, else this one; and the years one may choose. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from '../ipc'
import { t } from '../shared/i18n'

/** So many years back are offered. */
const BACK = 5

export function useYear() {
  const route = useRoute()
  const router = useRouter()
  const { session } = useSession()
  const now = computed(() => Number((session.value?.today ?? '').slice(0, 4)) || new Date().getFullYear())
  const year = computed<string>({
    get: () => (/^\d{4}$/.test(String(route.query.year)) ? String(route.query.year) : String(now.value)),
    set: (chosen) => void router.replace({ path: route.path, query: { ...route.query, year: chosen } }),
  })
  const options = computed(() => {
    const years = new Set([Number(year.value), ...Array.from({ length: BACK + 1 }, (_, i) => now.value - i)])
    return [...years].sort((a, b) => b - a).map((n) => ({ value: String(n), label: t('member.year_n', { n }) }))
  })
  return { year, options }
}
