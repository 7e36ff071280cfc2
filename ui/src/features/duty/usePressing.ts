/** The count beside 本月工作 in the nav, on every page: duties that are late or near. */
import { watch } from 'vue'
import { useQuery } from '../../ipc'
import { useShell } from '../../shared/useShell'

export function usePressing(isOpen: () => boolean): void {
  const { setBadge } = useShell()
  const { data } = useQuery('home_pressing', () => (isOpen() ? {} : undefined))
  watch(data, (pressing) => setBadge('/', pressing?.n ?? 0))
}
