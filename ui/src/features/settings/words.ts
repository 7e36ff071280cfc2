/** Times, sizes and names of files, as this page says them. */
import { t } from '../../shared/i18n'

export { clock as clockTime } from '../../shared/format'

export function megabytes(bytes: number): string {
  return t('settings.megabytes', { n: (bytes / 1_048_576).toFixed(1) })
}

export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path
}
