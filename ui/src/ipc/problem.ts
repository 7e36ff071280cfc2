/**
 * What went wrong, in words. The sentences of refusals stand in the catalogue that the command line uses too; a code
 * without one does not compile.
 */
import type chinese from '../../../assets/text/zh-CN.json'
import { hasWords, t } from '../shared/i18n'
import { stepWord } from '../shared/steps'
import type { Code, Problem } from './types'

type Sentenced = Code extends infer C extends string ? (`refusal.${C}` extends keyof typeof chinese ? C : never) : never

/** The key of a refusal's sentence; takes only codes that have one. */
function sentenceOf(code: Sentenced): string {
  return `refusal.${code}`
}

export function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'is' in error
}

/** Anything a command may have thrown; what is no problem of ours (a lost server) is told as a fault. */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error
  console.error(error)
  return { is: 'fault', log: '—' }
}

/** The trade's word for a kind or a field; the name itself where there is none. */
export function wordOf(name: string): string {
  return hasWords(`word.${name}`) ? t(`word.${name}`) : name
}

/** What a step of the history did. */
export function opOf(name: string): string {
  return hasWords(`op.${name}`) ? t(`op.${name}`) : name
}

export function findingText(rule: string, details: Record<string, string>): string {
  return hasWords(`finding.${rule}`) ? t(`finding.${rule}`, worded(details)) : rule
}

/** The places of a sentence that hold names of kinds and fields, not what a person typed. */
const NAMED = ['kind', 'field', 'target', 'duty', 'what']
/** And those that hold steps of a procedure. */
const STEPS = ['step', 'of', 'later']

function worded(details: Record<string, string>): Record<string, string> {
  const word = (name: string, value: string) => (NAMED.includes(name) ? wordOf(value) : STEPS.includes(name) ? stepWord(value) : name === 'role' && hasWords(`role.${value}`) ? t(`role.${value}`) : value)
  const named = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, word(name, value)]))
  return details.lack === undefined ? named : { ...named, lack: lackText(details.lack, details) }
}

/** What a step lacks to be passed. */
export function lackText(lack: string, details: Record<string, string>): string {
  return t(`lack.${lack}`, { ...details, ...(details.of === undefined ? {} : { of: stepWord(details.of) }) })
}

/** Why a workbook cannot be read. What the sentence names may have words of its own: a part of the file, a trick in it. */
function unreadable(details: Record<string, string>): string {
  const worded = Object.entries(details).map(([name, value]) => {
    const key = `unreadable_${name}.${value}`
    return [name, hasWords(key) ? t(key, details) : value]
  })
  return t(`unreadable.${details.why}`, Object.fromEntries(worded))
}

export function problemText(problem: Problem): string {
  if (problem.is === 'fault') return t('window.fault', { log: problem.log })
  if (problem.code === 'workbook_unreadable') return t(sentenceOf(problem.code), { ...problem.details, why: unreadable(problem.details) })
  return t(sentenceOf(problem.code), worded(problem.details))
}
