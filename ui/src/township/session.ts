/** Who is signed in, and what every page needs to know. */
import { computed, shallowRef } from 'vue'
import { get, post, speakAs, type Trouble } from './api'
import { troubleOf } from './trouble'
import type { Session } from './types'

const session = shallowRef<Session>()
/** Why the server could not even say who is signed in. */
const trouble = shallowRef<Trouble>()

function take(now: Session): void {
  session.value = now
  trouble.value = undefined
  speakAs(now.csrf)
}

async function refresh(): Promise<void> {
  try {
    take(await get<Session>('session'))
  } catch (error) {
    trouble.value = troubleOf(error)
  }
}

export function useSession() {
  const user = computed(() => session.value?.user ?? undefined)
  const isAdmin = computed(() => session.value?.role === 'admin')
  const today = computed(() => session.value?.today ?? '')

  async function signIn(name: string, password: string): Promise<void> {
    take(await post<Session>('sign-in', { name, password }))
  }

  async function signOut(): Promise<void> {
    await post('sign-out', {}).catch(() => undefined)
    await refresh()
  }
  return { session, trouble, user, isAdmin, today, refresh, signIn, signOut }
}

/** The server does not know this session any more: whoever sits here signs in again. */
export function signedOut(): void {
  if (session.value) session.value = { ...session.value, user: null, role: null }
}
