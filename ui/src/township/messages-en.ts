import ledger from '../../../assets/text/en.json'
import { merge, unflatten } from '../shared/catalogue'
import type { Tree } from '../shared/i18n'

const own = import.meta.glob<Tree>(['../locales/en.json', '../features/month/locales/en.json', './locales/en.json'], { eager: true, import: 'default' })

export const english = merge(unflatten(ledger), ...Object.values(own))
