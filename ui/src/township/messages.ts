import ledger from '../../../assets/text/zh-CN.json'
import { merge, unflatten } from '../shared/catalogue'
import type { Tree } from '../shared/i18n'

const own = import.meta.glob<Tree>(['../locales/zh-CN.json', '../features/month/locales/zh-CN.json', './locales/zh-CN.json'], { eager: true, import: 'default' })

export const builtIn = merge(unflatten(ledger), ...Object.values(own))
