/** Drafts of a meeting's fields, written one after the other: two writes of one draft would be in each other's way. */
import { call } from '../../ipc'

let last: Promise<unknown> = Promise.resolve()

/** A draft that cannot be kept takes nothing off the screen: saving will say what is wrong with the disk. */
function after(work: () => Promise<unknown>): Promise<void> {
  const mine = last.then(work).then(() => undefined, () => undefined)
  last = mine
  return mine
}

export const putDraft = (key: string, form: unknown): Promise<void> => after(() => call('draft_put', { key, form }))

export const dropDraft = (key: string): Promise<void> => after(() => call('draft_drop', { key }))

export async function findDraft(key: string): Promise<unknown> {
  await last
  return (await call('draft_get', { key }))?.form
}
