/** What the steps of procedures are called. */
import table from '../../../assets/procedures.json'
import { currentLang } from './i18n'

const steps = new Map(table.procedures.flatMap((procedure) => procedure.steps.map((step) => [step.id, step] as const)))

/** The name of a step; one that this release does not know shows as itself. */
export function stepWord(id: string): string {
  const step = steps.get(id)
  return step ? (currentLang() === 'zh-CN' ? step.zh : step.en) : id
}
