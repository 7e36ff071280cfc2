/** The columns of a roll-up by their part of the report: all of them side by side would not fit any screen. */
export const groups = ['roll', 'assembly', 'aid', 'links', 'entry'] as const
export type Group = (typeof groups)[number]

export const groupOf = (column: string) => column.split('.')[0]

/** Columns that are so many of so many. */
export const rated = ['assembly.satisfaction', 'assembly.answered', 'aid.visited', 'aid.all_three', 'links.visited']
