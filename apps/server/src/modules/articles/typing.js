// While somebody types a question: what may answer it, below the box. Without it the form asks once, when sent.
{
  const form = document.querySelector('form.search')
  const input = form.elements.q
  const place = form.appendChild(document.createElement('div'))
  const said = form.appendChild(document.createElement('p'))
  const pauseMs = 40
  const leastLetters = 3
  let timer
  let asked = input.value.trim()
  let running
  let at = -1

  const describe = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  }
  describe(said, { class: 'visually-hidden', role: 'status' })
  describe(input, { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': 'found', 'aria-expanded': 'false' })

  const options = () => [...place.querySelectorAll('[role=option]')]
  const choose = (next) => {
    at = next
    options().forEach((option, n) => option.setAttribute('aria-selected', String(n === at)))
    const chosen = options()[at]
    if (chosen) input.setAttribute('aria-activedescendant', chosen.id)
    else input.removeAttribute('aria-activedescendant')
    chosen?.scrollIntoView({ block: 'nearest' })
  }
  const open = (isOpen) => {
    place.hidden = !isOpen
    input.setAttribute('aria-expanded', String(isOpen))
    choose(-1)
  }

  // The number of the episode goes on in what is sent.
  const carry = (link) => {
    const number = link && new URL(link.href).searchParams.get('e')
    if (!number || form.elements.e) return
    const field = form.appendChild(document.createElement('input'))
    Object.assign(field, { type: 'hidden', name: 'e', value: number })
  }
  const show = (markup) => {
    place.innerHTML = markup
    said.textContent = place.firstElementChild?.dataset.said ?? ''
    carry(options()[0])
    open(markup !== '' && document.activeElement === input)
  }

  const look = async () => {
    const text = input.value.trim()
    if (text === asked) return
    asked = text
    running?.abort()
    if (text.length < leastLetters) return show('')
    running = new AbortController()
    try {
      const query = new URLSearchParams(new FormData(form))
      const reply = await fetch(`/help/search/typed?${query}`, { signal: running.signal })
      if (reply.ok) show(await reply.text())
    } catch {
      // Nothing is shown, and nothing is lost.
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(look, pauseMs)
  })
  input.addEventListener('keydown', (event) => {
    const count = options().length
    if (event.isComposing || count === 0) return
    const isOpen = !place.hidden
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!isOpen) open(true)
      // Beside the options, what was typed has a place of its own.
      const places = count + 1
      choose(((at + 1 + (event.key === 'ArrowDown' ? 1 : places - 1)) % places) - 1)
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault()
      open(false)
    } else if (event.key === 'Enter' && isOpen && at >= 0) {
      event.preventDefault()
      options()[at].click()
    }
  })
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!form.contains(relatedTarget)) open(false)
  })
}
