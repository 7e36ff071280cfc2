/** A PostgreSQL of our own in a folder of its own, for as long as a run lasts. */
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { newFolder } from './host.mjs'

const debian = '/usr/lib/postgresql'

/** The newest one's programs; none where it is not installed. */
function programs() {
  const versions = existsSync(debian) ? readdirSync(debian) : []
  const found = versions.map((version) => join(debian, version, 'bin')).filter((bin) => existsSync(join(bin, 'initdb')))
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
}

const number = (...of) => Number(execFileSync('id', of, { encoding: 'utf8' }))

/** It refuses to be root: then it is the user that its package made. */
function owner() {
  return number('-u') === 0 ? { uid: number('-u', 'postgres'), gid: number('-g', 'postgres') } : {}
}

export const missing = programs() === undefined && 'PostgreSQL is not installed here (Debian: apt-get install postgresql)'

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

/** One that does not wait for the disk, with an empty database; its `url`, and `stop()`. */
export async function startPostgres() {
  const bin = programs()
  const folder = newFolder()
  const as = { ...owner(), cwd: folder, stdio: 'ignore' }
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const port = await freePort()
  execFileSync(join(bin, 'initdb'), ['--auth=trust', '--username=owner', '--encoding=UTF8', '--no-sync', '-D', data], as)
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c log_min_messages=fatal`
  const control = (...args) => execFileSync(join(bin, 'pg_ctl'), ['-D', data, '-w', ...args], as)
  control('start', '-o', options, '-l', join(data, 'log'))
  const stop = () => control('stop', '-m', 'immediate')
  let runs = true
  const end = () => runs && ((runs = false), stop())
  process.on('exit', end)
  execFileSync(join(bin, 'createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'owner', 'township'], as)
  return { url: `postgres://owner@127.0.0.1:${port}/township`, stop: end }
}
