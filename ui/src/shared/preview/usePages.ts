/** Pages of a paper as pictures the browser can show, fetched one at a time and let go with the paper. */
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { call } from '../../ipc'
import { problemOf } from '../../ipc/problem'
import type { Preview, Problem } from '../../ipc'

export interface Picture {
  url: string
  width: number
  height: number
}

export interface Pages {
  /** The page that is asked for, from 1. */
  n: Ref<number>
  picture: ShallowRef<Picture | undefined>
  problem: Ref<Problem | undefined>
}

/** `stale` is called when the program has let the paper go: ask for it anew. */
export function usePages(preview: MaybeRefOrGetter<Preview | undefined>, stale: () => void): Pages {
  const n = ref(1)
  const picture = shallowRef<Picture>()
  const problem = ref<Problem>()
  const kept = new Map<number, Picture>()
  let key = ''

  function letGo() {
    for (const { url } of kept.values()) URL.revokeObjectURL(url)
    kept.clear()
  }

  async function fetchPage(of: string, page: number): Promise<Picture> {
    const { svg, width, height } = await call('page_image', { key: of, n: page })
    return { url: URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })), width, height }
  }

  async function show(paper: Preview) {
    const wanted = n.value
    try {
      const found = kept.get(wanted) ?? (await fetchPage(paper.key, wanted))
      if (paper.key !== key) return URL.revokeObjectURL(found.url)
      kept.set(wanted, found)
      if (wanted === n.value) picture.value = found
      problem.value = undefined
    } catch (error) {
      if (paper.key !== key) return
      const now = problemOf(error)
      if (now.is === 'refusal' && now.code === 'no_such_file') stale()
      else problem.value = now
    }
  }

  watch(
    [() => toValue(preview), n],
    ([paper]) => {
      if (!paper) return
      if (paper.key !== key) {
        letGo()
        key = paper.key
        n.value = Math.min(n.value, Math.max(1, paper.pages))
      }
      void show(paper)
    },
    { immediate: true },
  )
  onScopeDispose(letGo)
  return { n, picture, problem }
}
