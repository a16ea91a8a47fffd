// While somebody writes what happened: what may answer it, below their words. Without it the form asks once, when sent.
{
  const text = document.getElementById('message')
  const place = document.getElementById('fits')
  const said = document.getElementById('fits-said')
  const { form } = text
  const pauseMs = 150
  let timer
  let asked
  let running

  const show = (markup) => {
    if (place.innerHTML === markup) return
    place.innerHTML = markup
    place.hidden = markup === ''
    said.textContent = place.firstElementChild?.dataset.said ?? ''
    // Who has seen them is not shown them once more.
    if (markup !== '') form.elements.looked.value = 'yes'
  }

  const look = async () => {
    const message = text.value.trim()
    if (message === asked) return
    asked = message
    running?.abort()
    running = new AbortController()
    // What the forms of the page carry along goes with it.
    const body = new URLSearchParams(new FormData(document.getElementById('solved')))
    body.set('message', message.slice(0, 1000))
    try {
      const reply = await fetch('/requests/suggestions', { method: 'POST', body, signal: running.signal })
      if (reply.ok) show(await reply.text())
    } catch {
      // Nothing is shown, and nothing is lost.
    }
  }

  text.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(look, pauseMs)
  })
}
