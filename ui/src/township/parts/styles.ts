/** The page's own colours and sizes, for drawings: large type and high contrast reach into them. */
export interface Styles {
  ink: string
  ink2: string
  act: string
  hairline: string
  font: string
  size: number
}

export function styles(): Styles {
  const root = getComputedStyle(document.documentElement)
  const token = (name: string) => root.getPropertyValue(name).trim()
  const rem = Number.parseFloat(root.fontSize)
  return { ink: token('--ink'), ink2: token('--ink2'), act: token('--act'), hairline: token('--hairline'), font: token('--screen-font'), size: rem }
}
