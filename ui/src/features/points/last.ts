/** What was chosen for the last household: an evening's entries share their item, their raters and their day. */
export const lastTyped = { item: '', raters: '', on: '' }
