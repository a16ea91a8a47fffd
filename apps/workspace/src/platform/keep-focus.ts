/** A button that waits is disabled, and so loses the focus: it gets it back as soon as it can be pressed again. */
export function keepFocus(): void {
  let last: EventTarget | null = null
  addEventListener('pointerdown', () => (last = null), true)
  addEventListener('focusin', ({ target }) => (last = target))
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const waits = target !== last || (target as HTMLButtonElement).disabled
      if (!waits && document.activeElement === document.body) (target as HTMLButtonElement).focus()
    }
  }).observe(document, { subtree: true, attributeFilter: ['disabled'] })
}
