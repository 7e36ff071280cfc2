/** How far the work has come, for the one place in the header. */
import { computed } from 'vue'
import { useQuery, useSession } from '../../ipc'
import { briefSentence } from './words'

export function useBrief(isOpen: () => boolean) {
  const { session } = useSession()
  const { data } = useQuery('exchange_brief', () => (isOpen() ? {} : undefined))
  const sentence = computed(() => (data.value ? briefSentence(data.value, session.value?.today ?? '') : ''))
  return { data, sentence }
}
