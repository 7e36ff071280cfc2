/** A form: what was typed, what is wrong with it, and where the focus goes when it cannot be saved. */
import { computed, nextTick, reactive, ref, toRaw, useTemplateRef, watch, type Reactive } from 'vue'
import { focusField } from './useFocus'

export type FieldError = { field: string; text: string }
/** The part of a refusal that names a field. */
export type Refused = { details?: Record<string, string> }

/**
 * `initial` gives the form as it opens. Put `ref="form"` on the form element and
 * `ref="summary"` on its ErrorSummary.
 * No variable of the component's own may be called `form` or `summary`: Vue would put the element in its place.
 */
export function useForm<V extends object>(initial: () => V) {
  const values = reactive(initial()) as Reactive<V>
  const before = ref(JSON.stringify(values))
  const errors = reactive<Record<string, string>>({})
  const form = useTemplateRef<HTMLElement>('form')
  const summary = useTemplateRef<{ focus: () => void }>('summary')

  const dirty = computed(() => JSON.stringify(values) !== before.value)
  const problems = computed<FieldError[]>(() => Object.entries(errors).map(([field, text]) => ({ field, text })))

  /** What is being mended is no longer called wrong. */
  watch(
    () => ({ ...values }) as Record<string, unknown>,
    (now, then) => Object.keys(errors).forEach((name) => name in now && now[name] !== then[name] && clear(name)),
  )

  function clear(field?: string) {
    for (const name of field === undefined ? Object.keys(errors) : [field]) delete errors[name]
  }

  /** Starts over: from `initial`, or from `next`. */
  function reset(next: V = initial()) {
    Object.assign(values, next)
    before.value = JSON.stringify(values)
    clear()
  }

  /** What is typed now counts as saved. */
  function settled() {
    before.value = JSON.stringify(values)
    clear()
  }

  /** Shows these errors. One takes the focus to its field, two or more to the summary. */
  async function fail(found: Record<string, string | undefined>) {
    clear()
    for (const [field, text] of Object.entries(found)) if (text) errors[field] = text
    await nextTick()
    const names = Object.keys(errors)
    if (names.length > 1 && summary.value) summary.value.focus()
    else if (names[0] !== undefined) focusField(names[0], form.value ?? document)
  }

  /** Runs a page's own checks; true when the form may be saved. */
  function passes(found: Record<string, string | undefined>): boolean {
    const wrong = Object.values(found).some(Boolean)
    if (wrong) void fail(found)
    else clear()
    return !wrong
  }

  /** Puts a refusal's sentence on the field it names; false when no field of this form is meant. */
  function refuse(refused: Refused, text: string, names: Record<string, string> = {}): boolean {
    const said = refused.details?.field
    const field = said === undefined ? undefined : (names[said] ?? said)
    if (field === undefined || !(field in toRaw(values))) return false
    void fail({ [field]: text })
    return true
  }

  return { values, errors, problems, dirty, fail, passes, refuse, clear, reset, settled }
}
