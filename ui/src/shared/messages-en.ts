import { merge, unflatten } from './catalogue'
import type { Tree } from './i18n'

const own = import.meta.glob<Tree>(['../locales/en.json', '../features/*/locales/en.json'], { eager: true, import: 'default' })

/** The ledger's own sentences come in a piece of their own, beside the pages'. */
export async function english(): Promise<Tree> {
  const ledger = await import('../../../assets/text/en.json')
  return merge(unflatten(ledger.default), ...Object.values(own))
}
