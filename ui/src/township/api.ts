/** The one door to the township's server. Nothing else in the page asks it. */

/** Why an ask has no answer. Each has its sentence, `town.trouble.<is>`; a refusal's stands in the catalogue of the server. */
export type Trouble =
  | { is: 'signed_out' | 'forbidden' | 'gone' | 'busy' | 'offline' | 'too_large' | 'fault' }
  | { is: 'slow'; seconds: number }
  | { is: 'refused'; code: string; details: Record<string, string> }

/** The session's own word: without it a write of another page in this browser is not heard. */
let csrf = ''

export function speakAs(word: string): void {
  csrf = word
}

const TELLING: Record<number, 'signed_out' | 'forbidden' | 'gone' | 'too_large' | 'busy'> = {
  401: 'signed_out',
  403: 'forbidden',
  404: 'gone',
  413: 'too_large',
  503: 'busy',
}

async function troubleOf(response: Response): Promise<Trouble> {
  if (response.status === 429) return { is: 'slow', seconds: Number(response.headers.get('retry-after')) || 30 }
  if (response.status === 422) {
    const said = (await response.json().catch(() => ({}))) as { code?: string; details?: Record<string, string> }
    return { is: 'refused', code: said.code ?? '', details: said.details ?? {} }
  }
  return { is: TELLING[response.status] ?? 'fault' }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...init, credentials: 'same-origin' }).catch((): never => {
    throw { is: 'offline' } satisfies Trouble
  })
  if (!response.ok) throw await troubleOf(response)
  return response
}

export type Query = Record<string, string | undefined>

export function address(name: string, query: Query = {}): string {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const words = new URLSearchParams(said).toString()
  return `page/${name}${words ? `?${words}` : ''}`
}

export async function get<T>(name: string, query: Query = {}): Promise<T> {
  return (await ask(address(name, query), {})).json() as Promise<T>
}

export async function post<T>(name: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json', 'x-lianhu-page': csrf }
  return (await ask(address(name), { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<T>
}

export async function sendFile<T>(name: string, file: Blob): Promise<T> {
  const headers = { 'content-type': 'application/octet-stream', 'x-lianhu-page': csrf }
  return (await ask(address(name), { method: 'POST', headers, body: file })).json() as Promise<T>
}

/** Fetches a paper and hands it to the browser under that name. */
export async function download(path: string, called: string): Promise<void> {
  handOut(await (await ask(path, {})).blob(), called)
}

export function handOut(file: Blob, called: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = called
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

export function isTrouble(error: unknown): error is Trouble {
  return typeof error === 'object' && error !== null && 'is' in error
}
