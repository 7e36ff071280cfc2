// Every message to the program passes here first. Only plain questions of ours go on; nothing else has a shape the
// program would take, so nothing else leaves this frame.
window.__TAURI_ISOLATION_HOOK__ = (message) => {
  if (typeof message.cmd !== 'string' || !/^[a-z_]+$/.test(message.cmd)) {
    throw new Error('not a command of ours')
  }
  return message
}
