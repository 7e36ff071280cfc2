/** The options that fit what was typed: from a given list, or asked for. A late answer never overwrites a newer one. */
import { ref, shallowRef } from 'vue'
import type { Option } from './option'

/** More than this is no choice but a scroll; typing one more letter is quicker. */
const atMost = 50

export function useOptions(given: () => readonly Option[] | undefined, ask: () => ((typed: string) => Promise<readonly Option[]>) | undefined) {
  const found = shallowRef<readonly Option[]>([])
  const more = ref(0)
  const looking = ref(false)
  let asked = 0

  async function look(typed: string): Promise<void> {
    asked += 1
    const mine = asked
    const search = ask()
    if (!search) return take(matching(given() ?? [], typed))
    looking.value = true
    const answer = await search(typed).catch((): readonly Option[] => [])
    if (mine !== asked) return
    looking.value = false
    take(answer)
  }

  function take(options: readonly Option[]) {
    found.value = options.slice(0, atMost)
    more.value = Math.max(0, options.length - atMost)
  }

  return { found, more, looking, look }
}

function matching(options: readonly Option[], typed: string): readonly Option[] {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return options
  return options.filter((option) => [option.label, option.detail, option.find].some((text) => text?.toLowerCase().includes(wanted)))
}
