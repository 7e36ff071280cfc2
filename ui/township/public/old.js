/* Runs in browsers of any age, before anything else: one that is too old is told so in words, and sees no empty page. */
(function () {
  function modern() {
    try {
      return 'noModule' in document.createElement('script') && window.CSS && CSS.supports('selector(:has(a))')
    } catch (e) {
      return false
    }
  }
  if (modern()) return
  document.documentElement.setAttribute('data-old', '')
  document.attachEvent ? document.attachEvent('onreadystatechange', tell) : document.addEventListener('DOMContentLoaded', tell)
  function tell() {
    var old = document.getElementById('old')
    if (old) old.removeAttribute('hidden')
  }
})()
