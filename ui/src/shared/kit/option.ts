/** One thing to choose: its name, what tells it from its namesakes, and words it is also found by. */
export type Option = { value: string; label: string; detail?: string; find?: string }
