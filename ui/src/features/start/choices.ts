/** The ways to begin, in the order in which they stand. */
export const CHOICES = ['new', 'excel', 'open', 'join', 'sample'] as const
export type Choice = (typeof CHOICES)[number]
