/** What tests of several laptops do with them: speak with the township, wait for long work, find a place that is free. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { ask } from './host.mjs'

/** Waits for the end of a job, and gives what came of it. */
export async function ended(host, job, result) {
  for (;;) {
    const now = await ask(host, 'job_look', { job })
    if (now.problem !== null) throw new Error(`${result}: ${JSON.stringify(now.problem)}`)
    if (now.ended) return ask(host, result, { job })
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** Speaks with the township as the button does, and waits for its end. */
export async function exchange(host) {
  const { job } = await ask(host, 'exchange_try')
  return ended(host, job, 'exchange_tried')
}

/** Joins the township by a code, and tells it all there is. */
export async function enter(host, code, who) {
  const { job } = await ask(host, 'exchange_enter', { code, who })
  const told = await ended(host, job, 'exchange_entered')
  await exchange(host)
  return told
}

/** A place on this computer where nobody listens to datagrams. */
export async function freeEars() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise((done) => socket.close(done))
  return `127.0.0.1:${port}`
}
