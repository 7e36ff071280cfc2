import { merge, unflatten } from '../shared/catalogue'
import type { Tree } from '../shared/i18n'

const own = import.meta.glob<Tree>(['../locales/en.json', '../features/month/locales/en.json', './locales/en.json'], { eager: true, import: 'default' })

/** The server's own sentences come in a piece of their own, beside the page's. */
export async function english(): Promise<Tree> {
  const ledger = await import('../../../assets/text/en.json')
  return merge(unflatten(ledger.default), ...Object.values(own))
}
