// A video is asked for when somebody presses its link, not before. Without this the link leads to it.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-player]')
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const isFile = link.dataset.kind === 'file'
  const player = document.createElement(isFile ? 'video' : 'iframe')
  const title = link.textContent.trim()
  if (isFile) Object.assign(player, { controls: true, autoplay: true, tabIndex: 0, ariaLabel: title })
  // Players refuse to play for a page that they do not know; they learn its host and no more.
  else
    Object.assign(player, { title, allow: 'autoplay; fullscreen; picture-in-picture', referrerPolicy: 'strict-origin' })
  player.src = link.dataset.player
  link.replaceWith(player)
  player.focus()
})
