/** How a table is described to DataTable. */

export type Column<K extends string = string> = {
  /** Also the name of the slot that draws the cell. */
  key: K
  label: string
  /** Width in rem; columns without one share what is left. */
  width?: number
  number?: boolean
  sortable?: boolean
  /** Left out in large type and in narrow windows. */
  minor?: boolean
}

export type Sort = { key: string; down: boolean }
