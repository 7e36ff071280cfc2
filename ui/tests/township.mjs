/** A township of a test that laptops know by its port: started and ended at will, always on the same one. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from './host.mjs'
import { serve, town } from './town.mjs'

export class Township {
  data = join(newFolder(), 'township')
  /** The port it got when it was started first. */
  port = 0

  /** `store`: a database for the villages instead of the township's own folder. */
  constructor(name = '松河镇', store = []) {
    this.store = store
    this.run('init', '--name', name, '--address', '127.0.0.1:0')
  }

  get url() {
    return `https://127.0.0.1:${this.port}/`
  }

  /** Runs the program once; what it says. */
  run(...args) {
    return town(this.data, ...this.store, ...args)
  }

  async start() {
    this.serving = await serve(this.data, `127.0.0.1:${this.port}`, this.store)
    this.port = Number(new URL(this.serving.url).port)
    return this
  }

  async stop() {
    const serving = this.serving
    this.serving = undefined
    await serving?.stop()
  }

  /** Who may sign in at its page. */
  user(name, password) {
    const file = join(newFolder(), 'password')
    writeFileSync(file, `${password}\n`)
    this.run('user', 'add', name, '--password-file', file)
  }

  /** A code for one more computer of a village. */
  code(village, role = 'secretary') {
    return JSON.parse(this.run('enrol', village, '--role', role, '--address', `127.0.0.1:${this.port}`, '--json')).code
  }

  devices(village) {
    return JSON.parse(this.run('devices', village, '--json'))
  }
}
