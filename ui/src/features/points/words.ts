/** Points as people read them: +5, -2. */
import type { PointItemLine, PointLine } from '../../ipc'
import { t } from '../../shared/i18n'

export const SORTS = ['gain', 'loss', 'spend'] as const
export type Sort = (typeof SORTS)[number]

export const signed = (points: number): string => (points > 0 ? `+${points}` : points < 0 ? `\u2212${-points}` : '0')
export const itemText = (item: PointItemLine): string => t('points.item_option', { name: item.name, points: signed(item.sort === 'gain' ? item.points : -item.points) })

/** Names as they are typed on one line. */
export const namesOf = (text: string): string[] => text.split(/[\s,;\uFF0C\u3001\uFF1B]+/u).filter(Boolean)

/** How an entry stands: waiting for an answer, taken out by an appeal, or plain. */
export const stateOf = (line: PointLine): 'appealed' | 'upheld' | 'dismissed' | 'plain' =>
  line.appealed_on === null ? 'plain' : line.upheld === null ? 'appealed' : line.upheld ? 'upheld' : 'dismissed'
