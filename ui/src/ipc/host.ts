/**
 * The one door to whatever runs the commands: the window's shell, or a server on this computer that serves the same
 * pages to a browser. Nothing else in the pages knows which it is.
 */
import type { Commands } from './commands'

export interface Host {
  call<K extends keyof Commands>(name: K, ask: Commands[K]['ask']): Promise<Commands[K]['answer']>
  /** Lets the person choose files or a folder; the paths, or none when they thought better of it. */
  pick(what: Pick): Promise<string[]>
  /** Shows a file or folder in the system's own file manager. */
  show(path: string): Promise<void>
  /** Tells a window that its page is alive, and once that all it asked for has come; a server does not ask. */
  beat(settled?: boolean): void
}

export type Pick = 'workbooks' | 'ledger' | 'folder' | 'pictures' | 'backup' | 'package'

interface Shell {
  invoke(name: string, args: Record<string, unknown>): Promise<unknown>
}

/** The window's shell puts this beside the page before any script runs. */
declare global {
  interface Window {
    __TAURI_INTERNALS__?: Shell
  }
}

export function findHost(): Host {
  return window.__TAURI_INTERNALS__ === undefined ? overLoopback() : inWindow(window.__TAURI_INTERNALS__)
}

function inWindow(shell: Shell): Host {
  return {
    call: (name, ask) => shell.invoke(name, { ask }) as Promise<never>,
    pick: (what) => shell.invoke('host_pick', { what }) as Promise<string[]>,
    show: (path) => shell.invoke('host_show', { path }) as Promise<never>,
    beat: (settled = false) =>
      void shell.invoke('host_beat', { inSight: document.visibilityState === 'visible', settled }).catch(() => {}),
  }
}

/** The server gave this page a token in its address; it goes with every question and nowhere else. */
function overLoopback(): Host {
  const token = takeToken()
  const headers = { 'content-type': 'application/json', 'x-lianhu-token': token }
  const post = async (path: string, body: BodyInit): Promise<unknown> => {
    const response = await fetch(path, { method: 'POST', headers, body })
    const answer: unknown = await response.json()
    if (!response.ok) throw answer
    return answer
  }
  return {
    call: (name, ask) => post(`/ipc/${name}`, JSON.stringify(ask)) as Promise<never>,
    pick: (what) => pickInBrowser(what, (file) => post(`/file/${encodeURIComponent(file.name)}`, file)),
    beat: () => {},
    show: async (path) => void (await post('/show', JSON.stringify({ path }))),
  }
}

function takeToken(): string {
  const given = new URLSearchParams(window.location.search).get('token')
  if (given !== null) sessionStorage.setItem('token', given)
  return given ?? sessionStorage.getItem('token') ?? ''
}

/** A browser shows no paths: the files go to the server, which keeps them and says where. */
function pickInBrowser(what: Pick, send: (file: File) => Promise<unknown>): Promise<string[]> {
  if (what === 'folder') return Promise.resolve([])
  return new Promise((resolve, reject) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = what === 'workbooks' || what === 'pictures'
    input.addEventListener('cancel', () => resolve([]))
    input.addEventListener('change', () => {
      Promise.all(Array.from(input.files ?? [], send)).then((paths) => resolve(paths.map(String)), reject)
    })
    input.click()
  })
}
