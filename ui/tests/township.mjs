/** A township of a test: the real server program on a port of this computer, started and ended at will. */
import { execFileSync, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { newFolder } from './host.mjs'

const house = resolve(import.meta.dirname, '../..')
const program = process.env.LIANHU_TOWNSHIP ?? join(house, 'target/debug/lianhu-township')

const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

export class Township {
  data = join(newFolder(), 'township')
  /** The port it got when it was started first: laptops know it by that. */
  port = 0

  constructor(name = '松河镇') {
    this.run('init', '--name', name, '--address', '127.0.0.1:0')
  }

  /** Runs the program once; what it says. */
  run(...args) {
    return execFileSync(program, ['--data', this.data, ...args], { encoding: 'utf8' })
  }

  start() {
    const child = spawn(program, ['--data', this.data, 'serve', '--listen', `127.0.0.1:${this.port}`], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.child = child
    running.add(child)
    child.unref()
    return new Promise((found, failed) => {
      child.once('exit', (code) => failed(new Error(`the township ended with ${code}`)))
      let said = ''
      child.stdout.on('data', (bytes) => {
        said += bytes
        const port = /https:\/\/\S+?:(\d+)/.exec(said)?.[1]
        if (port === undefined) return
        this.port = Number(port)
        child.stdout.unref()
        found(this)
      })
    })
  }

  stop() {
    const child = this.child
    if (child === undefined) return Promise.resolve()
    this.child = undefined
    running.delete(child)
    child.ref()
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    return ended
  }

  /** A code for one more computer of a village. */
  code(village, role = 'secretary') {
    return JSON.parse(this.run('enrol', village, '--role', role, '--address', `127.0.0.1:${this.port}`, '--json')).code
  }

  devices(village) {
    return JSON.parse(this.run('devices', village, '--json'))
  }
}
