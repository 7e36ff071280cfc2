/** Puts the catalogues of the shell, the features and the ledger's refusals together. */
import type { Tree } from './i18n'

/** `{"refusal.busy": "…"}` → `{"refusal": {"busy": "…"}}` */
export function unflatten(flat: Record<string, string>): Tree {
  const tree: Tree = {}
  for (const [key, text] of Object.entries(flat)) {
    const path = key.split('.')
    const last = path.pop() ?? key
    let at = tree
    for (const part of path) at = branch(at, part)
    at[last] = text
  }
  return tree
}

function branch(tree: Tree, key: string): Tree {
  const there = tree[key]
  if (typeof there === 'object') return there
  const fresh: Tree = {}
  tree[key] = fresh
  return fresh
}

export function merge(...trees: Tree[]): Tree {
  const all: Tree = {}
  for (const tree of trees) graft(all, tree)
  return all
}

function graft(onto: Tree, tree: Tree): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') onto[key] = value
    else graft(branch(onto, key), value)
  }
}
