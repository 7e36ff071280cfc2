import ledger from '../../../assets/text/en.json'
import { merge, unflatten } from './catalogue'
import type { Tree } from './i18n'

const own = import.meta.glob<Tree>(['../locales/en.json', '../features/*/locales/en.json'], { eager: true, import: 'default' })

export const english = merge(unflatten(ledger), ...Object.values(own))
