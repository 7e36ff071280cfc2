/** How far records have come: those of a kind that have no receipt yet, by id; one record with its receipt. */
import { computed, type ComputedRef, type MaybeRefOrGetter, toValue } from 'vue'
import { useQuery, type Kind, type RecordSent } from '../../ipc'

export function useSentOf(kind: Kind): ComputedRef<ReadonlyMap<string, RecordSent>> {
  const { data } = useQuery('sent_list', { kind })
  return computed(() => new Map((data.value ?? []).map((sent) => [sent.id, sent])))
}

export function useSent(kind: Kind, id: MaybeRefOrGetter<string | undefined>): ComputedRef<RecordSent | undefined> {
  const { data } = useQuery('sent_look', () => {
    const of = toValue(id)
    return of === undefined ? undefined : { kind, id: of }
  })
  return computed(() => data.value ?? undefined)
}
