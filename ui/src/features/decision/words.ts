/** Procedures by which a village decides. */
export const PROCEDURES = ['open4', 'five'] as const
export type Procedure = (typeof PROCEDURES)[number]
